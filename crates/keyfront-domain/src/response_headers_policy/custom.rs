//! Headers that a policy adds with a value of its own, and headers that it removes.

use keyfront_error::{Code, ServiceError};
use serde::Deserialize;

use super::cors::not_allowed;
use crate::counted::more_than;
use crate::{Counted, name};

/// Most characters of a custom header's name (AWS: Quotas on headers).
const MAX_NAME: usize = 256;

/// Most characters of a custom header's value (AWS: Quotas on headers).
const MAX_VALUE: usize = 1783;

/// Most characters of all names and values of custom headers together (AWS: Quotas on headers).
const MAX_TOTAL: usize = 10_240;

/// Headers that no policy can remove (AWS: Headers that you can't remove). Those that begin in these ways are beside them.
const KEPT: [&str; 31] = [
    "connection",
    "content-encoding",
    "content-length",
    "expect",
    "host",
    "keep-alive",
    "proxy-authenticate",
    "proxy-authorization",
    "proxy-connection",
    "trailer",
    "transfer-encoding",
    "upgrade",
    "via",
    "warning",
    "x-accel-buffering",
    "x-accel-charset",
    "x-accel-limit-rate",
    "x-accel-redirect",
    "x-amzn-auth",
    "x-amzn-cf-billing",
    "x-amzn-cf-id",
    "x-amzn-cf-xff",
    "x-amzn-errortype",
    "x-amzn-fle-profile",
    "x-amzn-header-count",
    "x-amzn-header-order",
    "x-amzn-lambda-integration-tag",
    "x-amzn-requestid",
    "x-cache",
    "x-forwarded-proto",
    "x-real-ip",
];

/// How names of headers begin that no policy can remove.
const KEPT_PREFIXES: [&str; 2] = ["x-amz-cf-", "x-edge-"];

/// `ResponseHeadersPolicyCustomHeader`, by the model's names.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "PascalCase")]
pub struct CustomHeader {
    /// Its name.
    pub header: String,
    /// Its value, which may be empty.
    pub value: String,
    /// Whether it replaces the origin's.
    #[serde(rename = "Override", default)]
    pub overrides: bool,
}

/// `ResponseHeadersPolicyRemoveHeader`, by the model's names.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "PascalCase")]
pub struct RemoveHeader {
    /// Its name.
    pub header: String,
}

pub(super) fn check_added(headers: &Counted<CustomHeader>, limit: u64) -> Result<(), ServiceError> {
    headers.check()?;
    if more_than(headers.items.len(), limit) {
        return Err(ServiceError::new(
            Code::TooManyCustomHeadersInResponseHeadersPolicy,
            "The number of custom headers in the response headers policy exceeds the maximum. For more information, \
             see Quotas (formerly known as limits) in the Amazon CloudFront Developer Guide.",
        ));
    }
    let mut total = 0;
    for CustomHeader { header, value, .. } in &headers.items {
        check_name(header)?;
        name::check_length("Value", value, 0..=MAX_VALUE)?;
        if value.contains(|c: char| c.is_control() && c != '\t') {
            return Err(ServiceError::invalid("Value"));
        }
        total += header.chars().count() + value.chars().count();
    }
    if total > MAX_TOTAL { Err(ServiceError::too_big("CustomHeadersConfig")) } else { Ok(()) }
}

pub(super) fn check_removed(headers: &Counted<RemoveHeader>, limit: u64) -> Result<(), ServiceError> {
    headers.check()?;
    if more_than(headers.items.len(), limit) {
        return Err(ServiceError::new(
            Code::TooManyRemoveHeadersInResponseHeadersPolicy,
            "The number of headers in RemoveHeadersConfig in the response headers policy exceeds the maximum. For more \
             information, see Quotas (formerly known as limits) in the Amazon CloudFront Developer Guide.",
        ));
    }
    for RemoveHeader { header } in &headers.items {
        check_name(header)?;
        let name = header.to_ascii_lowercase();
        if KEPT.contains(&name.as_str()) || KEPT_PREFIXES.iter().any(|prefix| name.starts_with(prefix)) {
            return Err(not_allowed("RemoveHeadersConfig", header));
        }
    }
    Ok(())
}

/// Refuses what HTTP cannot have as the name of a header.
fn check_name(header: &str) -> Result<(), ServiceError> {
    name::check_length("Header", header, 1..=MAX_NAME)?;
    if name::is_header_name(header) { Ok(()) } else { Err(ServiceError::invalid("Header")) }
}

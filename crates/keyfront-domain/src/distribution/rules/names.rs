//! Names of hosts and headers.

use std::net::IpAddr;

use keyfront_error::{Code, ServiceError};

use crate::name::is_domain_name;
pub(super) use crate::name::is_header_name;

/// Refuses a host that no origin can have.
pub(super) fn check_host(host: &str) -> Result<(), ServiceError> {
    let text = if host.contains(':') {
        "The parameter origin name cannot contain a colon."
    } else if host.parse::<IpAddr>().is_ok() {
        "The parameter origin name cannot be an IP address"
    } else if !is_domain_name(host) {
        "The parameter origin name must be a domain name."
    } else {
        return Ok(());
    };
    Err(ServiceError::new(Code::InvalidArgument, text))
}

/// Headers that CloudFront adds to no request of its own (AWS: Custom headers that CloudFront can't add to origin
/// requests).
pub(super) fn is_forbidden_for_origins(name: &str) -> bool {
    const FORBIDDEN: [&str; 23] = [
        "cache-control",
        "connection",
        "content-length",
        "cookie",
        "host",
        "if-match",
        "if-modified-since",
        "if-none-match",
        "if-range",
        "if-unmodified-since",
        "max-forwards",
        "pragma",
        "proxy-authenticate",
        "proxy-authorization",
        "proxy-connection",
        "range",
        "request-range",
        "te",
        "trailer",
        "transfer-encoding",
        "upgrade",
        "via",
        "x-real-ip",
    ];
    let name = name.to_ascii_lowercase();
    FORBIDDEN.contains(&name.as_str()) || name.starts_with("x-amz-") || name.starts_with("x-edge-")
}

/// Headers that cannot be in the cache key of forwarded values (AWS: HTTP request headers and CloudFront behavior).
pub(super) fn is_forbidden_in_key(name: &str) -> bool {
    const FORBIDDEN: [&str; 17] = [
        "cache-control",
        "connection",
        "content-length",
        "cookie",
        "max-forwards",
        "pragma",
        "proxy-authenticate",
        "proxy-authorization",
        "proxy-connection",
        "request-range",
        "te",
        "trailer",
        "transfer-encoding",
        "x-amz-cf-id",
        "x-amz-content-sha256",
        "x-forwarded-proto",
        "x-real-ip",
    ];
    let name = name.to_ascii_lowercase();
    FORBIDDEN.contains(&name.as_str()) || name.starts_with("x-edge-")
}

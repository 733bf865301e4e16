//! The configuration of a response headers policy, and what is refused.

use keyfront_error::ServiceError;
use serde::Deserialize;

use super::{CorsConfig, CustomHeader, RemoveHeader, SecurityHeadersConfig, custom};
use crate::{Counted, Quotas, name};

/// Most characters of a name. The service states none for policies; other names have this limit.
const MAX_NAME: usize = 128;

/// Most characters of a comment (AWS: ResponseHeadersPolicyConfig).
const MAX_COMMENT: usize = 128;

/// `ResponseHeadersPolicyConfig`, by the model's names. Sections that are left out stay so.
#[derive(Clone, Debug, PartialEq, Deserialize)]
#[serde(rename_all = "PascalCase")]
pub struct ResponseHeadersPolicyConfig {
    /// Unique among the custom response headers policies of the account.
    pub name: String,
    /// A comment.
    pub comment: Option<String>,
    /// Headers for requests from other origins.
    pub cors_config: Option<CorsConfig>,
    /// Headers with which browsers protect their user.
    pub security_headers_config: Option<SecurityHeadersConfig>,
    /// The header that tells how CloudFront served the response.
    pub server_timing_headers_config: Option<ServerTimingHeadersConfig>,
    /// Headers of the customer's own.
    pub custom_headers_config: Option<Counted<CustomHeader>>,
    /// Headers of the origin that viewers do not get.
    pub remove_headers_config: Option<Counted<RemoveHeader>>,
}

/// `ResponseHeadersPolicyServerTimingHeadersConfig`, by the model's names.
#[derive(Clone, Debug, PartialEq, Deserialize)]
#[serde(rename_all = "PascalCase")]
pub struct ServerTimingHeadersConfig {
    /// Whether responses get the header.
    pub enabled: bool,
    /// Per cent of responses, with at most four decimal places. The model states the bounds.
    pub sampling_rate: Option<f64>,
}

impl ResponseHeadersPolicyConfig {
    /// Refuses what cannot be a response headers policy.
    ///
    /// # Errors
    /// `InvalidArgument`, `InconsistentQuantities`, `TooLongCSPInResponseHeadersPolicy`,
    /// `TooManyCustomHeadersInResponseHeadersPolicy` and `TooManyRemoveHeadersInResponseHeadersPolicy`.
    pub fn check(&self, quotas: &Quotas) -> Result<(), ServiceError> {
        name::check_length("Comment", self.comment.as_deref().unwrap_or_default(), 0..=MAX_COMMENT)?;
        name::check_length("Name", &self.name, 1..=MAX_NAME)?;
        if let Some(cors) = &self.cors_config {
            cors.check()?;
        }
        if let Some(security) = &self.security_headers_config {
            security.check()?;
        }
        if let Some(timing) = &self.server_timing_headers_config {
            timing.check()?;
        }
        if let Some(headers) = &self.custom_headers_config {
            custom::check_added(headers, quotas.custom_headers_per_response_headers_policy)?;
        }
        if let Some(headers) = &self.remove_headers_config {
            custom::check_removed(headers, quotas.remove_headers_per_response_headers_policy)?;
        }
        Ok(())
    }
}

impl ServerTimingHeadersConfig {
    fn check(&self) -> Result<(), ServiceError> {
        let scaled = self.sampling_rate.unwrap_or_default() * 10_000.0;
        // Binary fractions are only near to decimal ones; a fifth decimal place is at least 0.1 away.
        if (scaled - scaled.round()).abs() < 0.01 {
            Ok(())
        } else {
            Err(ServiceError::invalid("SamplingRate"))
        }
    }
}

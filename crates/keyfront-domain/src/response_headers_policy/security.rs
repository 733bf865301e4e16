//! Headers with which browsers protect their user.

use keyfront_error::{Code, ServiceError};
use serde::Deserialize;

/// Most characters of a Content-Security-Policy (AWS: Quotas on headers).
const MAX_CONTENT_SECURITY_POLICY: usize = 1783;

/// `ResponseHeadersPolicySecurityHeadersConfig`, by the model's names. The model requires the flags and knows the values
/// of `X-Frame-Options` and `Referrer-Policy`.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "PascalCase")]
pub struct SecurityHeadersConfig {
    /// X-XSS-Protection.
    #[serde(rename = "XSSProtection")]
    pub xss_protection: Option<XssProtection>,
    /// X-Frame-Options.
    pub frame_options: Option<FrameOptions>,
    /// Referrer-Policy.
    pub referrer_policy: Option<ReferrerPolicy>,
    /// Content-Security-Policy.
    pub content_security_policy: Option<ContentSecurityPolicy>,
    /// X-Content-Type-Options.
    pub content_type_options: Option<ContentTypeOptions>,
    /// Strict-Transport-Security.
    pub strict_transport_security: Option<StrictTransportSecurity>,
}

/// `ResponseHeadersPolicyXSSProtection`, by the model's names.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "PascalCase")]
pub struct XssProtection {
    /// Whether it replaces the origin's.
    #[serde(rename = "Override", default)]
    pub overrides: bool,
    /// Whether the browser looks for scripts of strangers at all.
    #[serde(default)]
    pub protection: bool,
    /// Whether the browser blocks the page.
    pub mode_block: Option<bool>,
    /// Where the browser reports to.
    pub report_uri: Option<String>,
}

/// `ResponseHeadersPolicyContentSecurityPolicy`, by the model's names.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "PascalCase")]
pub struct ContentSecurityPolicy {
    /// Whether it replaces the origin's.
    #[serde(rename = "Override", default)]
    pub overrides: bool,
    /// The value of the header.
    pub content_security_policy: String,
}

/// `ResponseHeadersPolicyStrictTransportSecurity`, by the model's names.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "PascalCase")]
pub struct StrictTransportSecurity {
    /// Whether it replaces the origin's.
    #[serde(rename = "Override", default)]
    pub overrides: bool,
    /// Whether it is meant for all names below the host's.
    pub include_subdomains: Option<bool>,
    /// Whether browsers may have it built in.
    pub preload: Option<bool>,
    /// Seconds.
    pub access_control_max_age_sec: i64,
}

/// `ResponseHeadersPolicyFrameOptions`, by the model's names.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "PascalCase")]
pub struct FrameOptions {
    /// Whether it replaces the origin's.
    #[serde(rename = "Override", default)]
    pub overrides: bool,
    /// `DENY` or `SAMEORIGIN`.
    pub frame_option: String,
}

/// `ResponseHeadersPolicyReferrerPolicy`, by the model's names.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "PascalCase")]
pub struct ReferrerPolicy {
    /// Whether it replaces the origin's.
    #[serde(rename = "Override", default)]
    pub overrides: bool,
    /// The value of the header.
    pub referrer_policy: String,
}

/// `ResponseHeadersPolicyContentTypeOptions`, by the model's names.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "PascalCase")]
pub struct ContentTypeOptions {
    /// Whether it replaces the origin's.
    #[serde(rename = "Override", default)]
    pub overrides: bool,
}

impl SecurityHeadersConfig {
    pub(super) fn check(&self) -> Result<(), ServiceError> {
        if let Some(XssProtection { mode_block, report_uri, .. }) = &self.xss_protection {
            let reports = report_uri.as_deref().is_some_and(|uri| !uri.is_empty());
            if mode_block == &Some(true) && reports {
                return Err(ServiceError::invalid("ReportUri"));
            }
        }
        if let Some(policy) = &self.content_security_policy {
            policy.check()?;
        }
        match &self.strict_transport_security {
            Some(transport) if transport.access_control_max_age_sec < 0 => {
                Err(ServiceError::invalid("AccessControlMaxAgeSec"))
            }
            Some(_) | None => Ok(()),
        }
    }
}

impl ContentSecurityPolicy {
    fn check(&self) -> Result<(), ServiceError> {
        match self.content_security_policy.chars().count() {
            0 => Err(ServiceError::required("ContentSecurityPolicy")),
            1..=MAX_CONTENT_SECURITY_POLICY => Ok(()),
            _more => Err(ServiceError::new(
                Code::TooLongCSPInResponseHeadersPolicy,
                "The length of the Content-Security-Policy header value in the response headers policy exceeds the \
                 maximum. For more information, see Quotas (formerly known as limits) in the Amazon CloudFront \
                 Developer Guide.",
            )),
        }
    }
}

//! The configuration of an origin request policy, and what is refused.

use keyfront_error::{Code, ServiceError};
use serde::Deserialize;
use serde_json::{Map, Value};

use crate::parameters::{
    self, CookiesConfig, HeadersConfig, Kind, Limit, Names, QueryStringsConfig, is_forbidden_header,
};
use crate::{Quotas, name};

/// Most characters of a name. The service states none for policies; other names have this limit.
const MAX_NAME: usize = 128;

/// Most characters of a comment (AWS: OriginRequestPolicyConfig).
const MAX_COMMENT: usize = 128;

const TOO_MANY_HEADERS: ServiceError = ServiceError::new(
    Code::TooManyHeadersInOriginRequestPolicy,
    "The number of headers in the origin request policy exceeds the maximum. For more information, see Quotas \
     (formerly known as limits) in the Amazon CloudFront Developer Guide.",
);

const TOO_MANY_COOKIES: ServiceError = ServiceError::new(
    Code::TooManyCookiesInOriginRequestPolicy,
    "The number of cookies in the origin request policy exceeds the maximum. For more information, see Quotas \
     (formerly known as limits) in the Amazon CloudFront Developer Guide.",
);

const TOO_MANY_QUERY_STRINGS: ServiceError = ServiceError::new(
    Code::TooManyQueryStringsInOriginRequestPolicy,
    "The number of query strings in the origin request policy exceeds the maximum. For more information, see Quotas \
     (formerly known as limits) in the Amazon CloudFront Developer Guide.",
);

/// `OriginRequestPolicyConfig`, by the model's names.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "PascalCase")]
pub struct OriginRequestPolicyConfig {
    /// Unique among the custom origin request policies of the account.
    pub name: String,
    /// A comment.
    pub comment: Option<String>,
    /// Headers.
    pub headers_config: HeadersConfig,
    /// Cookies.
    pub cookies_config: CookiesConfig,
    /// Query strings.
    pub query_strings_config: QueryStringsConfig,
}

/// Leaves out empty lists of names, as the service does. A comment that was not sent stays absent.
pub fn complete(config: &mut Map<String, Value>) {
    parameters::complete(config);
}

impl OriginRequestPolicyConfig {
    /// Refuses what cannot be an origin request policy.
    ///
    /// # Errors
    /// `InvalidArgument`, `InconsistentQuantities`, and a `TooMany…InOriginRequestPolicy` for each list of names.
    pub fn check(&self, quotas: &Quotas) -> Result<(), ServiceError> {
        name::check_length("Comment", self.comment.as_deref().unwrap_or_default(), 0..=MAX_COMMENT)?;
        name::check_length("Name", &self.name, 1..=MAX_NAME)?;
        let kind = Kind {
            headers: Limit { names: quotas.headers_per_origin_request_policy, too_many: TOO_MANY_HEADERS },
            cookies: Limit { names: quotas.cookies_per_origin_request_policy, too_many: TOO_MANY_COOKIES },
            query_strings: Limit {
                names: quotas.query_strings_per_origin_request_policy,
                too_many: TOO_MANY_QUERY_STRINGS,
            },
            forbidden_header: is_forbidden,
        };
        Names::check_all(&self.headers_config, &self.cookies_config, &self.query_strings_config, kind)
    }
}

/// What no viewer's header may be listed for: what CloudFront consumes itself, and `Authorization`, which a cache
/// policy alone can forward. Beside all of the viewer's headers only CloudFront's own can be listed; where headers are
/// listed to be left out, any can be.
fn is_forbidden(behavior: &str, name: &str) -> bool {
    let name = name.to_ascii_lowercase();
    match behavior {
        "allExcept" => false,
        "allViewerAndWhitelistCloudFront" => !name.starts_with("cloudfront-"),
        _whitelist => name == "authorization" || is_forbidden_header(&name),
    }
}

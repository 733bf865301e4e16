//! The configuration of a cache policy: what the service fills in, and what it refuses.

use keyfront_error::{Code, ServiceError};
use serde::Deserialize;
use serde_json::{Map, Value, json};

use crate::parameters::{
    self, CookiesConfig, HeadersConfig, Kind, Limit, Names, QueryStringsConfig, is_forbidden_header,
};
use crate::{Quotas, name};

/// Most characters of a name. The service states none for cache policies; other names have this limit.
const MAX_NAME: usize = 128;

/// Most characters of a comment (AWS: CachePolicyConfig).
const MAX_COMMENT: usize = 128;

/// Seconds of a DefaultTTL that is left out: a day (AWS: CachePolicyConfig).
const DEFAULT_TTL: i64 = 86_400;

/// Seconds of a MaxTTL that is left out: a year (AWS: CachePolicyConfig).
const MAX_TTL: i64 = 31_536_000;

const TOO_MANY_HEADERS: ServiceError = ServiceError::new(
    Code::TooManyHeadersInCachePolicy,
    "The number of headers in the cache policy exceeds the maximum. For more information, see Quotas (formerly known \
     as limits) in the Amazon CloudFront Developer Guide.",
);

const TOO_MANY_COOKIES: ServiceError = ServiceError::new(
    Code::TooManyCookiesInCachePolicy,
    "The number of cookies in the cache policy exceeds the maximum. For more information, see Quotas (formerly known \
     as limits) in the Amazon CloudFront Developer Guide.",
);

const TOO_MANY_QUERY_STRINGS: ServiceError = ServiceError::new(
    Code::TooManyQueryStringsInCachePolicy,
    "The number of query strings in the cache policy exceeds the maximum. For more information, see Quotas (formerly \
     known as limits) in the Amazon CloudFront Developer Guide.",
);

/// `CachePolicyConfig`, by the model's names, after [`complete`].
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "PascalCase")]
pub struct CachePolicyConfig {
    /// Unique among the custom cache policies of the account.
    pub name: String,
    /// A comment.
    pub comment: Option<String>,
    /// Seconds.
    #[serde(rename = "MinTTL")]
    pub min_ttl: i64,
    /// Seconds.
    #[serde(rename = "DefaultTTL")]
    pub default_ttl: i64,
    /// Seconds.
    #[serde(rename = "MaxTTL")]
    pub max_ttl: i64,
    /// The cache key.
    #[serde(rename = "ParametersInCacheKeyAndForwardedToOrigin")]
    pub parameters: Parameters,
}

/// What of a request is in the cache key.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "PascalCase")]
pub struct Parameters {
    /// Compress with gzip.
    pub enable_accept_encoding_gzip: bool,
    /// Compress with Brotli.
    pub enable_accept_encoding_brotli: bool,
    /// Headers.
    pub headers_config: HeadersConfig,
    /// Cookies.
    pub cookies_config: CookiesConfig,
    /// Query strings.
    pub query_strings_config: QueryStringsConfig,
}

/// Fills in what the service fills in: the TTLs, the flags and an empty cache key. A list of names that is empty, or
/// that has no behavior to belong to, is left out.
pub fn complete(config: &mut Map<String, Value>) {
    let seconds = |config: &Map<String, Value>, member: &str| config.get(member).and_then(Value::as_i64);
    let min_ttl = seconds(config, "MinTTL").unwrap_or_default();
    config.entry("DefaultTTL").or_insert_with(|| json!(DEFAULT_TTL.max(min_ttl)));
    let default_ttl = seconds(config, "DefaultTTL").unwrap_or_default();
    config.entry("MaxTTL").or_insert_with(|| json!(MAX_TTL.max(default_ttl).max(min_ttl)));
    config.entry("Comment").or_insert_with(|| json!(""));
    let parameters = config.entry("ParametersInCacheKeyAndForwardedToOrigin").or_insert_with(|| json!({}));
    let Some(parameters) = parameters.as_object_mut() else { return };
    for flag in ["EnableAcceptEncodingGzip", "EnableAcceptEncodingBrotli"] {
        parameters.entry(flag).or_insert_with(|| json!(false));
    }
    parameters::complete(parameters);
}

impl CachePolicyConfig {
    /// Refuses what cannot be a cache policy.
    ///
    /// # Errors
    /// `InvalidArgument`, `InconsistentQuantities`, and a `TooMany…InCachePolicy` for each list of names.
    pub fn check(&self, quotas: &Quotas) -> Result<(), ServiceError> {
        name::check_length("Comment", self.comment.as_deref().unwrap_or_default(), 0..=MAX_COMMENT)?;
        name::check_length("Name", &self.name, 1..=MAX_NAME)?;
        self.check_ttls()?;
        self.check_names(quotas)?;
        self.check_disabled()
    }

    fn check_ttls(&self) -> Result<(), ServiceError> {
        for (member, seconds) in
            [("DefaultTTL", self.default_ttl), ("MaxTTL", self.max_ttl), ("MinTTL", self.min_ttl)]
        {
            if seconds < 0 {
                return Err(ServiceError::invalid(member));
            }
        }
        if self.min_ttl <= self.default_ttl && self.default_ttl <= self.max_ttl {
            return Ok(());
        }
        // The text of InvalidTTLOrder, which the model does not declare for cache policies.
        Err(ServiceError::new(
            Code::InvalidArgument,
            "MinTTL, MaxTTL and DefaultTTL should follow order MinTTL less than or equal to DefaultTTL less than or \
             equal to MaxTTL",
        ))
    }

    fn check_names(&self, quotas: &Quotas) -> Result<(), ServiceError> {
        let Parameters { headers_config, cookies_config, query_strings_config, .. } = &self.parameters;
        let kind = Kind {
            headers: Limit { names: quotas.headers_per_cache_policy, too_many: TOO_MANY_HEADERS },
            cookies: Limit { names: quotas.cookies_per_cache_policy, too_many: TOO_MANY_COOKIES },
            query_strings: Limit {
                names: quotas.query_strings_per_cache_policy,
                too_many: TOO_MANY_QUERY_STRINGS,
            },
            forbidden_header: |_behavior, name| is_forbidden_header(&name.to_ascii_lowercase()),
        };
        Names::check_all(headers_config, cookies_config, query_strings_config, kind)
    }

    /// Where caching is disabled, nothing can be in the cache key.
    fn check_disabled(&self) -> Result<(), ServiceError> {
        if self.max_ttl > 0 {
            return Ok(());
        }
        let parameters = &self.parameters;
        let in_key = [
            ("EnableAcceptEncodingGzip", parameters.enable_accept_encoding_gzip),
            ("EnableAcceptEncodingBrotli", parameters.enable_accept_encoding_brotli),
            ("HeaderBehavior", parameters.headers_config.header_behavior != "none"),
            ("CookieBehavior", parameters.cookies_config.cookie_behavior != "none"),
            ("QueryStringBehavior", parameters.query_strings_config.query_string_behavior != "none"),
        ];
        match in_key.iter().find(|(_, used)| *used) {
            None => Ok(()),
            Some((member, _)) => Err(ServiceError::with(
                Code::InvalidArgument,
                format!("The parameter {member} is invalid for policy with caching disabled."),
            )),
        }
    }
}

//! Cache behaviors.

use serde::Deserialize;

use crate::Counted;

/// `CacheBehavior`.
#[derive(Clone, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "PascalCase", default)]
pub struct CacheBehavior {
    /// Which paths it is for.
    pub path_pattern: String,
    /// What it does with them.
    #[serde(flatten)]
    pub behavior: Behavior,
}

/// `DefaultCacheBehavior`, and `CacheBehavior` without its path.
#[derive(Clone, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "PascalCase", default)]
pub struct Behavior {
    /// An origin or a group of origins.
    pub target_origin_id: String,
    /// Accounts whose signatures viewers need; multi-tenant distributions have none.
    pub trusted_signers: TrustedSigners,
    /// Key groups whose signatures viewers need.
    pub trusted_key_groups: TrustedKeyGroups,
    /// `allow-all`, `https-only` or `redirect-to-https`.
    pub viewer_protocol_policy: String,
    /// Which methods there are.
    pub allowed_methods: AllowedMethods,
    /// Whether responses are compressed.
    pub compress: bool,
    /// Microsoft Smooth Streaming; multi-tenant distributions have none.
    pub smooth_streaming: Option<bool>,
    /// Functions of Lambda@Edge.
    pub lambda_function_associations: Counted<LambdaFunctionAssociation>,
    /// CloudFront Functions.
    pub function_associations: Counted<FunctionAssociation>,
    /// A configuration of field-level encryption, or nothing.
    pub field_level_encryption_id: String,
    /// Where requests are logged at once.
    pub realtime_log_config_arn: Option<String>,
    /// The cache key; in place of forwarded values.
    pub cache_policy_id: Option<String>,
    /// What the origin gets.
    pub origin_request_policy_id: Option<String>,
    /// What viewers get.
    pub response_headers_policy_id: Option<String>,
    /// Whether there is gRPC.
    pub grpc_config: GrpcConfig,
    /// The cache key and what the origin gets, without policies.
    pub forwarded_values: Option<ForwardedValues>,
    /// Seconds; only with forwarded values, as the other two.
    #[serde(rename = "MinTTL")]
    pub min_ttl: Option<i64>,
    /// Seconds.
    #[serde(rename = "DefaultTTL")]
    pub default_ttl: Option<i64>,
    /// Seconds.
    #[serde(rename = "MaxTTL")]
    pub max_ttl: Option<i64>,
}

/// `TrustedSigners`: a counted list that says beside whether it is used.
#[derive(Clone, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "PascalCase", default)]
pub struct TrustedSigners {
    /// Whether signatures are needed.
    pub enabled: bool,
    /// Accounts, `self` for its own.
    #[serde(flatten)]
    pub accounts: Counted<String>,
}

/// `TrustedKeyGroups`: a counted list that says beside whether it is used.
#[derive(Clone, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "PascalCase", default)]
pub struct TrustedKeyGroups {
    /// Whether signatures are needed.
    pub enabled: bool,
    /// Ids of key groups.
    #[serde(flatten)]
    pub key_groups: Counted<String>,
}

/// `AllowedMethods`: a counted list with another in it.
#[derive(Clone, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "PascalCase", default)]
pub struct AllowedMethods {
    /// The methods that are forwarded.
    #[serde(flatten)]
    pub methods: Counted<String>,
    /// Those of which responses are cached.
    pub cached_methods: CachedMethods,
}

/// `CachedMethods`.
pub type CachedMethods = Counted<String>;

/// `LambdaFunctionAssociation`.
#[derive(Clone, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "PascalCase", default)]
pub struct LambdaFunctionAssociation {
    /// The ARN of a version of a function.
    #[serde(rename = "LambdaFunctionARN")]
    pub lambda_function_arn: String,
    /// When it runs.
    pub event_type: String,
    /// Whether it sees the bodies of requests.
    pub include_body: bool,
}

/// `FunctionAssociation`.
#[derive(Clone, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "PascalCase", default)]
pub struct FunctionAssociation {
    /// The ARN of a function.
    #[serde(rename = "FunctionARN")]
    pub function_arn: String,
    /// When it runs.
    pub event_type: String,
}

/// `GrpcConfig`.
#[derive(Clone, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "PascalCase", default)]
pub struct GrpcConfig {
    /// Whether there is gRPC.
    pub enabled: bool,
}

/// `ForwardedValues`.
#[derive(Clone, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "PascalCase", default)]
pub struct ForwardedValues {
    /// Whether query strings are forwarded.
    pub query_string: bool,
    /// Which cookies are.
    pub cookies: CookiePreference,
    /// Which headers are.
    pub headers: Counted<String>,
    /// Which query strings are in the cache key.
    pub query_string_cache_keys: Counted<String>,
}

/// `CookiePreference`.
#[derive(Clone, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "PascalCase", default)]
pub struct CookiePreference {
    /// `none`, `whitelist` or `all`.
    pub forward: String,
    /// Which ones, for `whitelist`.
    pub whitelisted_names: Option<Counted<String>>,
}

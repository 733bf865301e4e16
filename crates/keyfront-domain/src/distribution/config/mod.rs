//! The configuration as its rules see it, by the model's names.
//!
//! It is read from a completed document. A member that is missing all the same reads as its empty value, so that the
//! rules can say everything that they find; that the model requires it is for the model's own check to say.

mod behavior;
mod origin;
mod viewer;

use serde::Deserialize;

pub use behavior::{
    AllowedMethods, Behavior, CacheBehavior, CachedMethods, CookiePreference, ForwardedValues,
    FunctionAssociation, GrpcConfig, LambdaFunctionAssociation, TrustedKeyGroups, TrustedSigners,
};
pub use origin::{
    CustomHeader, CustomOriginConfig, FailoverCriteria, NoIdentity, Origin, OriginGroup, OriginGroupMember,
    OriginShield, S3OriginConfig, StatusCodes, VpcOriginConfig,
};
pub(super) use viewer::given;
pub use viewer::{
    Certificate, ConnectionFunctionAssociation, GeoRestriction, ParameterDefinition, Restrictions,
    TenantConfig, TrustStoreConfig, ViewerCertificate, ViewerMtlsConfig,
};

use super::finding::Place;
use crate::Counted;

/// `DistributionConfig`, after [`complete`](super::complete).
#[derive(Clone, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "PascalCase", default)]
pub struct DistributionConfig {
    /// Unique among all that the account ever sent.
    pub caller_reference: String,
    /// Alternate domain names.
    pub aliases: Counted<String>,
    /// What a viewer gets for `/`.
    pub default_root_object: String,
    /// Where objects come from, at least one.
    pub origins: Counted<Origin>,
    /// Pairs of origins of which the second stands in for the first.
    pub origin_groups: Counted<OriginGroup>,
    /// What happens to requests that no cache behavior matches.
    pub default_cache_behavior: Behavior,
    /// What happens to requests, by path, in order.
    pub cache_behaviors: Counted<CacheBehavior>,
    /// What viewers get in place of errors.
    pub custom_error_responses: Counted<CustomErrorResponse>,
    /// A comment.
    pub comment: String,
    /// Standard logging (legacy).
    pub logging: Logging,
    /// Where it is served from; multi-tenant distributions have none.
    pub price_class: Option<String>,
    /// Whether it is served.
    pub enabled: bool,
    /// The certificate for viewers.
    pub viewer_certificate: ViewerCertificate,
    /// By country.
    pub restrictions: Restrictions,
    /// A web ACL of AWS WAF: an ARN, an id of WAF Classic, or nothing.
    #[serde(rename = "WebACLId")]
    pub web_acl_id: String,
    /// `http1.1`, `http2`, `http3` or `http2and3`.
    pub http_version: String,
    /// Whether viewers can come over IPv6; multi-tenant distributions do not say.
    #[serde(rename = "IsIPV6Enabled")]
    pub is_ipv6_enabled: Option<bool>,
    /// Which part of the traffic a staging distribution gets.
    pub continuous_deployment_policy_id: String,
    /// Whether it is a staging distribution; multi-tenant distributions do not say.
    pub staging: Option<bool>,
    /// A list of Anycast addresses.
    pub anycast_ip_list_id: Option<String>,
    /// What tenants can set.
    pub tenant_config: Option<TenantConfig>,
    /// `direct`, or `tenant-only` for multi-tenant distributions.
    pub connection_mode: Option<String>,
    /// Whether viewers show a certificate.
    pub viewer_mtls_config: Option<ViewerMtlsConfig>,
    /// A function that runs when a connection is made.
    pub connection_function_association: Option<ConnectionFunctionAssociation>,
    /// Which header of origins has the tags of objects.
    pub cache_tag_config: Option<CacheTagConfig>,
}

/// `CustomErrorResponse`.
#[derive(Clone, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "PascalCase", default)]
pub struct CustomErrorResponse {
    /// The status of the origin.
    pub error_code: i64,
    /// The page for viewers; given with a code, or not at all.
    pub response_page_path: Option<String>,
    /// The status for viewers.
    pub response_code: Option<String>,
    /// Seconds.
    #[serde(rename = "ErrorCachingMinTTL")]
    pub error_caching_min_ttl: i64,
}

/// `LoggingConfig`.
#[derive(Clone, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "PascalCase", default)]
pub struct Logging {
    /// Whether logs are written.
    pub enabled: bool,
    /// Whether cookies are in them.
    pub include_cookies: bool,
    /// The host of an S3 bucket.
    pub bucket: String,
    /// What the names of log files begin with.
    pub prefix: String,
}

/// `CacheTagConfig`.
#[derive(Clone, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "PascalCase", default)]
pub struct CacheTagConfig {
    /// The header.
    pub header_name: String,
}

impl DistributionConfig {
    /// Its alternate domain names, as sent.
    pub fn aliases(&self) -> impl Iterator<Item = &str> {
        self.aliases.items.iter().map(String::as_str)
    }

    /// Whether it is a multi-tenant distribution.
    pub fn is_multi_tenant(&self) -> bool {
        self.connection_mode.as_deref() == Some("tenant-only")
    }

    /// Whether it is a staging distribution.
    pub fn is_staging(&self) -> bool {
        self.staging == Some(true)
    }

    /// The certificate that viewers see.
    pub fn certificate(&self) -> Certificate<'_> {
        self.viewer_certificate.certificate()
    }

    /// All behaviors, the default one first.
    pub fn behaviors(&self) -> impl Iterator<Item = &Behavior> {
        let others = self.cache_behaviors.items.iter().map(|other| &other.behavior);
        std::iter::once(&self.default_cache_behavior).chain(others)
    }

    /// All behaviors with their places, the default one first.
    pub(super) fn places(&self) -> impl Iterator<Item = (Place<'static>, &Behavior)> {
        const CONFIG: &Place<'static> = &Place::Config;
        let places = (0..).map(|index| Place::Item(CONFIG, "CacheBehaviors", index));
        std::iter::once(Place::Member(CONFIG, "DefaultCacheBehavior")).chain(places).zip(self.behaviors())
    }
}

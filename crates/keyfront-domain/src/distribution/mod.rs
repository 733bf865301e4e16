//! Distributions: what the service fills in, what it refuses, and what follows from a configuration.
//!
//! Everything here is a function of documents. What a distribution refers to, which names other distributions have
//! and how long a change takes is for others to find out; [`DistributionConfig::references`] and
//! [`DistributionConfig::aliases`] say what to ask for.
//!
//! A request goes through it in this order: [`check_required_on_update`] and [`check_sent`] judge the configuration as
//! it was sent, [`complete`] fills it in, and [`DistributionConfig`] reads the completed document for the rules, which
//! a server wants the first refusal of and a person all of them.

pub mod alias;
mod completion;
mod config;
mod finding;
mod references;
mod rules;
mod sent;
mod staging;
mod summary;
mod trusted;

pub use completion::complete;
pub use config::{
    AllowedMethods, Behavior, CacheBehavior, CacheTagConfig, CachedMethods, Certificate,
    ConnectionFunctionAssociation, CookiePreference, CustomErrorResponse, CustomHeader, CustomOriginConfig,
    DistributionConfig, FailoverCriteria, ForwardedValues, FunctionAssociation, GeoRestriction, GrpcConfig,
    LambdaFunctionAssociation, Logging, NoIdentity, Origin, OriginGroup, OriginGroupMember, OriginShield,
    ParameterDefinition, Restrictions, S3OriginConfig, StatusCodes, TenantConfig, TrustStoreConfig,
    TrustedKeyGroups, TrustedSigners, ViewerCertificate, ViewerMtlsConfig, VpcOriginConfig,
};
pub use finding::Finding;
pub use rules::{CHECK_CODES, INVALID_FUNCTION_ARN, S3Hosts};
pub use sent::{check_required_on_update, check_sent, required_on_update, sent};
pub use staging::{STAGING_IN_USE, check_change_beside_policy, copied, promoted};
pub use summary::{alias_icp_recordals, summary_config};

#[cfg(test)]
mod tests;

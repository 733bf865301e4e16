//! What a distribution cannot be.
//!
//! The rules note everything that they find, in the service's order: quantities, members in the model's order, aliases,
//! quotas. A server answers the first of it, a person reads all of it. Texts are the service's where one was seen,
//! else the model's sentence for the code, else `The parameter … is invalid.`

mod aliases;
mod behaviors;
mod caching;
mod countries;
mod error_pages;
mod functions;
mod groups;
mod limits;
mod names;
mod origins;
mod quantities;
mod s3;
mod tenants;
mod viewers;

use keyfront_error::{Code, ServiceError};

pub use self::functions::INVALID_FUNCTION_ARN;
pub use self::s3::S3Hosts;
use super::DistributionConfig;
use super::finding::{Finding, Findings, Place, first};
use super::staging::STAGING_IN_USE;
use crate::{Quotas, name};

/// Most characters of a comment (AWS: `DistributionConfig`).
const MAX_COMMENT: usize = 128;

/// Most characters of a default root object (AWS: `DistributionConfig`).
const MAX_ROOT_OBJECT: usize = 255;

/// Most characters of a prefix of log files (AWS: `LoggingConfig`).
const MAX_LOG_PREFIX: usize = 256;

/// The codes that [`DistributionConfig::check`] refuses with. The model declares them for creates and for updates.
pub const CHECK_CODES: &[Code] = &[
    Code::IllegalFieldLevelEncryptionConfigAssociationWithCacheBehavior,
    Code::IllegalOriginAccessConfiguration,
    Code::InconsistentQuantities,
    Code::InvalidArgument,
    Code::InvalidDefaultRootObject,
    Code::InvalidErrorCode,
    Code::InvalidForwardCookies,
    Code::InvalidFunctionAssociation,
    Code::InvalidGeoRestrictionParameter,
    Code::InvalidHeadersForS3Origin,
    Code::InvalidLambdaFunctionAssociation,
    Code::InvalidLocationCode,
    Code::InvalidOriginAccessIdentity,
    Code::InvalidOriginKeepaliveTimeout,
    Code::InvalidOriginReadTimeout,
    Code::InvalidQueryStringParameters,
    Code::InvalidRelativePath,
    Code::InvalidResponseCode,
    Code::InvalidTTLOrder,
    Code::InvalidViewerCertificate,
    Code::InvalidWebACLId,
    Code::NoSuchOrigin,
    Code::TooManyCacheBehaviors,
    Code::TooManyCookieNamesInWhiteList,
    Code::TooManyDistributionCNAMEs,
    Code::TooManyHeadersInForwardedValues,
    Code::TooManyKeyGroupsAssociatedToDistribution,
    Code::TooManyLambdaFunctionAssociations,
    Code::TooManyOriginCustomHeaders,
    Code::TooManyOriginGroupsPerDistribution,
    Code::TooManyOrigins,
    Code::TooManyQueryStringParameters,
    Code::TooManyTrustedSigners,
    Code::TrustedSignerDoesNotExist,
];

const CONFIG: &Place<'static> = &Place::Config;

impl DistributionConfig {
    /// Refuses what cannot be a distribution, as far as the configuration itself tells.
    ///
    /// # Errors
    /// The first of [`findings`](DistributionConfig::findings).
    pub fn check(&self, quotas: &Quotas) -> Result<(), ServiceError> {
        first(self.findings(quotas, &S3Hosts::default()))
    }

    /// The part of [`check`](DistributionConfig::check) that comes before references are looked up: quantities, and
    /// members in the model's order.
    ///
    /// # Errors
    /// The first thing that is found.
    pub fn check_members(&self, quotas: &Quotas, hosts: &S3Hosts) -> Result<(), ServiceError> {
        let mut findings = Findings::default();
        self.look_at_members(quotas, hosts, &mut findings);
        first(findings.into_vec())
    }

    /// The part of [`check`](DistributionConfig::check) that comes after references were looked up: aliases without
    /// certificate, then quotas.
    ///
    /// # Errors
    /// `InvalidViewerCertificate`, and a `TooMany…` for each quota.
    pub fn check_aliases_and_quotas(&self, quotas: &Quotas) -> Result<(), ServiceError> {
        let mut findings = Findings::default();
        aliases::check_certificate(self, &mut findings);
        limits::check(self, quotas, &mut findings);
        first(findings.into_vec())
    }

    /// Everything that cannot be, as far as the configuration itself tells.
    pub fn findings(&self, quotas: &Quotas, hosts: &S3Hosts) -> Vec<Finding> {
        let mut findings = Findings::default();
        self.look_at_members(quotas, hosts, &mut findings);
        aliases::check_certificate(self, &mut findings);
        limits::check(self, quotas, &mut findings);
        findings.into_vec()
    }

    /// Refuses what a new distribution cannot be and an old one can.
    ///
    /// # Errors
    /// `InvalidArgument` and `InvalidProtocolSettings`, which the model declares for creates alone.
    pub fn check_create(&self) -> Result<(), ServiceError> {
        first(self.findings_of_create())
    }

    /// Everything that [`check_create`](DistributionConfig::check_create) refuses.
    pub fn findings_of_create(&self) -> Vec<Finding> {
        let mut findings = Findings::default();
        if !self.continuous_deployment_policy_id.is_empty() {
            let refusal = ServiceError::new(
                Code::InvalidArgument,
                "Continuous deployment policy is not supported during distribution creation.",
            );
            findings.refuse(CONFIG, "ContinuousDeploymentPolicyId", refusal);
        }
        if viewers::is_sslv3_for_sni(self) {
            let refusal = ServiceError::new(
                Code::InvalidProtocolSettings,
                "You cannot specify SSLv3 as the minimum protocol version if you only want to support only clients \
                 that support Server Name Indication (SNI).",
            );
            findings.refuse(&CONFIG.member("ViewerCertificate"), "MinimumProtocolVersion", refusal);
        }
        findings.into_vec()
    }

    /// Refuses a change of what cannot change.
    ///
    /// # Errors
    /// `IllegalUpdate`, `StagingDistributionInUse`, and `InvalidMinimumProtocolVersion` for what a create refuses with a code that the model does
    /// not declare for updates.
    pub fn check_change(&self, after: &DistributionConfig) -> Result<(), ServiceError> {
        const CANNOT_UPDATE: ServiceError =
            ServiceError::new(Code::IllegalUpdate, "You cannot update Origin or CallerReference.");
        if self.caller_reference != after.caller_reference {
            return Err(CANNOT_UPDATE);
        }
        // A staging distribution shows the policy that names it, and must send it back.
        let policies = [self, after].map(|config| config.continuous_deployment_policy_id.is_empty());
        if self.is_staging() && policies == [false, true] {
            return Err(CANNOT_UPDATE);
        }
        if self.is_staging() && policies == [false, false] && self.enabled && !after.enabled {
            return Err(STAGING_IN_USE);
        }
        if self.is_staging() != after.is_staging() || self.is_multi_tenant() != after.is_multi_tenant() {
            return Err(ServiceError::ILLEGAL_UPDATE);
        }
        if viewers::is_sslv3_for_sni(after) {
            return Err(ServiceError::new(
                Code::InvalidMinimumProtocolVersion,
                "The minimum protocol version specified is not valid.",
            ));
        }
        Ok(())
    }

    fn look_at_members(&self, quotas: &Quotas, hosts: &S3Hosts, findings: &mut Findings) {
        quantities::check(self, findings);
        findings.take(CONFIG, "CallerReference", name::check_caller_reference(&self.caller_reference));
        aliases::check_names(self, findings);
        self.check_root_object(findings);
        origins::check(self, quotas, hosts, findings);
        groups::check(self, findings);
        behaviors::check(self, findings);
        error_pages::check(self, findings);
        findings.take(CONFIG, "Comment", name::check_length("Comment", &self.comment, 0..=MAX_COMMENT));
        self.check_logging(hosts, findings);
        viewers::check(self, findings);
        tenants::check(self, quotas, findings);
    }

    /// A slash at the beginning is refused by the guide and was accepted by the service.
    fn check_root_object(&self, findings: &mut Findings) {
        let object = &self.default_root_object;
        if object.chars().count() > MAX_ROOT_OBJECT || object.chars().any(char::is_control) {
            let refusal = ServiceError::new(
                Code::InvalidDefaultRootObject,
                "The default root object file name is too big or contains an invalid character.",
            );
            findings.refuse(CONFIG, "DefaultRootObject", refusal);
        }
    }

    fn check_logging(&self, hosts: &S3Hosts, findings: &mut Findings) {
        let place = &CONFIG.member("Logging");
        if self.logging.enabled && !hosts.is_bucket(&self.logging.bucket) {
            let refusal = ServiceError::new(
                Code::InvalidArgument,
                "The parameter Logging Bucket does not refer to a valid S3 bucket.",
            );
            findings.refuse(place, "Bucket", refusal);
        }
        let prefix = &self.logging.prefix;
        findings.take(place, "Prefix", name::check_length("Prefix", prefix, 0..=MAX_LOG_PREFIX));
        if prefix.starts_with('/') {
            findings.refuse(place, "Prefix", ServiceError::invalid("Prefix"));
        }
    }
}

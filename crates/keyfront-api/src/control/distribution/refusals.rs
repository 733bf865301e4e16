//! What is refused about distributions, each with the code and the text of the service.

use keyfront_domain::arn::ResourceKind;
use keyfront_error::{Code, ServiceError};

use crate::configuration::{NOT_FOUND, Target, entity};
use crate::control::{
    cache_policy, connection_function, origin_request_policy, response_headers_policy, vpc_origin,
};

/// The refusal of an id that no distribution has.
pub(in crate::control) const NO_SUCH_DISTRIBUTION: ServiceError =
    ServiceError::new(Code::NoSuchDistribution, "The specified distribution does not exist.");

pub(super) const NOT_DISABLED: ServiceError = ServiceError::new(
    Code::DistributionNotDisabled,
    "The distribution you are trying to delete has not been disabled.",
);

/// The refusal of one more distribution than the account may have.
pub(super) const TOO_MANY: ServiceError = ServiceError::new(
    Code::TooManyDistributions,
    "Processing your request would cause you to exceed the maximum number of distributions allowed.",
);

/// The refusal of a function that cannot be associated.
pub(super) const INVALID_FUNCTION_ARN: ServiceError =
    ServiceError::new(Code::InvalidFunctionAssociation, "The parameter FunctionAssociationArn is invalid");

const fn target(kind: ResourceKind, code: Code, text: &'static str) -> Target {
    policy(kind, code, text, |_id| false)
}

/// A kind of which some are managed.
const fn policy(kind: ResourceKind, code: Code, text: &'static str, built_in: fn(&str) -> bool) -> Target {
    Target { kind, absent: ServiceError::new(code, text), check: |_target| Ok(()), built_in }
}

/// Whether every account has the resource.
pub(super) fn is_managed(kind: ResourceKind, id: &str) -> bool {
    TARGETS.iter().any(|target| target.kind == kind && (target.built_in)(id))
}

/// The refusals of one more distribution that uses a resource, but a VPC origin.
pub(super) const TOO_MANY_ASSOCIATED: [Code; 7] = [
    Code::TooManyDistributionsAssociatedToCachePolicy,
    Code::TooManyDistributionsAssociatedToFieldLevelEncryptionConfig,
    Code::TooManyDistributionsAssociatedToKeyGroup,
    Code::TooManyDistributionsAssociatedToOriginAccessControl,
    Code::TooManyDistributionsAssociatedToOriginRequestPolicy,
    Code::TooManyDistributionsAssociatedToResponseHeadersPolicy,
    Code::TooManyDistributionsWithSingleFunctionARN,
];

/// What a distribution refers to, with the refusal of each that is not there.
pub(super) const TARGETS: &[Target] = &[
    entity::target(ResourceKind::ANYCAST_IP_LIST),
    policy(
        ResourceKind::CACHE_POLICY,
        Code::NoSuchCachePolicy,
        "The specified cache policy does not exist.",
        cache_policy::is_managed,
    ),
    // Like a function, one that was never published is not there.
    entity::target_if(ResourceKind::CONNECTION_FUNCTION, |function| {
        if connection_function::is_published(function) { Ok(()) } else { Err(NOT_FOUND) }
    }),
    target(
        ResourceKind::CONTINUOUS_DEPLOYMENT_POLICY,
        Code::NoSuchContinuousDeploymentPolicy,
        "The continuous deployment policy doesn't exist.",
    ),
    target(
        ResourceKind::FIELD_LEVEL_ENCRYPTION_CONFIG,
        Code::NoSuchFieldLevelEncryptionConfig,
        "The specified configuration for field-level encryption doesn't exist.",
    ),
    target(
        ResourceKind::FUNCTION,
        Code::InvalidFunctionAssociation,
        "The parameter FunctionAssociationArn is invalid",
    ),
    target(
        ResourceKind::KEY_GROUP,
        Code::TrustedKeyGroupDoesNotExist,
        "The specified key group does not exist.",
    ),
    target(
        ResourceKind::ORIGIN_ACCESS_CONTROL,
        Code::InvalidOriginAccessControl,
        "The origin access control is not valid.",
    ),
    target(
        ResourceKind::ORIGIN_ACCESS_IDENTITY,
        Code::InvalidOriginAccessIdentity,
        "The specified origin access identity does not exist or is not valid.",
    ),
    policy(
        ResourceKind::ORIGIN_REQUEST_POLICY,
        Code::NoSuchOriginRequestPolicy,
        "The specified origin request policy does not exist.",
        origin_request_policy::is_managed,
    ),
    target(
        ResourceKind::REALTIME_LOG_CONFIG,
        Code::NoSuchRealtimeLogConfig,
        "The real-time log configuration does not exist.",
    ),
    policy(
        ResourceKind::RESPONSE_HEADERS_POLICY,
        Code::NoSuchResponseHeadersPolicy,
        "The specified response headers policy does not exist.",
        response_headers_policy::is_managed,
    ),
    entity::target(ResourceKind::TRUST_STORE),
    Target {
        kind: ResourceKind::VPC_ORIGIN,
        absent: vpc_origin::NO_SUCH_VPC_ORIGIN,
        check: |_target| Ok(()),
        built_in: |_id| false,
    },
];

//! Origin access identities: users of S3 that stand for distributions.

use keyfront_domain::arn::ResourceKind;
use keyfront_domain::origin_access_identity::{OriginAccessIdentityConfig, canonical_user_id};
use keyfront_domain::{Quotas, id};
use keyfront_error::{Code, ServiceError};
use uuid::Uuid;

use crate::configuration::{Layout, Names, Refusals, Resource, Summary};
use crate::operation::Members;

/// An origin access identity.
pub(super) struct OriginAccessIdentity;

impl Resource for OriginAccessIdentity {
    const KIND: ResourceKind = ResourceKind::ORIGIN_ACCESS_IDENTITY;
    const NAMES: Names = Names {
        create: "CreateCloudFrontOriginAccessIdentity",
        create_with_tags: None,
        get: "GetCloudFrontOriginAccessIdentity",
        get_config: Some("GetCloudFrontOriginAccessIdentityConfig"),
        update: "UpdateCloudFrontOriginAccessIdentity",
        delete: "DeleteCloudFrontOriginAccessIdentity",
        list: "ListCloudFrontOriginAccessIdentities",
        document: "CloudFrontOriginAccessIdentity",
        config: Some("CloudFrontOriginAccessIdentityConfig"),
        page: "CloudFrontOriginAccessIdentityList",
        path: "origin-access-identity/cloudfront",
    };
    const LAYOUT: Layout = Layout { times: &[], summary: Summary::Flat };
    const HAS_POLICY_ARN: bool = true;
    const FIRST_VERSION: u64 = 0;
    const REFUSALS: Refusals = Refusals {
        absent: ServiceError::new(
            Code::NoSuchCloudFrontOriginAccessIdentity,
            "The specified origin access identity does not exist.",
        ),
        name_taken: None,
        caller_reference_used: Some(ServiceError::new(
            Code::CloudFrontOriginAccessIdentityAlreadyExists,
            "If the CallerReference is a value you already sent in a previous request to create an identity but the \
             content of the CloudFrontOriginAccessIdentityConfig is different from the original request, CloudFront \
             returns a CloudFrontOriginAccessIdentityAlreadyExists error.",
        )),
        too_many: ServiceError::new(
            Code::TooManyCloudFrontOriginAccessIdentities,
            "Processing your request would cause you to exceed the maximum number of origin access identities allowed.",
        ),
        in_use: ServiceError::new(
            Code::CloudFrontOriginAccessIdentityInUse,
            "The CloudFront origin access identity is still being used.",
        ),
    };
    const REPLAYS_CALLER_REFERENCE: bool = true;
    const CHANGE_RULES: &'static [Code] = &[Code::IllegalUpdate];
    type Config = OriginAccessIdentityConfig;

    fn id(random: Uuid) -> String {
        id::numbered('E', random)
    }

    fn quota(quotas: &Quotas) -> u64 {
        quotas.origin_access_identities_per_account
    }

    fn check(config: &Self::Config, _quotas: &Quotas) -> Result<(), ServiceError> {
        config.check()
    }

    fn check_change(before: &Self::Config, after: &Self::Config) -> Result<(), ServiceError> {
        before.check_change(after)
    }

    fn caller_reference(config: &Self::Config) -> Option<&str> {
        Some(&config.caller_reference)
    }

    fn generated(_config: &Self::Config, random: &mut dyn FnMut() -> Uuid) -> Members {
        Members::from_iter([("S3CanonicalUserId".to_owned(), canonical_user_id(random).into())])
    }
}

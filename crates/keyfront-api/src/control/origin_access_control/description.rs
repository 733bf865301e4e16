//! Origin access controls: how CloudFront signs its requests to an origin.

use keyfront_domain::arn::ResourceKind;
use keyfront_domain::origin_access_control::OriginAccessControlConfig;
use keyfront_domain::{Quotas, id};
use keyfront_error::{Code, ServiceError};
use uuid::Uuid;

use crate::configuration::{Layout, NameTaken, Names, Refusals, Resource, Summary};
use crate::operation::Members;

/// An origin access control.
pub(super) struct OriginAccessControl;

impl Resource for OriginAccessControl {
    const KIND: ResourceKind = ResourceKind::ORIGIN_ACCESS_CONTROL;
    const NAMES: Names = Names {
        create: "CreateOriginAccessControl",
        create_with_tags: None,
        get: "GetOriginAccessControl",
        get_config: Some("GetOriginAccessControlConfig"),
        update: "UpdateOriginAccessControl",
        delete: "DeleteOriginAccessControl",
        list: "ListOriginAccessControls",
        document: "OriginAccessControl",
        config: Some("OriginAccessControlConfig"),
        page: "OriginAccessControlList",
        path: "origin-access-control",
    };
    const LAYOUT: Layout = Layout { times: &[], summary: Summary::Flat };
    const HAS_POLICY_ARN: bool = true;
    const FIRST_VERSION: u64 = 0;
    const REFUSALS: Refusals = Refusals {
        absent: ServiceError::new(
            Code::NoSuchOriginAccessControl,
            "The specified origin access control does not exist.",
        ),
        name_taken: Some(NameTaken {
            refusal: ServiceError::new(
                Code::OriginAccessControlAlreadyExists,
                "An origin access control with the same name already exists.",
            ),
            on_update: true,
        }),
        caller_reference_used: None,
        too_many: ServiceError::new(
            Code::TooManyOriginAccessControls,
            "The number of origin access controls in your Amazon Web Services account exceeds the maximum allowed. \
             For more information, see Quotas (formerly known as limits) in the Amazon CloudFront Developer Guide.",
        ),
        in_use: ServiceError::new(
            Code::OriginAccessControlInUse,
            "The CloudFront origin access control is still being used.",
        ),
    };
    type Config = OriginAccessControlConfig;

    fn id(random: Uuid) -> String {
        id::numbered('E', random)
    }

    fn quota(quotas: &Quotas) -> u64 {
        quotas.origin_access_controls_per_account
    }

    /// A description that was left out comes back empty: lists require one.
    fn complete(config: &mut Members) {
        config.entry("Description").or_insert_with(|| "".into());
    }

    fn check(config: &Self::Config, _quotas: &Quotas) -> Result<(), ServiceError> {
        config.check()
    }

    fn name(config: &Self::Config) -> Option<&str> {
        Some(&config.name)
    }
}

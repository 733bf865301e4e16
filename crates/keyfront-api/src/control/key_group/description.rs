//! Key groups: the public keys that a cache behavior trusts together.

use std::collections::BTreeSet;

use keyfront_domain::arn::ResourceKind;
use keyfront_domain::key_group::KeyGroupConfig;
use keyfront_domain::{Quotas, id};
use keyfront_error::{Code, ServiceError};
use uuid::Uuid;

use crate::configuration::{Layout, NameTaken, Names, Refusals, Resource, Summary, Target, Time};
use crate::control::distribution_ids::UsedByDistributions;

/// A key group.
pub(super) struct KeyGroup;

const ALREADY_EXISTS: ServiceError = ServiceError::new(
    Code::KeyGroupAlreadyExists,
    "A key group with this name already exists. You must provide a unique name. To modify an existing key \
     group, use UpdateKeyGroup.",
);

impl Resource for KeyGroup {
    const KIND: ResourceKind = ResourceKind::KEY_GROUP;
    const NAMES: Names = Names {
        create: "CreateKeyGroup",
        create_with_tags: None,
        get: "GetKeyGroup",
        get_config: Some("GetKeyGroupConfig"),
        update: "UpdateKeyGroup",
        delete: "DeleteKeyGroup",
        list: "ListKeyGroups",
        document: "KeyGroup",
        config: Some("KeyGroupConfig"),
        page: "KeyGroupList",
        path: "key-group",
    };
    const LAYOUT: Layout = Layout { times: &[Time::LastModified], summary: Summary::Whole };
    // IAM knows no resource type for key groups, so a policy cannot name one.
    const HAS_POLICY_ARN: bool = false;
    const FIRST_VERSION: u64 = 1;
    const REFUSALS: Refusals = Refusals {
        absent: ServiceError::new(Code::NoSuchResource, "A resource that was specified is not valid."),
        name_taken: Some(NameTaken { refusal: ALREADY_EXISTS, on_update: true }),
        caller_reference_used: None,
        too_many: ServiceError::new(
            Code::TooManyKeyGroups,
            "You have reached the maximum number of key groups for this Amazon Web Services account. For more \
             information, see Quotas (formerly known as limits) in the Amazon CloudFront Developer Guide.",
        ),
        in_use: ServiceError::new(Code::ResourceInUse, "Cannot delete this resource because it is in use."),
    };
    const TARGETS: &'static [Target] = &[Target {
        kind: ResourceKind::PUBLIC_KEY,
        // The model has no NoSuchPublicKey for the operations of key groups.
        absent: ServiceError::new(
            Code::InvalidArgument,
            "The parameter Items is not valid. It names a public key that does not exist.",
        ),
        check: |_target| Ok(()),
        built_in: |_id| false,
    }];
    const RULES: &'static [Code] = &[Code::TooManyPublicKeysInKeyGroup];
    type Config = KeyGroupConfig;

    fn id(random: Uuid) -> String {
        id::uuid(random)
    }

    fn quota(quotas: &Quotas) -> u64 {
        quotas.key_groups_per_account
    }

    fn check(config: &KeyGroupConfig, quotas: &Quotas) -> Result<(), ServiceError> {
        config.check(quotas)
    }

    fn name(config: &KeyGroupConfig) -> Option<&str> {
        Some(&config.name)
    }

    fn references(config: &KeyGroupConfig) -> BTreeSet<(ResourceKind, &str)> {
        config.items.iter().map(|id| (ResourceKind::PUBLIC_KEY, id.as_str())).collect()
    }
}

impl UsedByDistributions for KeyGroup {
    const LIST_DISTRIBUTIONS: &'static str = "ListDistributionsByKeyGroup";
    const LISTED_BY: &'static str = "KeyGroupId";
}

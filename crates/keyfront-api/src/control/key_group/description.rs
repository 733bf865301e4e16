//! Key groups: the public keys that a cache behavior trusts together.

use std::collections::BTreeSet;

use keyfront_domain::arn::ResourceKind;
use keyfront_domain::key_group::KeyGroupConfig;
use keyfront_domain::{Quotas, Refusal, id};
use uuid::Uuid;

use crate::configuration::{Names, Refusals, Resource, Summary, Time};
use crate::operation::Subject;

/// A key group.
pub(super) struct KeyGroup;

const ALREADY_EXISTS: Refusal = Refusal::new(
    "KeyGroupAlreadyExists",
    "A key group with this name already exists. You must provide a unique name. To modify an existing key \
     group, use UpdateKeyGroup.",
);

impl Resource for KeyGroup {
    const KIND: ResourceKind = ResourceKind::KEY_GROUP;
    const NAMES: Names = Names {
        create: "CreateKeyGroup",
        get: "GetKeyGroup",
        get_config: "GetKeyGroupConfig",
        update: "UpdateKeyGroup",
        delete: "DeleteKeyGroup",
        list: "ListKeyGroups",
        document: "KeyGroup",
        config: "KeyGroupConfig",
        page: "KeyGroupList",
        path: "key-group",
        time: Time::LastModified,
        summary: Summary::Whole,
    };
    // IAM knows no resource type for key groups, so a policy cannot name one.
    const SUBJECT: Subject = Subject::Account;
    const REFUSALS: Refusals = Refusals {
        absent: Refusal::new("NoSuchResource", "A resource that was specified is not valid."),
        name_taken: ALREADY_EXISTS,
        // It has none.
        caller_reference_used: ALREADY_EXISTS,
        too_many: Refusal::new(
            "TooManyKeyGroups",
            "You have reached the maximum number of key groups for this Amazon Web Services account. For more \
             information, see Quotas (formerly known as limits) in the Amazon CloudFront Developer Guide.",
        ),
        in_use: Refusal::new("ResourceInUse", "Cannot delete this resource because it is in use."),
        // The model has no NoSuchPublicKey for the operations of key groups.
        no_such_target: Refusal::new(
            "InvalidArgument",
            "The parameter Items is not valid. It names a public key that does not exist.",
        ),
    };
    type Config = KeyGroupConfig;

    fn id(random: Uuid) -> String {
        id::uuid(random)
    }

    fn quota(quotas: &Quotas) -> u64 {
        quotas.key_groups_per_account
    }

    fn check(config: &KeyGroupConfig, quotas: &Quotas) -> Result<(), Refusal> {
        config.check(quotas)
    }

    fn name(config: &KeyGroupConfig) -> Option<&str> {
        Some(&config.name)
    }

    fn caller_reference(_config: &KeyGroupConfig) -> Option<&str> {
        None
    }

    fn references(config: &KeyGroupConfig) -> BTreeSet<(ResourceKind, &str)> {
        config.items.iter().map(|id| (ResourceKind::PUBLIC_KEY, id.as_str())).collect()
    }
}

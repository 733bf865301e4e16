//! Cache policies: what is in the cache key, and how long an object stays in the cache.

use std::collections::BTreeSet;
use std::sync::LazyLock;

use keyfront_domain::arn::ResourceKind;
use keyfront_domain::cache_policy::{self, CachePolicyConfig};
use keyfront_domain::{Quotas, id};
use keyfront_error::{Code, ServiceError};
use keyfront_store::records::ResourceRecord;
use uuid::Uuid;

use crate::configuration::{Layout, NameTaken, Names, Refusals, Resource, Summary, Time};
use crate::operation::Members;

/// A cache policy.
pub(super) struct CachePolicy;

/// The time that managed policies show: 2020-08-01T00:00:00Z, about when the service began to have them.
const MANAGED_SINCE_MS: i64 = 1_596_240_000_000;

static MANAGED: LazyLock<Vec<ResourceRecord>> = LazyLock::new(|| {
    let managed = cache_policy::MANAGED.iter();
    managed.map(|policy| record(policy.id, policy.config())).collect()
});

fn record(id: &str, config: Members) -> ResourceRecord {
    ResourceRecord {
        id: id.to_owned(),
        name: None,
        caller_reference: None,
        config,
        shown: Members::new(),
        state: None,
        references: BTreeSet::new(),
        domain_names: BTreeSet::new(),
        attached: Members::new(),
        created_ms: MANAGED_SINCE_MS,
        modified_ms: MANAGED_SINCE_MS,
        version: CachePolicy::FIRST_VERSION,
    }
}

/// Whether an id is that of a managed cache policy.
pub(in crate::control) fn is_managed(id: &str) -> bool {
    cache_policy::MANAGED.iter().any(|policy| policy.id == id)
}

impl Resource for CachePolicy {
    const KIND: ResourceKind = ResourceKind::CACHE_POLICY;
    const NAMES: Names = Names {
        create: "CreateCachePolicy",
        create_with_tags: None,
        get: "GetCachePolicy",
        get_config: Some("GetCachePolicyConfig"),
        update: "UpdateCachePolicy",
        delete: "DeleteCachePolicy",
        list: "ListCachePolicies",
        document: "CachePolicy",
        config: Some("CachePolicyConfig"),
        page: "CachePolicyList",
        path: "cache-policy",
    };
    const LAYOUT: Layout = Layout { times: &[Time::LastModified], summary: Summary::WholeWithType };
    const HAS_POLICY_ARN: bool = true;
    const FIRST_VERSION: u64 = 0;
    const REFUSALS: Refusals = Refusals {
        absent: ServiceError::new(Code::NoSuchCachePolicy, "The specified cache policy does not exist."),
        name_taken: Some(NameTaken {
            refusal: ServiceError::new(
                Code::CachePolicyAlreadyExists,
                "Another cache policy with the same name already exists within the aws account.",
            ),
            on_update: true,
        }),
        caller_reference_used: None,
        too_many: ServiceError::new(
            Code::TooManyCachePolicies,
            "You have reached the maximum number of cache policies for this Amazon Web Services account. For more \
             information, see Quotas (formerly known as limits) in the Amazon CloudFront Developer Guide.",
        ),
        in_use: ServiceError::new(
            Code::CachePolicyInUse,
            "The specified cache policy is currently associated with a cache behavior. Please disassociate the \
             policy before deleting.",
        ),
    };
    const RULES: &'static [Code] = &[
        Code::InconsistentQuantities,
        Code::TooManyCookiesInCachePolicy,
        Code::TooManyHeadersInCachePolicy,
        Code::TooManyQueryStringsInCachePolicy,
    ];
    type Config = CachePolicyConfig;

    fn id(random: Uuid) -> String {
        id::uuid(random)
    }

    fn quota(quotas: &Quotas) -> u64 {
        quotas.cache_policies_per_account
    }

    fn managed() -> &'static [ResourceRecord] {
        &MANAGED
    }

    fn complete(config: &mut Members) {
        cache_policy::complete(config);
    }

    fn check(config: &Self::Config, quotas: &Quotas) -> Result<(), ServiceError> {
        config.check(quotas)
    }

    fn name(config: &Self::Config) -> Option<&str> {
        Some(&config.name)
    }
}

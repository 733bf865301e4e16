//! Cache policies: what is in the cache key, and how long an object stays in the cache.

use std::sync::LazyLock;

use keyfront_domain::arn::ResourceKind;
use keyfront_domain::cache_policy::{self, CachePolicyConfig};
use keyfront_domain::{Quotas, id};
use keyfront_error::{Code, ServiceError};
use keyfront_store::records::ResourceRecord;
use uuid::Uuid;

use crate::configuration::{self, Layout, NameTaken, Names, Refusals, Resource, Summary, Time};
use crate::control::distribution_ids::UsedByDistributions;
use crate::operation::Members;

/// A cache policy.
pub(super) struct CachePolicy;

static MANAGED: LazyLock<Vec<ResourceRecord>> = LazyLock::new(|| {
    let managed = cache_policy::MANAGED.iter();
    managed.map(|policy| configuration::managed_record::<CachePolicy>(policy.id, policy.config())).collect()
});

/// Whether an id is of a policy that every account has.
pub(in crate::control) fn is_managed(id: &str) -> bool {
    configuration::is_managed::<CachePolicy>(id)
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

impl UsedByDistributions for CachePolicy {
    const LIST_DISTRIBUTIONS: &'static str = "ListDistributionsByCachePolicyId";
    const LISTED_BY: &'static str = "CachePolicyId";
}

//! Origin request policies: what of a viewer's request is in the request to the origin.

use std::sync::LazyLock;

use keyfront_domain::arn::ResourceKind;
use keyfront_domain::origin_request_policy::{self, OriginRequestPolicyConfig};
use keyfront_domain::{Quotas, id};
use keyfront_error::{Code, ServiceError};
use keyfront_store::records::ResourceRecord;
use uuid::Uuid;

use crate::configuration::{self, Layout, NameTaken, Names, Refusals, Resource, Summary, Time};
use crate::control::distribution_ids::UsedByDistributions;
use crate::operation::Members;

/// An origin request policy.
pub(super) struct OriginRequestPolicy;

static MANAGED: LazyLock<Vec<ResourceRecord>> = LazyLock::new(|| {
    let managed = origin_request_policy::MANAGED.iter();
    managed
        .map(|policy| configuration::managed_record::<OriginRequestPolicy>(policy.id, policy.config()))
        .collect()
});

/// Whether an id is of a policy that every account has.
pub(in crate::control) fn is_managed(id: &str) -> bool {
    configuration::is_managed::<OriginRequestPolicy>(id)
}

impl Resource for OriginRequestPolicy {
    const KIND: ResourceKind = ResourceKind::ORIGIN_REQUEST_POLICY;
    const NAMES: Names = Names {
        create: "CreateOriginRequestPolicy",
        create_with_tags: None,
        get: "GetOriginRequestPolicy",
        get_config: Some("GetOriginRequestPolicyConfig"),
        update: "UpdateOriginRequestPolicy",
        delete: "DeleteOriginRequestPolicy",
        list: "ListOriginRequestPolicies",
        document: "OriginRequestPolicy",
        config: Some("OriginRequestPolicyConfig"),
        page: "OriginRequestPolicyList",
        path: "origin-request-policy",
    };
    const LAYOUT: Layout = Layout { times: &[Time::LastModified], summary: Summary::WholeWithType };
    const HAS_POLICY_ARN: bool = true;
    const FIRST_VERSION: u64 = 0;
    const REFUSALS: Refusals = Refusals {
        absent: ServiceError::new(
            Code::NoSuchOriginRequestPolicy,
            "The specified origin request policy does not exist.",
        ),
        name_taken: Some(NameTaken {
            refusal: ServiceError::new(
                Code::OriginRequestPolicyAlreadyExists,
                "Another origin request policy with the same name already exists within the aws account.",
            ),
            on_update: true,
        }),
        caller_reference_used: None,
        too_many: ServiceError::new(
            Code::TooManyOriginRequestPolicies,
            "You have reached the maximum number of origin request policies for this Amazon Web Services account. For \
             more information, see Quotas (formerly known as limits) in the Amazon CloudFront Developer Guide.",
        ),
        in_use: ServiceError::new(
            Code::OriginRequestPolicyInUse,
            "The specified origin request policy is currently associated with a cache behavior. Please disassociate \
             the policy before deleting.",
        ),
    };
    const RULES: &'static [Code] = &[
        Code::InconsistentQuantities,
        Code::TooManyCookiesInOriginRequestPolicy,
        Code::TooManyHeadersInOriginRequestPolicy,
        Code::TooManyQueryStringsInOriginRequestPolicy,
    ];
    type Config = OriginRequestPolicyConfig;

    fn id(random: Uuid) -> String {
        id::uuid(random)
    }

    fn quota(quotas: &Quotas) -> u64 {
        quotas.origin_request_policies_per_account
    }

    fn managed() -> &'static [ResourceRecord] {
        &MANAGED
    }

    fn complete(config: &mut Members) {
        origin_request_policy::complete(config);
    }

    fn check(config: &Self::Config, quotas: &Quotas) -> Result<(), ServiceError> {
        config.check(quotas)
    }

    fn name(config: &Self::Config) -> Option<&str> {
        Some(&config.name)
    }
}

impl UsedByDistributions for OriginRequestPolicy {
    const LIST_DISTRIBUTIONS: &'static str = "ListDistributionsByOriginRequestPolicyId";
    const LISTED_BY: &'static str = "OriginRequestPolicyId";
}

//! Response headers policies: which headers responses get, and which they lose.

use std::sync::LazyLock;

use keyfront_domain::arn::ResourceKind;
use keyfront_domain::response_headers_policy::{self, ResponseHeadersPolicyConfig};
use keyfront_domain::{Quotas, id, omit_empty_items};
use keyfront_error::{Code, ServiceError};
use keyfront_store::records::ResourceRecord;
use uuid::Uuid;

use crate::configuration::{self, Layout, NameTaken, Names, Refusals, Resource, Summary, Time};
use crate::control::distribution_ids::UsedByDistributions;
use crate::operation::Members;

/// A response headers policy.
pub(super) struct ResponseHeadersPolicy;

static MANAGED: LazyLock<Vec<ResourceRecord>> = LazyLock::new(|| {
    let managed = response_headers_policy::MANAGED.iter();
    managed
        .map(|policy| configuration::managed_record::<ResponseHeadersPolicy>(policy.id, policy.config()))
        .collect()
});

/// Whether an id is of a policy that every account has.
pub(in crate::control) fn is_managed(id: &str) -> bool {
    configuration::is_managed::<ResponseHeadersPolicy>(id)
}

impl Resource for ResponseHeadersPolicy {
    const KIND: ResourceKind = ResourceKind::RESPONSE_HEADERS_POLICY;
    const NAMES: Names = Names {
        create: "CreateResponseHeadersPolicy",
        create_with_tags: None,
        get: "GetResponseHeadersPolicy",
        get_config: Some("GetResponseHeadersPolicyConfig"),
        update: "UpdateResponseHeadersPolicy",
        delete: "DeleteResponseHeadersPolicy",
        list: "ListResponseHeadersPolicies",
        document: "ResponseHeadersPolicy",
        config: Some("ResponseHeadersPolicyConfig"),
        page: "ResponseHeadersPolicyList",
        path: "response-headers-policy",
    };
    const LAYOUT: Layout = Layout { times: &[Time::LastModified], summary: Summary::WholeWithType };
    const HAS_POLICY_ARN: bool = true;
    const FIRST_VERSION: u64 = 0;
    const REFUSALS: Refusals = Refusals {
        absent: ServiceError::new(
            Code::NoSuchResponseHeadersPolicy,
            "The specified response headers policy does not exist.",
        ),
        name_taken: Some(NameTaken {
            refusal: ServiceError::new(
                Code::ResponseHeadersPolicyAlreadyExists,
                "Another response headers policy with the same name already exists within the aws account.",
            ),
            on_update: true,
        }),
        caller_reference_used: None,
        too_many: ServiceError::new(
            Code::TooManyResponseHeadersPolicies,
            "You have reached the maximum number of response headers policies for this Amazon Web Services account. \
             For more information, see Quotas (formerly known as limits) in the Amazon CloudFront Developer Guide.",
        ),
        in_use: ServiceError::new(
            Code::ResponseHeadersPolicyInUse,
            "The specified response headers policy is currently associated with a cache behavior. Please disassociate \
             the policy before deleting.",
        ),
    };
    const RULES: &'static [Code] = &[
        Code::InconsistentQuantities,
        Code::TooLongCSPInResponseHeadersPolicy,
        Code::TooManyCustomHeadersInResponseHeadersPolicy,
        Code::TooManyRemoveHeadersInResponseHeadersPolicy,
    ];
    type Config = ResponseHeadersPolicyConfig;

    fn id(random: Uuid) -> String {
        id::uuid(random)
    }

    fn quota(quotas: &Quotas) -> u64 {
        quotas.response_headers_policies_per_account
    }

    fn managed() -> &'static [ResourceRecord] {
        &MANAGED
    }

    /// Nothing is filled in: a section that is left out stays so.
    fn complete(config: &mut Members) {
        omit_empty_items(config);
    }

    fn check(config: &Self::Config, quotas: &Quotas) -> Result<(), ServiceError> {
        config.check(quotas)
    }

    fn name(config: &Self::Config) -> Option<&str> {
        Some(&config.name)
    }
}

impl UsedByDistributions for ResponseHeadersPolicy {
    const LIST_DISTRIBUTIONS: &'static str = "ListDistributionsByResponseHeadersPolicyId";
    const LISTED_BY: &'static str = "ResponseHeadersPolicyId";
}

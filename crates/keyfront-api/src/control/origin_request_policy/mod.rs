//! Origin request policies: CreateOriginRequestPolicy, GetOriginRequestPolicy, GetOriginRequestPolicyConfig,
//! UpdateOriginRequestPolicy, DeleteOriginRequestPolicy, ListOriginRequestPolicies and
//! ListDistributionsByOriginRequestPolicyId.

mod description;

use crate::configuration::{Create, Delete, Get, GetConfig, List, Update};
use crate::control::distribution_ids::ListDistributionIdsBy;
use crate::operation::Handler;
use description::OriginRequestPolicy;
pub(super) use description::is_managed;

/// The operations of origin request policies.
pub(super) const OPERATIONS: &[Handler] = &[
    Handler::of::<Create<OriginRequestPolicy>>(),
    Handler::of::<Get<OriginRequestPolicy>>(),
    Handler::of::<GetConfig<OriginRequestPolicy>>(),
    Handler::of::<Update<OriginRequestPolicy>>(),
    Handler::of::<Delete<OriginRequestPolicy>>(),
    Handler::of::<List<OriginRequestPolicy>>(),
    Handler::of::<ListDistributionIdsBy<OriginRequestPolicy>>(),
];

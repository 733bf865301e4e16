//! Cache policies: CreateCachePolicy, GetCachePolicy, GetCachePolicyConfig, UpdateCachePolicy, DeleteCachePolicy,
//! ListCachePolicies and ListDistributionsByCachePolicyId.

mod description;

use crate::configuration::{Create, Delete, Get, GetConfig, List, Update};
use crate::control::distribution_ids::ListDistributionIdsBy;
use crate::operation::Handler;
use description::CachePolicy;
pub(super) use description::is_managed;

/// The operations of cache policies.
pub(super) const OPERATIONS: &[Handler] = &[
    Handler::of::<Create<CachePolicy>>(),
    Handler::of::<Get<CachePolicy>>(),
    Handler::of::<GetConfig<CachePolicy>>(),
    Handler::of::<Update<CachePolicy>>(),
    Handler::of::<Delete<CachePolicy>>(),
    Handler::of::<List<CachePolicy>>(),
    Handler::of::<ListDistributionIdsBy<CachePolicy>>(),
];

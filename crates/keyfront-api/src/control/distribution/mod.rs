//! Distributions: CreateDistribution, CreateDistributionWithTags, GetDistribution, GetDistributionConfig,
//! UpdateDistribution, DeleteDistribution, ListDistributions and the lists by what distributions use; staging
//! (CopyDistribution, UpdateDistributionWithStagingConfig), aliases and web ACLs.
//!
//! What a configuration may say and what the service fills in are rules of `keyfront_domain::distribution`; here is what
//! needs the store.

mod alias;
mod copy;
mod description;
mod document;
mod list;
mod list_by;
mod promote;
mod refusals;
mod related;
mod stored;
mod subject;
mod summary;
mod web_acl;

use crate::configuration::{Create, CreateWithTags, Delete, Get, GetConfig, Update};
use crate::operation::Handler;
pub(super) use alias::{change_aliases, half_hidden};
pub(super) use description::Distribution;
pub use list::Summaries;
pub(super) use refusals::NO_SUCH_DISTRIBUTION;
pub(super) use subject::OfDistribution;

/// The operations of distributions.
pub(super) const OPERATIONS: &[Handler] = &[
    Handler::of::<Create<Distribution>>(),
    Handler::of::<CreateWithTags<Distribution>>(),
    Handler::of::<Get<Distribution>>(),
    Handler::of::<GetConfig<Distribution>>(),
    Handler::of::<Update<Distribution>>(),
    Handler::of::<Delete<Distribution>>(),
    Handler::of::<list::ListDistributions>(),
    Handler::of::<copy::CopyDistribution>(),
    Handler::of::<promote::UpdateDistributionWithStagingConfig>(),
    Handler::of::<alias::AssociateAlias>(),
    Handler::of::<alias::ListConflictingAliases>(),
    Handler::of::<web_acl::AssociateDistributionWebACL>(),
    Handler::of::<web_acl::DisassociateDistributionWebACL>(),
    Handler::of::<list_by::ListDistributionsBy<list_by::AnycastIpListId>>(),
    Handler::of::<list_by::ListDistributionsBy<list_by::ConnectionFunction>>(),
    Handler::of::<list_by::ListDistributionsBy<list_by::ConnectionMode>>(),
    Handler::of::<list_by::ListDistributionsBy<list_by::RealtimeLogConfig>>(),
    Handler::of::<list_by::ListDistributionsBy<list_by::TrustStore>>(),
    Handler::of::<list_by::ListDistributionsBy<list_by::WebACLId>>(),
];

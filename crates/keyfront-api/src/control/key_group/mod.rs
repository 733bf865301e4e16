//! Key groups: CreateKeyGroup, GetKeyGroup, GetKeyGroupConfig, UpdateKeyGroup, DeleteKeyGroup, ListKeyGroups
//! and ListDistributionsByKeyGroup.

mod description;

use crate::configuration::{Create, Delete, Get, GetConfig, List, Update};
use crate::control::distribution_ids::ListDistributionIdsBy;
use crate::operation::Handler;
use description::KeyGroup;

/// The operations of key groups.
pub(super) const OPERATIONS: &[Handler] = &[
    Handler::of::<Create<KeyGroup>>(),
    Handler::of::<Get<KeyGroup>>(),
    Handler::of::<GetConfig<KeyGroup>>(),
    Handler::of::<Update<KeyGroup>>(),
    Handler::of::<Delete<KeyGroup>>(),
    Handler::of::<List<KeyGroup>>(),
    Handler::of::<ListDistributionIdsBy<KeyGroup>>(),
];

//! Resource policies: PutResourcePolicy, GetResourcePolicy, DeleteResourcePolicy and ListDistributionsByOwnedResource.

mod delete;
mod get;
mod list_distributions;
mod put;
mod resource;

use crate::operation::Handler;

/// The operations of resource policies.
pub(super) const OPERATIONS: &[Handler] = &[
    Handler::of::<put::PutResourcePolicy>(),
    Handler::of::<get::GetResourcePolicy>(),
    Handler::of::<delete::DeleteResourcePolicy>(),
    Handler::of::<list_distributions::ListDistributionsByOwnedResource>(),
];

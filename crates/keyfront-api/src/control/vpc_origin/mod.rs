//! VPC origins: CreateVpcOrigin, GetVpcOrigin, UpdateVpcOrigin, DeleteVpcOrigin, ListVpcOrigins and
//! ListDistributionsByVpcOriginId.

mod description;
mod list;

use crate::configuration::{Create, Delete, Get, Update};
use crate::control::distribution_ids::ListDistributionIdsBy;
use crate::operation::Handler;
pub(super) use description::NO_SUCH_VPC_ORIGIN;
use description::VpcOrigin;

/// The operations of VPC origins.
pub(super) const OPERATIONS: &[Handler] = &[
    Handler::of::<Create<VpcOrigin>>(),
    Handler::of::<Get<VpcOrigin>>(),
    Handler::of::<Update<VpcOrigin>>(),
    Handler::of::<Delete<VpcOrigin>>(),
    Handler::of::<list::ListVpcOrigins>(),
    Handler::of::<ListDistributionIdsBy<VpcOrigin>>(),
];

//! VPC origins: CreateVpcOrigin, GetVpcOrigin, UpdateVpcOrigin, DeleteVpcOrigin, ListVpcOrigins and
//! ListDistributionsByVpcOriginId.

mod description;

use crate::configuration::{Create, Delete, Get, List, Update};
use crate::control::distribution_ids::ListDistributionIdsBy;
use crate::operation::Handler;
use description::VpcOrigin;

/// The operations of VPC origins.
pub(super) const OPERATIONS: &[Handler] = &[
    Handler::of::<Create<VpcOrigin>>(),
    Handler::of::<Get<VpcOrigin>>(),
    Handler::of::<Update<VpcOrigin>>(),
    Handler::of::<Delete<VpcOrigin>>(),
    Handler::of::<List<VpcOrigin>>(),
    Handler::of::<ListDistributionIdsBy<VpcOrigin>>(),
];

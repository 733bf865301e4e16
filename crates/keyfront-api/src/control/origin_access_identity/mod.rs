//! Origin access identities: CreateCloudFrontOriginAccessIdentity, GetCloudFrontOriginAccessIdentity,
//! GetCloudFrontOriginAccessIdentityConfig, UpdateCloudFrontOriginAccessIdentity, DeleteCloudFrontOriginAccessIdentity
//! and ListCloudFrontOriginAccessIdentities.

mod description;

use crate::configuration::{Create, Delete, Get, GetConfig, List, Update};
use crate::operation::Handler;
use description::OriginAccessIdentity;

/// The operations of origin access identities.
pub(super) const OPERATIONS: &[Handler] = &[
    Handler::of::<Create<OriginAccessIdentity>>(),
    Handler::of::<Get<OriginAccessIdentity>>(),
    Handler::of::<GetConfig<OriginAccessIdentity>>(),
    Handler::of::<Update<OriginAccessIdentity>>(),
    Handler::of::<Delete<OriginAccessIdentity>>(),
    Handler::of::<List<OriginAccessIdentity>>(),
];

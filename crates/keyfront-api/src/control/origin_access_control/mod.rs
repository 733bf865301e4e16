//! Origin access controls: CreateOriginAccessControl, GetOriginAccessControl, GetOriginAccessControlConfig,
//! UpdateOriginAccessControl, DeleteOriginAccessControl and ListOriginAccessControls.

mod description;

use crate::configuration::{Create, Delete, Get, GetConfig, List, Update};
use crate::operation::Handler;
use description::OriginAccessControl;

/// The operations of origin access controls.
pub(super) const OPERATIONS: &[Handler] = &[
    Handler::of::<Create<OriginAccessControl>>(),
    Handler::of::<Get<OriginAccessControl>>(),
    Handler::of::<GetConfig<OriginAccessControl>>(),
    Handler::of::<Update<OriginAccessControl>>(),
    Handler::of::<Delete<OriginAccessControl>>(),
    Handler::of::<List<OriginAccessControl>>(),
];

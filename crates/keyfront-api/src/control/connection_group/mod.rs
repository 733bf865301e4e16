//! Connection groups: CreateConnectionGroup, GetConnectionGroup, GetConnectionGroupByRoutingEndpoint,
//! UpdateConnectionGroup, DeleteConnectionGroup and ListConnectionGroups.

mod default_group;
mod description;

use crate::configuration::{Create, Delete, Get, GetByDomainName, List, Update};
use crate::operation::Handler;
pub(in crate::control) use default_group::ensure_default;
use description::ConnectionGroup;

/// The operations of connection groups.
pub(super) const OPERATIONS: &[Handler] = &[
    Handler::of::<Create<ConnectionGroup>>(),
    Handler::of::<Get<ConnectionGroup>>(),
    Handler::of::<GetByDomainName<ConnectionGroup>>(),
    Handler::of::<Update<ConnectionGroup>>(),
    Handler::of::<Delete<ConnectionGroup>>(),
    Handler::of::<List<ConnectionGroup>>(),
];

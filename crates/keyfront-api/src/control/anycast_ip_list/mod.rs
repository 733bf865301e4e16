//! Anycast lists: CreateAnycastIpList, GetAnycastIpList, UpdateAnycastIpList, DeleteAnycastIpList and
//! ListAnycastIpLists.

mod description;

use crate::configuration::{Create, Delete, Get, List, Update};
use crate::operation::Handler;
use description::AnycastIpList;

/// The operations of Anycast lists.
pub(super) const OPERATIONS: &[Handler] = &[
    Handler::of::<Create<AnycastIpList>>(),
    Handler::of::<Get<AnycastIpList>>(),
    Handler::of::<Update<AnycastIpList>>(),
    Handler::of::<Delete<AnycastIpList>>(),
    Handler::of::<List<AnycastIpList>>(),
];

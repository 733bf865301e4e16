//! Trust stores: CreateTrustStore, GetTrustStore, UpdateTrustStore, DeleteTrustStore and ListTrustStores.

mod bundle;
mod description;

use crate::configuration::{Create, Delete, Get, List, Update};
use crate::operation::Handler;
use description::TrustStore;

/// The operations of trust stores.
pub(super) const OPERATIONS: &[Handler] = &[
    Handler::of::<Create<TrustStore>>(),
    Handler::of::<Get<TrustStore>>(),
    Handler::of::<Update<TrustStore>>(),
    Handler::of::<Delete<TrustStore>>(),
    Handler::of::<List<TrustStore>>(),
];

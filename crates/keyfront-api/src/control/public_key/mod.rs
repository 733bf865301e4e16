//! Public keys: CreatePublicKey, GetPublicKey, GetPublicKeyConfig, UpdatePublicKey, DeletePublicKey and
//! ListPublicKeys.

mod description;

use crate::configuration::{Create, Delete, Get, GetConfig, List, Update};
use crate::operation::Handler;
pub(super) use description::NO_SUCH_PUBLIC_KEY;
use description::PublicKey;

/// The operations of public keys.
pub(super) const OPERATIONS: &[Handler] = &[
    Handler::of::<Create<PublicKey>>(),
    Handler::of::<Get<PublicKey>>(),
    Handler::of::<GetConfig<PublicKey>>(),
    Handler::of::<Update<PublicKey>>(),
    Handler::of::<Delete<PublicKey>>(),
    Handler::of::<List<PublicKey>>(),
];

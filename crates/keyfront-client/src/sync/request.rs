//! The request for a synchronization: a store, the wanted pairs, and limits.

use std::num::NonZeroUsize;

use keyfront_domain::Quotas;

use crate::pairs::Pairs;
use crate::plan::Ownership;

/// A store and the pairs that it should hold.
#[derive(Clone, Copy, Debug)]
pub struct SyncRequest<'a> {
    /// The store.
    pub arn: &'a str,
    /// The pairs that it should hold.
    pub wanted: &'a Pairs,
    /// Which keys of the store the request may change.
    pub ownership: &'a Ownership,
    /// Most pairs in one request; `None` for the service's limit.
    pub batch_size: Option<NonZeroUsize>,
    /// The service's limits.
    pub quotas: &'a Quotas,
}

//! The engine's entries that hold invalidations, for readers that follow the engine's commits.

use bytes::Bytes;
use keyfront_domain::arn::Arn;

use crate::records::{InvalidationRecord, damaged};
use crate::{Range, Record, StoreError, keyspace};

/// The range of all invalidations of all accounts.
pub fn all() -> Range {
    keyspace::all_invalidations().range()
}

/// The distribution or the tenant whose invalidation a key of the range [`all`] is; `None` for a key that no version of
/// Keyfront writes.
pub fn owner(key: &[u8]) -> Option<Arn> {
    keyspace::invalidated(key.get(1..)?)
}

/// Reads the value of an invalidation's key.
///
/// # Errors
/// A later version wrote it, or it is damaged.
pub fn read(value: &Bytes) -> Result<InvalidationRecord, StoreError> {
    InvalidationRecord::decode(value).ok_or_else(|| damaged("invalidation"))
}

//! The engine's entries that hold a store's pairs, for readers that follow the engine's commits.
//!
//! The verbs beside this module read and write them; a follower sees them go by. It learns here which keys are a
//! store's and what their values say, so that the layout of keys stays in one place.

use bytes::Bytes;
use keyfront_domain::arn::KeyValueStoreArn;

use crate::records::{Generation, PairsRecord, damaged, decode_pair};
use crate::{Entry, Range, StoreError, keyspace};

pub use crate::records::encode_pair;

/// Which entry of a store's pairs a key is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum PairsEntry {
    /// The head: status, version, totals and times.
    Head,
    /// A pair of a generation, which is the current one if the head names it.
    Pair(Generation),
}

/// The store and the entry of its pairs that a key of the engine is; `None` for every other key.
pub fn locate(key: &[u8]) -> Option<(KeyValueStoreArn, PairsEntry)> {
    if keyspace::is_pair(key) {
        let (store, generation) = keyspace::owner_of_pair(key)?;
        Some((store, PairsEntry::Pair(generation)))
    } else if keyspace::is_pairs(key) {
        Some((keyspace::store_of(key)?, PairsEntry::Head))
    } else {
        None
    }
}

/// The key of the head of a store's pairs.
pub fn head_key(store: &KeyValueStoreArn) -> Bytes {
    keyspace::pairs(store).bytes()
}

/// The range of the pairs of one generation of a store.
pub fn pairs_range(store: &KeyValueStoreArn, generation: Generation) -> Range {
    Range::prefix(keyspace::pairs_of(store, generation))
}

/// The range of the pairs of all generations of a store but the first.
pub fn later_pairs_range(store: &KeyValueStoreArn) -> Range {
    Range::prefix(keyspace::later_pairs(store))
}

/// The engine's key of a pair.
pub fn pair_key(store: &KeyValueStoreArn, generation: Generation, key: &str) -> Bytes {
    keyspace::pair(store, generation, key)
}

/// Reads the value of a head.
///
/// # Errors
/// A later version wrote it, or it is damaged.
pub fn read_head(value: &[u8]) -> Result<PairsRecord, StoreError> {
    PairsRecord::decode(value)
}

/// Reads a pair: its key from the engine's key, its value from the engine's value.
///
/// # Errors
/// A later version wrote it, or it is damaged.
pub fn read_pair<'e>(key: &'e [u8], value: &'e [u8]) -> Result<(&'e str, &'e str), StoreError> {
    Ok((read_pair_key(key)?, decode_pair(value)?))
}

/// Reads a pair's key from the engine's key.
///
/// # Errors
/// It is damaged.
pub fn read_pair_key(key: &[u8]) -> Result<&str, StoreError> {
    keyspace::pair_key(key).ok_or_else(|| damaged("pair"))
}

/// A pair's key and value.
pub(super) fn pair(entry: &Entry) -> Result<(&str, &str), StoreError> {
    let key = keyspace::pair_key(&entry.key).ok_or_else(|| damaged("pair"))?;
    Ok((key, decode_pair(&entry.value)?))
}

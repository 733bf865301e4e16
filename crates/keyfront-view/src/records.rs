//! Decoded entries of the engine by their keys, for projections of whole tables.

use std::ops::Bound;

use bytes::Bytes;
use immutable_chunkmap::map::Map;
use keyfront_store::{Entry, Range};

use crate::projection::{RangeWrite, Written};

/// Entries that lie in one piece of memory, at most. A changed entry copies one piece.
const ENTRIES_PER_PIECE: usize = 16;

/// What was made of entries, by the engine's keys. A changed map shares what did not change with the one before.
pub(crate) struct Records<V: Clone> {
    by_key: Map<Bytes, V, ENTRIES_PER_PIECE>,
}

impl<V: Clone> Records<V> {
    /// What `decode` makes of the entries of all ranges.
    pub(crate) fn from_entries(ranges: &[Vec<Entry>], decode: impl Fn(&Bytes, &Bytes) -> V) -> Records<V> {
        let entries = ranges.iter().flatten();
        let decoded = entries.map(|entry| (entry.key.clone(), decode(&entry.key, &entry.value)));
        Records { by_key: Map::new().insert_many(decoded) }
    }

    /// The same after writes to the ranges `ranges`.
    pub(crate) fn after(
        &self,
        ranges: &[Range],
        writes: &[RangeWrite<'_>],
        decode: impl Fn(&Bytes, &Bytes) -> V,
    ) -> Records<V> {
        let mut by_key = self.by_key.clone();
        for RangeWrite { range, write } in writes {
            let (start, end): (&[u8], &[u8]) = match write {
                Written::Put { key, value } => {
                    by_key.insert_cow(Bytes::clone(key), decode(key, value));
                    continue;
                }
                Written::Deleted { key } => {
                    by_key.remove_cow(*key);
                    continue;
                }
                Written::DeletedRange { start, end } => (start, end),
                Written::Cleared => {
                    let Some(range) = ranges.get(*range) else { continue };
                    (&range.start, &range.end)
                }
            };
            let end = if end.is_empty() { Bound::Unbounded } else { Bound::Excluded(end) };
            let gone = by_key.range::<[u8], _>((Bound::Included(start), end));
            let gone: Vec<_> = gone.map(|(key, _)| key.clone()).collect();
            by_key = by_key.remove_many(gone);
        }
        Records { by_key }
    }

    pub(crate) fn get(&self, key: &[u8]) -> Option<&V> {
        self.by_key.get(key)
    }

    /// All of them, in the order of their keys.
    pub(crate) fn iter(&self) -> impl Iterator<Item = (&Bytes, &V)> {
        self.by_key.into_iter()
    }
}

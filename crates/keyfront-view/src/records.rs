//! Decoded entries of the engine by their keys, for projections of whole tables.

use std::cmp::Ordering;
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

    /// The keys, in their order, that one of two maps alone has, or whose values are not `same`.
    pub(crate) fn differing_keys<'r>(
        &'r self,
        earlier: &'r Records<V>,
        same: impl Fn(&V, &V) -> bool,
    ) -> Vec<&'r Bytes> {
        let (mut now, mut before) =
            (self.by_key.into_iter().peekable(), earlier.by_key.into_iter().peekable());
        let mut differing = Vec::new();
        loop {
            let order = match (now.peek(), before.peek()) {
                (None, None) => return differing,
                (Some(_), None) => Ordering::Less,
                (None, Some(_)) => Ordering::Greater,
                (Some((now, _)), Some((before, _))) => now.cmp(before),
            };
            let added = if order.is_le() { now.next() } else { None };
            let removed = if order.is_ge() { before.next() } else { None };
            match (added, removed) {
                (Some((_, now)), Some((_, before))) if same(now, before) => {}
                (Some((key, _)), _) | (None, Some((key, _))) => differing.push(key),
                (None, None) => {}
            }
        }
    }
}

impl<V: Clone> Default for Records<V> {
    fn default() -> Records<V> {
        Records { by_key: Map::new() }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn records(entries: &[(&'static str, u8)]) -> Records<u8> {
        let entries = entries.iter();
        Records { by_key: Map::new().insert_many(entries.map(|(key, value)| (Bytes::from(*key), *value))) }
    }

    #[test]
    fn keys_differ_that_came_went_or_have_another_value() {
        let earlier = records(&[("a", 1), ("b", 1), ("c", 1)]);
        for (now, differing) in [
            (vec![("a", 1), ("b", 1), ("c", 1)], vec![]),
            (vec![("b", 2), ("c", 1), ("d", 1)], vec!["a", "b", "d"]),
            (vec![("0", 1), ("a", 1), ("aa", 1), ("b", 1)], vec!["0", "aa", "c"]),
            (vec![], vec!["a", "b", "c"]),
        ] {
            let now = records(&now);
            let same = |now: &u8, before: &u8| now == before;
            assert_eq!(now.differing_keys(&earlier, same), differing);
            assert_eq!(earlier.differing_keys(&now, same), differing);
        }
    }
}

//! Which part of a projection a write belongs to.

use std::collections::{BTreeMap, HashMap};
use std::hash::Hash;
use std::ops::Bound;

use bytes::Bytes;
use keyfront_store::{Range, Write};

use crate::projection::{RangeWrite, Written};

/// The ranges of all parts that are followed, in the order of their first keys. They do not overlap.
pub(crate) struct Router<K> {
    ranges: BTreeMap<Bytes, PartRange<K>>,
}

/// One range of a part.
struct PartRange<K> {
    /// The first key behind it; empty means that the range has no end.
    end: Bytes,
    part: K,
    /// Its position among the part's ranges.
    index: usize,
}

impl<K: Clone + Eq + Hash> Router<K> {
    pub(crate) fn new() -> Router<K> {
        Router { ranges: BTreeMap::new() }
    }

    pub(crate) fn add(&mut self, part: &K, ranges: Vec<Range>) {
        for (index, range) in ranges.into_iter().enumerate() {
            let Range { start, end, .. } = range;
            self.ranges.insert(start, PartRange { end, part: part.clone(), index });
        }
    }

    pub(crate) fn remove(&mut self, ranges: &[Range]) {
        for range in ranges {
            self.ranges.remove(&range.start);
        }
    }

    /// The writes of a commit by the parts that they meet, in the order of the commit.
    pub(crate) fn route<'c>(&'c self, writes: &'c [Write]) -> HashMap<&'c K, Vec<RangeWrite<'c>>> {
        let mut routed: HashMap<&K, Vec<RangeWrite<'c>>> = HashMap::new();
        if self.ranges.is_empty() {
            return routed;
        }
        let mut add = |range: &'c PartRange<K>, write| {
            routed.entry(&range.part).or_default().push(RangeWrite { range: range.index, write });
        };
        for write in writes {
            match write {
                Write::Put { key, value } => {
                    if let Some(range) = self.range_of(key) {
                        add(range, Written::Put { key, value });
                    }
                }
                Write::Delete { key } => {
                    if let Some(range) = self.range_of(key) {
                        add(range, Written::Deleted { key });
                    }
                }
                Write::DeleteRange { start, end } => {
                    for (first, range) in self.ranges_between(start, end) {
                        add(range, clip(first, &range.end, start, end));
                    }
                }
            }
        }
        routed
    }

    /// The range that a key lies in.
    fn range_of(&self, key: &[u8]) -> Option<&PartRange<K>> {
        let (_, range) = self.before(key)?;
        is_before(key, &range.end).then_some(range)
    }

    /// The last range whose first key is not after `key`.
    fn before(&self, key: &[u8]) -> Option<(&Bytes, &PartRange<K>)> {
        self.ranges.range::<[u8], _>((Bound::Unbounded, Bound::Included(key))).next_back()
    }

    /// The ranges that have keys from `start` up to, and without, `end`.
    fn ranges_between<'c>(
        &'c self,
        start: &'c [u8],
        end: &'c [u8],
    ) -> impl Iterator<Item = (&'c Bytes, &'c PartRange<K>)> {
        let is_empty = !end.is_empty() && start >= end;
        let first = self.before(start).filter(|(_, range)| is_before(start, &range.end));
        let others = self.ranges.range::<[u8], _>((Bound::Excluded(start), Bound::Unbounded));
        let others = others.take_while(move |(first, _)| is_before(first, end));
        first.into_iter().chain(others).filter(move |_| !is_empty)
    }
}

/// Whether a key lies before the end of a range.
fn is_before(key: &[u8], end: &[u8]) -> bool {
    end.is_empty() || key < end
}

/// What the removal of a range of keys means within another one that it meets.
fn clip<'c>(first: &'c [u8], after: &'c [u8], start: &'c [u8], end: &'c [u8]) -> Written<'c> {
    let ends_within = !end.is_empty() && is_before(end, after) && end != after;
    if start <= first && !ends_within {
        return Written::Cleared;
    }
    Written::DeletedRange { start: start.max(first), end: if ends_within { end } else { after } }
}

//! What is read: ranges of keys, and the entries of one snapshot.

use std::fmt;
use std::ops::Bound;

use bytes::Bytes;

use super::{Version, successor};

/// A key with its value and the commit that last wrote it.
#[derive(Clone, PartialEq, Eq)]
pub struct Entry {
    /// The key.
    pub key: Bytes,
    /// The value.
    pub value: Bytes,
    /// The commit that last wrote this key; never [`Version::NEVER`].
    pub version: Version,
}

/// Values may be secret, so only their length is printed.
impl fmt::Debug for Entry {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Entry { key, value, version } = self;
        write!(f, "Entry({key:?}, {} bytes, version {})", value.len(), version.0)
    }
}

/// Keys from `start` up to `end`, at most `limit` of them.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Range {
    /// The first key.
    pub start: Bytes,
    /// The first key that is no longer part of it; empty means that the range has no end.
    pub end: Bytes,
    /// The most entries to return.
    pub limit: usize,
}

impl Range {
    /// Every key from `start` up to, and without, `end` (empty: without an end).
    #[must_use]
    pub fn new(start: impl Into<Bytes>, end: impl Into<Bytes>) -> Range {
        Range { start: start.into(), end: end.into(), limit: usize::MAX }
    }

    /// One key.
    #[must_use]
    pub fn key(key: impl Into<Bytes>) -> Range {
        let start = key.into();
        let end = successor(&start);
        Range { start, end, limit: 1 }
    }

    /// Every key that begins with `prefix`; an empty prefix means every key.
    #[must_use]
    pub fn prefix(prefix: impl Into<Bytes>) -> Range {
        let start = prefix.into();
        let end = after_prefix(&start);
        Range { start, end, limit: usize::MAX }
    }

    /// The part of this range that lies strictly after `key`.
    #[must_use]
    pub fn after(self, key: &[u8]) -> Range {
        let start = self.start.max(successor(key));
        Range { start, ..self }
    }

    /// The same range with at most `n` entries.
    #[must_use]
    pub fn limit(self, n: usize) -> Range {
        Range { limit: n, ..self }
    }

    /// True when no key can be part of it. Ordered maps differ in what they do with such bounds, so
    /// engines ask first.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.limit == 0 || is_no_range(&self.start, &self.end)
    }

    /// True for a range made for one key.
    #[must_use]
    pub fn is_one_key(&self) -> bool {
        self.end.len() == self.start.len() + 1
            && self.end.last() == Some(&0)
            && self.end.starts_with(&self.start)
            && self.limit > 0
    }
}

/// True when no key lies between the two.
#[must_use]
pub fn is_no_range(start: &[u8], end: &[u8]) -> bool {
    !end.is_empty() && start >= end
}

/// The bounds of a pair of keys as ordered maps take them.
#[must_use]
pub fn bounds<'a>(start: &'a [u8], end: &'a [u8]) -> (Bound<&'a [u8]>, Bound<&'a [u8]>) {
    let end = if end.is_empty() { Bound::Unbounded } else { Bound::Excluded(end) };
    (Bound::Included(start), end)
}

/// The first key after every key with this prefix, empty when there is none.
fn after_prefix(prefix: &[u8]) -> Bytes {
    let mut end = prefix.to_vec();
    while let Some(last) = end.pop() {
        if last < u8::MAX {
            end.push(last + 1);
            break;
        }
    }
    Bytes::from(end)
}

/// What a read found: the entries of each range, all as of one version.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub struct Snapshot {
    /// The last commit that these entries reflect.
    pub version: Version,
    /// The entries, one list per range in the order asked, each in key order.
    pub ranges: Vec<Vec<Entry>>,
}

impl Snapshot {
    /// The entries of the range number `i`; none when fewer were asked for.
    #[must_use]
    pub fn range(&self, i: usize) -> &[Entry] {
        self.ranges.get(i).map_or(&[], Vec::as_slice)
    }

    /// The first entry of the range number `i`: for [`Range::key`] the entry, if the key is present.
    #[must_use]
    pub fn one(&self, i: usize) -> Option<&Entry> {
        self.range(i).first()
    }

    /// The version of the first entry of the range number `i`, [`Version::NEVER`] when it is empty:
    /// what a [`Check`](super::Check) on that key has to name.
    #[must_use]
    pub fn version_of(&self, i: usize) -> Version {
        self.one(i).map_or(Version::NEVER, |entry| entry.version)
    }
}

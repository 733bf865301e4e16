//! The pairs of a key value store as a persistent map, as functions read them.
//!
//! A changed map shares what did not change with the one before, so that a write costs what the write costs. How
//! maps follow the store is the business of `keyfront-view`.

use std::collections::BTreeMap;
use std::fmt;
use std::ops::Bound;
use std::sync::Arc;

use immutable_chunkmap::map::Map;

/// The pairs that lie in one piece of memory, at most. A changed pair copies one piece, so larger pieces make
/// writes slower and small stores larger; smaller ones make the tree of pieces, and with it reads, deeper.
const PAIRS_PER_PIECE: usize = 64;

/// All pairs of a key value store at one version. Cheap to clone; it never changes.
#[derive(Clone)]
pub struct StorePairs {
    pairs: Map<Arc<str>, Arc<str>, PAIRS_PER_PIECE>,
    created_ms: i64,
    modified_ms: i64,
}

impl StorePairs {
    /// A map without pairs. Times are milliseconds since the epoch.
    pub fn empty(created_ms: i64, modified_ms: i64) -> StorePairs {
        StorePairs { pairs: Map::new(), created_ms, modified_ms }
    }

    /// The map with these pairs put; what it had under other keys stays. Of a key that comes twice, the last
    /// value counts.
    #[must_use]
    pub fn with<'a>(&self, pairs: impl IntoIterator<Item = (&'a str, &'a str)>) -> StorePairs {
        self.changed(pairs.into_iter().map(|(key, value)| (key, Some(value))))
    }

    /// The map with changes made to it: a value is put under its key, nothing removes the key. Of a key that
    /// comes twice, the last change counts.
    ///
    /// It costs what the changes cost, and is quickest when they come in the order of their keys' bytes.
    #[must_use]
    pub fn changed<'a>(&self, changes: impl IntoIterator<Item = (&'a str, Option<&'a str>)>) -> StorePairs {
        // The map takes each key once, and many keys in order far quicker than one by one.
        let changes: BTreeMap<&str, Option<&str>> = changes.into_iter().collect();
        let changes = changes.into_iter().map(|(key, value)| (Arc::<str>::from(key), value));
        let pairs = self.pairs.update_many(changes, |key, value, held| {
            let value = value?;
            // The key that is there already is shared on.
            Some((held.map_or(key, |(held, _)| Arc::clone(held)), Arc::from(value)))
        });
        StorePairs { pairs, ..*self }
    }

    /// The same pairs with other times, in milliseconds since the epoch.
    #[must_use]
    pub fn at(&self, created_ms: i64, modified_ms: i64) -> StorePairs {
        StorePairs { pairs: self.pairs.clone(), created_ms, modified_ms }
    }

    /// The value under a key.
    pub fn get(&self, key: &str) -> Option<&Arc<str>> {
        self.pairs.get(key)
    }

    /// Whether there is a value under a key.
    pub fn contains(&self, key: &str) -> bool {
        self.pairs.get(key).is_some()
    }

    /// Keys and values in the order of the keys' bytes, beginning with the first key that is not before `start`.
    pub fn iter_from<'a>(&'a self, start: &'a str) -> impl Iterator<Item = (&'a str, &'a str)> {
        let range = (Bound::Included(start), Bound::Unbounded);
        self.pairs.range::<str, _>(range).map(|(key, value)| (&**key, &**value))
    }

    /// How many pairs there are.
    pub fn len(&self) -> usize {
        self.pairs.len()
    }

    /// Whether there are none.
    pub fn is_empty(&self) -> bool {
        self.pairs.len() == 0
    }

    /// When the store was created, in milliseconds since the epoch.
    pub fn created_ms(&self) -> i64 {
        self.created_ms
    }

    /// When the store was last changed, in milliseconds since the epoch.
    pub fn modified_ms(&self) -> i64 {
        self.modified_ms
    }
}

/// Values may be secret, so only their number is printed.
impl fmt::Debug for StorePairs {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let StorePairs { pairs, created_ms, modified_ms } = self;
        write!(f, "StorePairs({} pairs, created {created_ms}, modified {modified_ms})", pairs.len())
    }
}

#[cfg(test)]
mod tests;

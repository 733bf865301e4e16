//! The pairs of a key value store as a running invocation reads them: from memory, or over the border of its process.

use std::rc::Rc;
use std::sync::Arc;

use keyfront_domain::pairs::StorePairs;

/// Reads one image of a key value store: however often an invocation reads, it sees the pairs of one moment.
pub(crate) trait PairReader {
    /// The value under a key.
    fn get(&self, key: &str) -> Option<Arc<str>>;

    /// Whether there is a value under a key.
    fn contains(&self, key: &str) -> bool;

    /// Number of pairs, and times of the store.
    fn meta(&self) -> StoreMeta;
}

/// What `meta()` tells of a store. Times are in milliseconds since the epoch.
#[derive(Clone, Copy, PartialEq, Eq, Debug, borsh::BorshSerialize, borsh::BorshDeserialize)]
pub(crate) struct StoreMeta {
    pub(crate) keys: u64,
    pub(crate) created_ms: i64,
    pub(crate) modified_ms: i64,
}

impl PairReader for Arc<StorePairs> {
    fn get(&self, key: &str) -> Option<Arc<str>> {
        StorePairs::get(self, key).cloned()
    }

    fn contains(&self, key: &str) -> bool {
        StorePairs::contains(self, key)
    }

    fn meta(&self) -> StoreMeta {
        StoreMeta {
            keys: u64::try_from(self.len()).unwrap_or(u64::MAX),
            created_ms: self.created_ms(),
            modified_ms: self.modified_ms(),
        }
    }
}

/// The key value store that is associated with a function: its id, and its pairs at one moment.
#[derive(Clone)]
pub(crate) struct AssociatedStore {
    pub(crate) id: String,
    pub(crate) pairs: Rc<dyn PairReader>,
}

//! What the data plane answers.

use crate::pairs::Pairs;

/// A store as the data plane describes it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct StoreMetadata {
    /// The ETag of the pairs.
    pub etag: String,
    /// Number of pairs.
    pub item_count: u64,
    /// Bytes of all keys and values.
    pub total_size_in_bytes: u64,
    /// When it was made, in UTC.
    pub created: String,
    /// When a pair last changed, in UTC.
    pub modified: Option<String>,
    /// `READY` if the pairs can be read.
    pub status: String,
    /// Why the import failed, if it did.
    pub failure_reason: Option<String>,
}

/// All pairs of a store, read from one version of it.
#[derive(Clone, Debug)]
pub struct StoredPairs {
    /// The ETag of that version.
    pub etag: String,
    /// The pairs.
    pub pairs: Pairs,
}

/// The answer to a write.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Written {
    /// The ETag afterwards.
    pub etag: String,
    /// Number of pairs afterwards.
    pub item_count: u64,
    /// Bytes of all keys and values afterwards.
    pub total_size_in_bytes: u64,
}

impl Written {
    pub(crate) fn new(etag: &str, items: i32, bytes: i64) -> Written {
        Written { etag: etag.to_owned(), item_count: unsigned(items), total_size_in_bytes: unsigned(bytes) }
    }
}

/// A count of the service, which is never negative.
pub(super) fn unsigned(number: impl TryInto<u64>) -> u64 {
    number.try_into().unwrap_or_default()
}

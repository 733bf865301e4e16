//! The engine seam: ordered byte keys, reads from one snapshot, a checked atomic commit, a watch.
//!
//! Everything above this line speaks in records and everything below in files or networks; what they
//! share is this trait. An engine knows no record, no account and no clock. It passes the conformance
//! suite of `keyfront-testkit`, which is the definition of what the words below mean.

mod backup;
mod batch;
mod changes;
mod error;
mod hold;
mod limits;
mod memory;
mod range;
mod stats;
#[cfg(test)]
mod tests;

use async_trait::async_trait;
use bytes::Bytes;

pub use backup::{Backup, Progress};
pub use batch::{Batch, Check, Outcome, Write};
pub use changes::{Change, ChangeLog, Changes, Next};
pub use error::{Cause, StoreError, Unusable};
pub use hold::{Grant, Hold};
pub use limits::Limits;
pub use memory::{MemoryEngine, MemorySettings};
pub use range::{Entry, Range, Snapshot, bounds, is_no_range};
pub use stats::Stats;

/// The number of a commit. As the version of an entry: the commit that last wrote the key.
///
/// It grows with every batch that writes something, by one or by more, and survives a restart. Engines that
/// share their counter with others leave numbers out. Batches that wait for their commits at the same time may share a
/// version if none checks or writes what another one writes, but for equal puts; a watch brings them as one.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug, Default)]
pub struct Version(pub u64);

impl Version {
    /// The version of a key that is absent, and of a store without a write.
    pub const NEVER: Version = Version(0);

    /// The smallest version that a later commit can have.
    #[must_use]
    pub fn next(self) -> Version {
        Version(self.0.saturating_add(1))
    }
}

/// A store of ordered byte keys that is durable before it answers.
#[async_trait]
pub trait Engine: Send + Sync + 'static {
    /// The entries of each range in key order, all from one snapshot that holds every commit
    /// answered before this call.
    async fn read(&self, ranges: &[Range]) -> Result<Snapshot, StoreError>;

    /// Like [`read`](Engine::read), but the answer may lack the commits of the last moments, for an engine that has such a
    /// one sooner; `None` from all others. Where all ranges are single keys, each may be of a moment of its own.
    ///
    /// It is for what the checks of a commit confirm, one for each single key. Nothing may be answered that rests on it
    /// alone.
    async fn read_recent(&self, _ranges: &[Range]) -> Option<Result<Snapshot, StoreError>> {
        None
    }

    /// Commits a batch: all its checks held and all its writes are durable, or nothing happened.
    ///
    /// A batch without writes asserts its checks and leaves the version as it is. One that is beyond the
    /// [`limits`](Engine::limits) is refused with [`StoreError::TooLarge`]. Dropping the future
    /// before it answers leaves the outcome open. After an error, [`StoreError::outcome_is_known`]
    /// says whether the batch certainly did not happen.
    async fn commit(&self, batch: Batch) -> Result<Outcome, StoreError>;

    /// The batches committed after `after`, in order and without gaps.
    ///
    /// The engine remembers a bounded number of them. A reader that is too late, or whose version
    /// this engine has not reached, is told [`Next::Lagged`] and reads afresh.
    async fn watch(&self, after: Version) -> Result<Changes, StoreError>;

    /// The most that one batch may carry. It stays the same while the engine lives.
    fn limits(&self) -> Limits;

    /// How to copy what the engine holds; `None` for an engine that cannot.
    fn backup(&self) -> Option<&dyn Backup> {
        None
    }

    /// Waits until this process, alone of all that have the same data open, may do the work of this name.
    ///
    /// When the process ends, another one has it within ten seconds. An engine that one process has open at a time
    /// grants it at once.
    async fn hold(&self, _name: &str) -> Hold {
        Hold::sole()
    }

    /// What the engine has done since it started and what state it is in. Never waits for storage.
    fn stats(&self) -> Stats;
}

/// The smallest key that follows `key`.
#[must_use]
pub fn successor(key: &[u8]) -> Bytes {
    let mut next = Vec::with_capacity(key.len() + 1);
    next.extend_from_slice(key);
    next.push(0);
    Bytes::from(next)
}

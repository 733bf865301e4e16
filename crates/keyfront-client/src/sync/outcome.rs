//! What a synchronization did, and why it ended early.

use crate::error::ClientError;
use crate::plan::{NotUnderPrefix, Unwritable};

/// What was written.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Applied {
    /// Pairs that were added.
    pub added: u64,
    /// Pairs whose value was changed.
    pub changed: u64,
    /// Pairs that were removed.
    pub removed: u64,
    /// Requests that wrote something.
    pub requests: u64,
    /// How often another client wrote meanwhile, so that the difference was computed again.
    pub conflicts: u64,
    /// All of it became visible in one step.
    pub atomic: bool,
    /// Pairs of the store afterwards.
    pub item_count: u64,
    /// Bytes of the store afterwards.
    pub total_size_in_bytes: u64,
}

impl Applied {
    /// Pairs that were written.
    pub fn changes(&self) -> u64 {
        self.added + self.changed + self.removed
    }
}

/// Why not everything was written.
#[derive(Debug, thiserror::Error)]
pub enum Cause {
    /// The caller asked to stop.
    #[error("interrupted")]
    Interrupted,
    /// A call failed.
    #[error("{0}")]
    Failed(#[from] ClientError),
    /// With what other clients wrote meanwhile, the store has no room for the wanted pairs.
    #[error("{0}")]
    Unwritable(#[from] Unwritable),
    /// A wanted key is not under the prefix of the request.
    #[error("{0}")]
    NotUnderPrefix(#[from] NotUnderPrefix),
}

/// A synchronization that did not end, with what it did.
#[derive(Debug)]
pub struct Unfinished {
    /// What was written for certain.
    pub applied: Applied,
    /// The pairs of a request that was sent and not answered: written or not.
    pub in_doubt: u64,
    /// Pairs that are still to be written, as far as it is known.
    pub remaining: u64,
    /// Why it did not end.
    pub cause: Cause,
}

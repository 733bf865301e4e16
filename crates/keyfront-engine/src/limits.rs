//! How much one batch may carry.

use crate::Batch;

/// The most that an engine takes in one batch.
///
/// An engine in one process takes as much as memory holds; one on a cluster takes little, because each batch
/// is one message of its consensus. What is larger is written in several batches: see the stores of
/// `keyfront-store`.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Limits {
    /// The most steps in [`Batch::writes`], and the most conditions in [`Batch::checks`].
    pub writes: usize,
    /// The most bytes of keys and values, as [`Batch::size_bytes`] counts them.
    pub bytes: usize,
}

impl Limits {
    /// The limits of an engine in this process: any number of writes, 1 GiB of keys and values.
    pub const LARGE: Limits = Limits { writes: usize::MAX, bytes: 1 << 30 };

    /// Whether a batch is within the limits.
    #[must_use]
    pub fn admit(&self, batch: &Batch) -> bool {
        batch.writes.len() <= self.writes
            && batch.checks.len() <= self.writes
            && batch.size_bytes() <= self.bytes
    }
}

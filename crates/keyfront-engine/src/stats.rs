//! What an engine reports about itself, for health answers and metrics.

/// A moment's view of an engine. Counts begin with the process.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub struct Stats {
    /// The engine's name as the configuration spells it.
    pub engine: &'static str,
    /// Bytes that the engine occupies on disk; 0 when it has none.
    pub disk_bytes: u64,
    /// The last committed version.
    pub version: super::Version,
    /// Batches that were committed.
    pub commits: u64,
    /// Batches whose checks did not hold.
    pub conflicts: u64,
    /// Batches that storage failed or refused.
    pub failures: u64,
    /// Groups that were made durable together, so `commits / groups` is the mean size of a group.
    pub groups: u64,
    /// The most batches that one group held.
    pub largest_group: u64,
    /// Batches that wait for the writer at this moment.
    pub queued: u64,
    /// Why commits are refused at present; `None` while the engine takes writes.
    pub refusing: Option<String>,
    /// What storage last reported as a failure.
    pub last_error: Option<String>,
}

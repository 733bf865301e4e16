//! Counts of what the cache does.

use std::sync::atomic::{AtomicU64, Ordering};

/// What the cache holds, and what it has done since it began.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Statistics {
    /// Objects in memory.
    pub objects: u64,
    /// Bytes that they take.
    pub bytes: u64,
    /// Bytes of bodies on their way into the cache.
    pub filling_bytes: u64,
    /// Fetches that others may wait for.
    pub flights: u64,
    /// Requests answered from the cache.
    pub hits: u64,
    /// Those of them that got a stale object.
    pub stale_hits: u64,
    /// Requests that waited for the fetch of another.
    pub collapsed: u64,
    /// Requests answered after the origin said that nothing has changed.
    pub refresh_hits: u64,
    /// Requests that the origin answered.
    pub misses: u64,
    /// Answers that were passed on because there was no memory to keep them.
    pub refused_fills: u64,
    /// Objects that had to go for others.
    pub evictions: u64,
    /// Objects that an invalidation dropped.
    pub invalidated: u64,
    /// Objects with their bodies in the folder.
    pub disk_objects: u64,
    /// Bytes that they take.
    pub disk_bytes: u64,
    /// Bytes of bodies on their way into the folder.
    pub disk_filling_bytes: u64,
}

#[derive(Debug, Default)]
pub(super) struct Counters {
    pub(super) hits: Counter,
    pub(super) stale_hits: Counter,
    pub(super) collapsed: Counter,
    pub(super) refresh_hits: Counter,
    pub(super) misses: Counter,
    pub(super) refused_fills: Counter,
    pub(super) invalidated: Counter,
}

/// A count that grows.
#[derive(Debug, Default)]
pub(super) struct Counter(AtomicU64);

impl Counter {
    pub(super) fn add(&self) {
        self.0.fetch_add(1, Ordering::Relaxed);
    }

    pub(super) fn get(&self) -> u64 {
        self.0.load(Ordering::Relaxed)
    }
}

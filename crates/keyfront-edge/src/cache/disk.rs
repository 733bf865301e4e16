//! Objects whose bodies are too large for memory, in a folder.
//!
//! Only bodies whose length the origin says go there: what has no length is known to be too large when viewers have had
//! most of it. Heads stay in memory; an object here has megabytes, so they are few.

use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};

use super::budget::{Budget, Reservation};
use super::memory::Memory;
use crate::body::DiskFolder;

/// How long nothing is written into a folder that has failed, in milliseconds: large objects pass through meanwhile.
const PAUSE_MS: u64 = 60_000;

/// A folder for objects, and how many bytes it may have.
#[derive(Clone, Debug)]
pub struct CacheDisk {
    /// The folder.
    pub folder: DiskFolder,
    /// Bytes, a quarter of them for objects that are on their way. One object may take three sixteenths.
    pub bytes: u64,
}

/// The objects.
pub(super) struct Disk {
    pub(super) folder: DiskFolder,
    pub(super) objects: Memory,
    pub(super) budget: Arc<Budget>,
    /// Until when nothing is written.
    paused_until_ms: AtomicU64,
}

impl Disk {
    pub(super) fn new(CacheDisk { folder, bytes }: CacheDisk) -> Disk {
        let filling_bytes = bytes / 4;
        Disk {
            folder,
            objects: Memory::of_large(bytes - filling_bytes),
            budget: Budget::new(filling_bytes),
            paused_until_ms: AtomicU64::new(0),
        }
    }

    /// Room for a body, where it is one for this folder.
    pub(super) fn reserve(&self, length: u64, now_ms: u64) -> Option<Reservation> {
        let is_paused = now_ms < self.paused_until_ms.load(Ordering::Relaxed);
        // What stands beside the body is counted as well.
        let fits = length < self.objects.object_limit();
        if is_paused || !fits { None } else { self.budget.reserve(length) }
    }

    /// The folder has failed.
    pub(super) fn pause(&self, now_ms: u64, error: &std::io::Error) {
        self.paused_until_ms.store(now_ms.saturating_add(PAUSE_MS), Ordering::Relaxed);
        tracing::error!(%error, "the cache's folder cannot be written; large objects pass through for a minute");
    }
}

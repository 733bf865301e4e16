//! What the writer and its callers share: the current view, the watch, the counts.

use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, Mutex, PoisonError, RwLock};

use tokio::sync::oneshot;

use super::disk::Disk;
use super::view::View;
use crate::engine::{Batch, ChangeLog, Outcome, Stats, StoreError};

/// What the writer is asked to do.
pub(super) enum Job {
    Commit {
        batch: Batch,
        answer: oneshot::Sender<Result<Outcome, StoreError>>,
    },
    /// Open the data file again: a read failed in the view of this generation.
    Reopen {
        generation: u64,
    },
}

pub(super) struct Shared {
    view: RwLock<Arc<View>>,
    pub(super) log: ChangeLog,
    pub(super) counts: Counts,
    health: Mutex<Health>,
}

#[derive(Default)]
pub(super) struct Counts {
    pub(super) commits: AtomicU64,
    pub(super) conflicts: AtomicU64,
    pub(super) failures: AtomicU64,
    pub(super) groups: AtomicU64,
    pub(super) largest_group: AtomicU64,
    pub(super) disk_bytes: AtomicU64,
}

#[derive(Default)]
struct Health {
    refusing: Option<String>,
    last_error: Option<String>,
}

impl Shared {
    pub(super) fn new(view: View, log: ChangeLog, disk: &Disk) -> Shared {
        let counts = Counts { disk_bytes: disk.len_bytes().into(), ..Counts::default() };
        Shared { view: RwLock::new(Arc::new(view)), log, counts, health: Mutex::default() }
    }

    pub(super) fn view(&self) -> Arc<View> {
        Arc::clone(&self.view.read().unwrap_or_else(PoisonError::into_inner))
    }

    pub(super) fn show(&self, view: View) {
        *self.view.write().unwrap_or_else(PoisonError::into_inner) = Arc::new(view);
    }

    /// Notes a failure, because of which commits are refused until a recovery is noted.
    pub(super) fn note_failure(&self, error: String) {
        let mut health = self.health.lock().unwrap_or_else(PoisonError::into_inner);
        health.refusing = Some(error.clone());
        health.last_error = Some(error);
    }

    pub(super) fn note_recovery(&self) {
        self.health.lock().unwrap_or_else(PoisonError::into_inner).refusing = None;
    }

    pub(super) fn stats(&self, queued: u64) -> Stats {
        let health = self.health.lock().unwrap_or_else(PoisonError::into_inner);
        let get = |count: &AtomicU64| count.load(Ordering::Relaxed);
        Stats {
            engine: "embedded",
            disk_bytes: get(&self.counts.disk_bytes),
            version: self.view().version,
            commits: get(&self.counts.commits),
            conflicts: get(&self.counts.conflicts),
            failures: get(&self.counts.failures),
            groups: get(&self.counts.groups),
            largest_group: get(&self.counts.largest_group),
            queued,
            refusing: health.refusing.clone(),
            last_error: health.last_error.clone(),
        }
    }
}

//! What the writer and its callers share: the current view, the watch, the counts.

use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, Mutex, PoisonError, RwLock};

use tokio::sync::oneshot;

use crate::disk::Disk;
use crate::view::View;
use keyfront_engine::{Batch, ChangeLog, Outcome, Stats, StoreError};

/// What the writer is asked to do.
pub(crate) enum Job {
    Commit {
        batch: Batch,
        answer: oneshot::Sender<Result<Outcome, StoreError>>,
    },
    /// Open the data file again: a read failed in the view of this generation.
    Reopen {
        generation: u64,
    },
}

pub(crate) struct Shared {
    view: RwLock<Arc<View>>,
    pub(crate) log: ChangeLog,
    pub(crate) counts: Counts,
    health: Mutex<Health>,
}

#[derive(Default)]
pub(crate) struct Counts {
    pub(crate) commits: AtomicU64,
    pub(crate) conflicts: AtomicU64,
    pub(crate) failures: AtomicU64,
    pub(crate) groups: AtomicU64,
    pub(crate) largest_group: AtomicU64,
    pub(crate) disk_bytes: AtomicU64,
}

#[derive(Default)]
struct Health {
    refusing: Option<String>,
    last_error: Option<String>,
}

impl Shared {
    pub(crate) fn new(view: View, log: ChangeLog, disk: &Disk) -> Shared {
        let counts = Counts { disk_bytes: disk.len_bytes().into(), ..Counts::default() };
        Shared { view: RwLock::new(Arc::new(view)), log, counts, health: Mutex::default() }
    }

    pub(crate) fn view(&self) -> Arc<View> {
        Arc::clone(&self.view.read().unwrap_or_else(PoisonError::into_inner))
    }

    pub(crate) fn show(&self, view: View) {
        *self.view.write().unwrap_or_else(PoisonError::into_inner) = Arc::new(view);
    }

    /// Notes a failure, because of which commits are refused until a recovery is noted.
    pub(crate) fn note_failure(&self, error: String) {
        let mut health = self.health.lock().unwrap_or_else(PoisonError::into_inner);
        health.refusing = Some(error.clone());
        health.last_error = Some(error);
    }

    /// Notes that something is damaged. Commits go on.
    pub(crate) fn note_damage(&self, error: String) {
        self.health.lock().unwrap_or_else(PoisonError::into_inner).last_error = Some(error);
    }

    pub(crate) fn note_recovery(&self) {
        self.health.lock().unwrap_or_else(PoisonError::into_inner).refusing = None;
    }

    pub(crate) fn stats(&self, queued: u64) -> Stats {
        let health = self.health.lock().unwrap_or_else(PoisonError::into_inner);
        let get = |count: &AtomicU64| count.load(Ordering::Relaxed);
        Stats {
            engine: crate::NAME,
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

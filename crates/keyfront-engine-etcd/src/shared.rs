//! What the tasks of an engine share.

use std::collections::HashSet;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use keyfront_engine::{ChangeLog, Limits, Stats, Version};
use tokio::sync::{Notify, Semaphore};

use crate::cluster::Cluster;
use crate::group::Waiting;
use crate::keys::KeySpace;
use crate::lookup::Lookup;
use crate::recent::Recent;
use crate::session::Sessions;
use crate::settings::Settings;
use crate::turns::Turns;

/// The most transactions for batches that are under way at once. Few, so that batches meet; more than one, so that two
/// writers do not wait for each other.
const TRANSACTIONS: usize = 4;

/// The same for lookups of a kind.
const LOOKUPS: usize = 4;

pub(crate) struct Shared {
    pub(crate) settings: Settings,
    pub(crate) limits: Limits,
    pub(crate) keys: KeySpace,
    pub(crate) cluster: Cluster,
    pub(crate) sessions: Sessions,
    pub(crate) log: ChangeLog,
    /// Batches that wait for a transaction.
    pub(crate) committing: Turns<Waiting>,
    /// Keys that wait to be looked up: as they are now, and as the member has them.
    pub(crate) lookups: [Turns<Lookup>; 2],
    pub(crate) recent: Recent,
    /// Places for commits, and for reads.
    pub(crate) commits: Semaphore,
    pub(crate) reads: Semaphore,
    pub(crate) counts: Counts,
    /// Told when the session has ended at the end.
    pub(crate) closed: Notify,
    /// The leases of the works that this process holds.
    held: Mutex<HashSet<i64>>,
    reached: AtomicU64,
    condition: Mutex<Condition>,
}

#[derive(Default)]
pub(crate) struct Counts {
    pub(crate) commits: AtomicU64,
    groups: AtomicU64,
    largest_group: AtomicU64,
    pub(crate) conflicts: AtomicU64,
    pub(crate) failures: AtomicU64,
    pub(crate) disk_bytes: AtomicU64,
}

#[derive(Default)]
struct Condition {
    refusing: Option<String>,
    last_error: Option<String>,
}

impl Shared {
    pub(crate) fn new(
        settings: Settings,
        limits: Limits,
        keys: KeySpace,
        cluster: Cluster,
        sessions: Sessions,
        version: Version,
    ) -> Arc<Shared> {
        Arc::new(Shared {
            log: ChangeLog::new(version, settings.watch_batches, settings.watch_bytes),
            committing: Turns::new(TRANSACTIONS),
            lookups: [Turns::new(LOOKUPS), Turns::new(LOOKUPS)],
            recent: Recent::default(),
            commits: Semaphore::new(settings.commits_in_flight),
            reads: Semaphore::new(settings.reads_in_flight),
            settings,
            limits,
            keys,
            cluster,
            sessions,
            counts: Counts::default(),
            closed: Notify::new(),
            held: Mutex::default(),
            reached: AtomicU64::new(version.0),
            condition: Mutex::default(),
        })
    }

    /// The last version that this engine has seen, in a read, a commit or the watch.
    pub(crate) fn reached(&self) -> Version {
        Version(self.reached.load(Ordering::Acquire))
    }

    pub(crate) fn reach(&self, version: Version) {
        self.reached.fetch_max(version.0, Ordering::AcqRel);
    }

    /// Notes that so many batches are committed together.
    pub(crate) fn note_group(&self, batches: usize) {
        count(&self.counts.groups);
        let batches = u64::try_from(batches).unwrap_or(u64::MAX);
        self.counts.largest_group.fetch_max(batches, Ordering::Relaxed);
    }

    /// Notes a lease that ends with the engine.
    pub(crate) fn note_lease(&self, lease: i64) {
        self.held.lock().unwrap_or_else(PoisonError::into_inner).insert(lease);
    }

    pub(crate) fn forget_lease(&self, lease: i64) {
        self.held.lock().unwrap_or_else(PoisonError::into_inner).remove(&lease);
    }

    pub(crate) fn held_leases(&self) -> Vec<i64> {
        self.held.lock().unwrap_or_else(PoisonError::into_inner).iter().copied().collect()
    }

    /// Why commits are refused at present.
    pub(crate) fn refusing(&self) -> Option<String> {
        self.condition().refusing.clone()
    }

    /// Commits are refused from now on, or taken again; true when that is a change.
    pub(crate) fn set_refusing(&self, reason: Option<String>) -> bool {
        let mut condition = self.condition();
        let changed = condition.refusing.is_some() != reason.is_some();
        if reason.is_some() {
            condition.last_error.clone_from(&reason);
        }
        condition.refusing = reason;
        changed
    }

    pub(crate) fn note_failure(&self, message: String) {
        self.condition().last_error = Some(message);
    }

    pub(crate) fn stats(&self) -> Stats {
        let condition = self.condition();
        let (refusing, last_error) = (condition.refusing.clone(), condition.last_error.clone());
        drop(condition);
        let count = |count: &AtomicU64| count.load(Ordering::Relaxed);
        let commits = count(&self.counts.commits);
        let under_way = self.settings.commits_in_flight.saturating_sub(self.commits.available_permits());
        Stats {
            engine: crate::NAME,
            disk_bytes: count(&self.counts.disk_bytes),
            version: self.reached(),
            commits,
            conflicts: count(&self.counts.conflicts),
            failures: count(&self.counts.failures),
            groups: count(&self.counts.groups),
            largest_group: count(&self.counts.largest_group),
            queued: u64::try_from(under_way).unwrap_or(u64::MAX),
            refusing,
            last_error,
        }
    }

    /// Every critical section leaves the condition whole, so a poisoned lock is still good.
    fn condition(&self) -> MutexGuard<'_, Condition> {
        self.condition.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

pub(crate) fn count(counter: &AtomicU64) {
    counter.fetch_add(1, Ordering::Relaxed);
}

/// A revision of etcd as a version.
pub(crate) fn version_of(revision: i64) -> Version {
    Version(u64::try_from(revision).unwrap_or(0))
}

/// A version as a revision of etcd. One that etcd cannot have is one that no entry has.
pub(crate) fn revision_of(version: Version) -> i64 {
    i64::try_from(version.0).unwrap_or(i64::MAX)
}

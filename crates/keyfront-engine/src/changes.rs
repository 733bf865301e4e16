//! The watch: the last committed batches, remembered up to a limit.
//!
//! It is a window, no log: nothing of it is stored, and a reader that falls out of it reads afresh.

use std::collections::VecDeque;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use tokio::sync::watch;

use super::{Version, Write};

/// One committed batch, or several that were committed together and share a version.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Change {
    /// The version.
    pub version: Version,
    /// What was written, in the order in which it applied.
    pub writes: Vec<Write>,
}

/// What a watch brings.
#[derive(Clone, PartialEq, Eq, Debug)]
pub enum Next {
    /// The next committed batch.
    Change(Arc<Change>),
    /// Batches in between are no longer remembered: read afresh, and watch from that version on.
    Lagged,
    /// The engine was closed; no more batches will come.
    Closed,
}

/// The committed batches after a version, one by one. See [`Engine::watch`](super::Engine::watch).
pub struct Changes {
    window: Arc<Mutex<Window>>,
    newest: watch::Receiver<Version>,
    after: Version,
    lagged: bool,
}

impl Changes {
    /// Waits for the next batch. It may be cancelled without losing one.
    pub async fn next(&mut self) -> Next {
        loop {
            // Marked as seen before looking, so that a batch published in between wakes the wait.
            self.newest.borrow_and_update();
            if let Some(next) = self.try_next() {
                return next;
            }
            if self.newest.changed().await.is_err() {
                return self.try_next().unwrap_or(Next::Closed);
            }
        }
    }

    /// What [`next`](Changes::next) would bring without waiting; `None` when it would wait.
    pub fn try_next(&mut self) -> Option<Next> {
        if self.lagged {
            return Some(Next::Lagged);
        }
        let found = lock(&self.window).after(self.after)?;
        match &found {
            Next::Change(change) => self.after = change.version,
            Next::Lagged | Next::Closed => self.lagged = true,
        }
        Some(found)
    }
}

/// The window of committed batches that an engine remembers for its watchers.
pub struct ChangeLog {
    window: Arc<Mutex<Window>>,
    newest: watch::Sender<Version>,
}

impl ChangeLog {
    /// An empty window that begins after `version` and holds at most `max_changes` batches and
    /// `max_bytes` bytes of keys and values; the newest batch is kept whatever its size.
    #[must_use]
    pub fn new(version: Version, max_changes: usize, max_bytes: usize) -> ChangeLog {
        let window = Window { dropped: version, changes: VecDeque::new(), bytes: 0, max_changes, max_bytes };
        ChangeLog { window: Arc::new(Mutex::new(window)), newest: watch::Sender::new(version) }
    }

    /// Adds committed batches, in order, and wakes the watchers once.
    pub fn publish(&self, changes: impl IntoIterator<Item = Change>) {
        let mut window = lock(&self.window);
        for change in changes {
            window.push(change);
        }
        let newest = window.newest();
        drop(window);
        self.newest.send_replace(newest);
    }

    /// Forgets everything: the engine was found at `version` without having passed through what led
    /// there. Every watcher that is not at `version` is told that it lagged.
    pub fn reset(&self, version: Version) {
        let mut window = lock(&self.window);
        window.changes.clear();
        window.bytes = 0;
        window.dropped = version;
        drop(window);
        self.newest.send_replace(version);
    }

    /// The batches after `after`. An engine that has not reached that version yet asks for
    /// [`lagged`](ChangeLog::lagged) instead: the version comes from somewhere else.
    #[must_use]
    pub fn watch(&self, after: Version) -> Changes {
        let window = Arc::clone(&self.window);
        Changes { window, newest: self.newest.subscribe(), after, lagged: false }
    }

    /// A watch that has lagged from its beginning.
    #[must_use]
    pub fn lagged(&self) -> Changes {
        Changes { lagged: true, ..self.watch(Version::NEVER) }
    }
}

struct Window {
    /// The last version that is not, or no longer, in `changes`.
    dropped: Version,
    changes: VecDeque<Arc<Change>>,
    bytes: usize,
    max_changes: usize,
    max_bytes: usize,
}

impl Window {
    fn newest(&self) -> Version {
        self.changes.back().map_or(self.dropped, |change| change.version)
    }

    fn after(&self, after: Version) -> Option<Next> {
        if after < self.dropped {
            return Some(Next::Lagged);
        }
        let index = self.changes.partition_point(|change| change.version <= after);
        self.changes.get(index).map(|change| Next::Change(Arc::clone(change)))
    }

    fn push(&mut self, change: Change) {
        self.bytes += size_bytes(&change);
        self.changes.push_back(Arc::new(change));
        while self.changes.len() > 1 && (self.changes.len() > self.max_changes || self.bytes > self.max_bytes)
        {
            if let Some(oldest) = self.changes.pop_front() {
                self.bytes -= size_bytes(&oldest);
                self.dropped = oldest.version;
            }
        }
    }
}

fn size_bytes(change: &Change) -> usize {
    change.writes.iter().map(Write::size_bytes).sum()
}

/// Every critical section leaves the window whole, so a poisoned lock is still good.
fn lock(window: &Mutex<Window>) -> MutexGuard<'_, Window> {
    window.lock().unwrap_or_else(PoisonError::into_inner)
}

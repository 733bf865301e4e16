//! Bounded queue for operations on whole stores: one runs, a few wait, the rest are throttled.
//!
//! Two of them at once would take the memory and the threads that all other requests need.

use tokio::sync::{Semaphore, SemaphorePermit};

/// Operations that wait while one runs. Each may hold a body as large as a store.
const WAITING: usize = 4;

/// The queue.
pub(super) struct BulkQueue {
    /// A permit for the one that runs and for each that waits.
    queued: Semaphore,
    running: Semaphore,
}

/// The right to run, until it is dropped.
pub(super) struct BulkPermit<'q> {
    _queued: SemaphorePermit<'q>,
    _running: SemaphorePermit<'q>,
}

impl Default for BulkQueue {
    fn default() -> BulkQueue {
        BulkQueue { queued: Semaphore::new(WAITING + 1), running: Semaphore::new(1) }
    }
}

impl BulkQueue {
    /// Waits until the operation may run; `None` when the queue is full.
    pub(super) async fn wait(&self) -> Option<BulkPermit<'_>> {
        let queued = self.queued.try_acquire().ok()?;
        // The semaphore is never closed.
        let running = self.running.acquire().await.ok()?;
        Some(BulkPermit { _queued: queued, _running: running })
    }
}

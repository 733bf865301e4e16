//! Frees the memory of objects that invalidations name, slowly, and forgets invalidations that all objects have seen.
//!
//! No request depends on it: an object that an invalidation names is not used from the moment of the commit on.

use std::time::Duration;

use super::Cache;

/// Objects between two pauses.
const SLICE: usize = 256;

/// Between two rounds, so that many invalidations in a row cost one.
const PAUSE: Duration = Duration::from_secs(1);

impl Cache {
    /// Sweeps after invalidations, as long as the future is polled. The edge runs it as one task.
    pub async fn keep_swept(self) {
        loop {
            self.inner.invalidations.applied().await;
            tokio::time::sleep(PAUSE).await;
            self.sweep().await;
        }
    }

    /// One round over all objects.
    pub(super) async fn sweep(&self) {
        let inner = &*self.inner;
        let scopes = inner.invalidations.scopes();
        let scopes: Vec<_> = scopes.into_iter().map(|scope| (scope.latest(), scope)).collect();
        for shelf in inner.shelves() {
            for (index, object) in shelf.iter().enumerate() {
                if object.is_invalidated() && shelf.remove(&object) {
                    inner.counters.invalidated.add();
                }
                if index % SLICE == SLICE - 1 {
                    tokio::task::yield_now().await;
                }
            }
        }
        for (latest, scope) in scopes {
            scope.forget(latest);
        }
    }
}

//! Follows the invalidations and hands the new ones to the cache.

use std::sync::Arc;
use std::time::Duration;

use keyfront_view::invalidations::InvalidationSet;
use keyfront_view::{Invalidations, Version};
use tokio::sync::watch;

use crate::cache::Cache;

/// How long to wait before invalidations that cannot be read are read again.
const PAUSE_AFTER_FAILURE: Duration = Duration::from_millis(500);

/// Hands each new invalidation to the cache, until the store ends, and tells up to which commit it has. What was there before the cache is of no concern to it:
/// it began empty.
pub(crate) async fn follow_invalidations(
    invalidations: Invalidations,
    cache: Cache,
    applied: watch::Sender<Version>,
) {
    let mut changes = invalidations.changes();
    let mut seen: Option<Arc<InvalidationSet>> = None;
    loop {
        // What is read from here on shows this commit at least.
        let version = *changes.borrow_and_update();
        match invalidations.load().await {
            Ok(now) => {
                if let Some(seen) = seen.as_ref().filter(|seen| !Arc::ptr_eq(seen, &now)) {
                    for (owner, record) in now.since(seen) {
                        cache.invalidations().apply(owner.id(), record.paths.iter().map(String::as_str));
                    }
                }
                seen = Some(now);
            }
            Err(error) => {
                tracing::error!(%error, "invalidations cannot be read; they are in force when they can");
                tokio::time::sleep(PAUSE_AFTER_FAILURE).await;
                continue;
            }
        }
        applied.send_replace(version);
        if changes.changed().await.is_err() {
            return;
        }
    }
}

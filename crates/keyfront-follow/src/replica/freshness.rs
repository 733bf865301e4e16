//! How old what a replica has is.

use std::sync::Arc;
use std::sync::atomic::{AtomicI64, AtomicU64, Ordering};
use std::time::Duration;

use keyfront_store::Version;

/// The time of day, in milliseconds since the epoch. It goes on while the process does not run, so an image that was
/// kept over a stop is as old as it is.
pub type Clock = Arc<dyn Fn() -> i64 + Send + Sync>;

/// When the replica of an account was last known to be the newest, and which version it shows.
pub struct Freshness {
    clock: Clock,
    /// [`i64::MIN`] before the first image.
    fresh_ms: AtomicI64,
    version: AtomicU64,
}

impl Freshness {
    /// Nothing is known yet.
    pub fn new(clock: Clock) -> Freshness {
        Freshness { clock, fresh_ms: AtomicI64::new(i64::MIN), version: AtomicU64::new(0) }
    }

    /// Time since the last heartbeat, and what that said of the sender's own age; `None` without an image.
    pub fn age(&self) -> Option<Duration> {
        let fresh_ms = self.fresh_ms.load(Ordering::Relaxed);
        let age_ms = (self.clock)().saturating_sub(fresh_ms);
        (fresh_ms != i64::MIN).then(|| Duration::from_millis(u64::try_from(age_ms).unwrap_or(0)))
    }

    /// The version of the store that the replica shows; [`Version::NEVER`] without an image.
    pub fn version(&self) -> Version {
        Version(self.version.load(Ordering::Relaxed))
    }

    pub(crate) fn now_ms(&self) -> i64 {
        (self.clock)()
    }

    /// It was the newest at this time.
    pub(crate) fn at(&self, fresh_ms: i64) {
        self.fresh_ms.store(fresh_ms, Ordering::Relaxed);
    }

    pub(crate) fn shows(&self, version: Version) {
        self.version.store(version.0, Ordering::Relaxed);
    }
}

//! The time of the cache.

use std::time::{Instant, SystemTime, UNIX_EPOCH};

/// Tells the time by which objects grow old.
pub trait Clock: Send + Sync + 'static {
    /// Milliseconds since the epoch; it never goes back.
    fn now_ms(&self) -> u64;
}

/// The system's clock at the start, and the time that has passed since: an operator who sets the clock does not make
/// objects stale, or fresh for years.
#[derive(Clone, Copy, Debug)]
pub struct SystemClock {
    start: Instant,
    start_ms: u64,
}

impl SystemClock {
    /// A clock that starts now.
    #[expect(clippy::disallowed_methods, reason = "the clock of the edge, in whose place tests put another")]
    pub fn new() -> SystemClock {
        let since_epoch = SystemTime::now().duration_since(UNIX_EPOCH).unwrap_or_default();
        SystemClock {
            start: Instant::now(),
            start_ms: u64::try_from(since_epoch.as_millis()).unwrap_or(u64::MAX),
        }
    }
}

impl Default for SystemClock {
    fn default() -> SystemClock {
        SystemClock::new()
    }
}

impl Clock for SystemClock {
    fn now_ms(&self) -> u64 {
        self.start_ms.saturating_add(u64::try_from(self.start.elapsed().as_millis()).unwrap_or(u64::MAX))
    }
}

//! Tells a listener all of whose places are taken that one may have become free.
//!
//! Every request of every connection ends with the question whether that is waited for. It mostly is not, and the answer
//! then costs a look at memory that does not change.

use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;

use tokio::sync::Notify;

/// What connections and the listener's room share. Connections are told of nothing by it.
#[derive(Default)]
pub(crate) struct Vacancy {
    wanted: AtomicBool,
    notify: Notify,
}

impl Vacancy {
    /// From now on changes are told. To be called before the places are looked at: a change is then either seen or told.
    pub(crate) fn want(&self) {
        self.wanted.store(true, Ordering::SeqCst);
    }

    /// A connection has ended or become idle. To be called after that shows.
    pub(crate) fn tell(&self) {
        if self.wanted.load(Ordering::SeqCst) {
            self.notify.notify_one();
        }
    }

    /// Waits until something is told, for so long at most.
    pub(crate) async fn told(&self, patience: Duration) {
        tokio::time::timeout(patience, self.notify.notified()).await.ok();
        self.wanted.store(false, Ordering::SeqCst);
    }
}

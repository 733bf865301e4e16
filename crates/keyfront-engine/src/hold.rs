//! Work that one process does for all that have the same data open.
//!
//! A hold does not exclude that two do it for a moment: a process that stood still learns late that another went on.
//! So what is done under a hold has to end in commits with checks, as everything does.

use std::future::pending;

use tokio::sync::watch;

/// The right to do some work for all processes, from [`Engine::hold`](super::Engine::hold). Dropping it gives it back.
#[derive(Debug)]
pub struct Hold(Option<Shared>);

#[derive(Debug)]
struct Shared {
    is_held: watch::Receiver<bool>,
    /// Seen by the [`Grant`] when it is dropped.
    _released: watch::Sender<()>,
}

/// The other end of a [`Hold`], for the engine that grants it.
#[derive(Debug)]
pub struct Grant {
    is_held: watch::Sender<bool>,
    released: watch::Receiver<()>,
}

impl Hold {
    /// The hold of an engine that one process has open at a time: it lasts as long as the process.
    #[must_use]
    pub fn sole() -> Hold {
        Hold(None)
    }

    /// A hold that other processes wait for, and what the engine keeps of it.
    #[must_use]
    pub fn shared() -> (Grant, Hold) {
        let ((is_held, held), (release, released)) = (watch::channel(true), watch::channel(()));
        (Grant { is_held, released }, Hold(Some(Shared { is_held: held, _released: release })))
    }

    /// Whether other processes may have the same data open.
    pub fn is_shared(&self) -> bool {
        self.0.is_some()
    }

    /// Waits until another process may have it; for ever where there is none.
    pub async fn lost(&mut self) {
        match &mut self.0 {
            // An engine that is gone keeps nothing either.
            Some(shared) => drop(shared.is_held.wait_for(|is_held| !is_held).await),
            None => pending().await,
        }
    }
}

impl Grant {
    /// Waits until the hold is given back.
    pub async fn released(&mut self) {
        while self.released.changed().await.is_ok() {}
    }
}

/// Dropping it tells the holder that the hold is lost.
impl Drop for Grant {
    fn drop(&mut self) {
        self.is_held.send_replace(false);
    }
}

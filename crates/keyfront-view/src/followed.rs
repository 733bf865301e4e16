//! The readers' side of a projection.

use std::sync::Arc;
use std::time::Duration;

use keyfront_store::{Engine, StoreError, Version};
use tokio::sync::{mpsc, oneshot, watch};

use crate::follower::{Follower, Request, Shared};
use crate::projection::Projection;

/// A projection that is followed. Clones share it; the last one that is dropped ends it.
///
/// A part is read when it is first [loaded](Followed::load), and followed from then on until it is deleted or
/// forgotten. Readers take one pointer and share what it leads to; they never wait for a commit to be applied.
pub struct Followed<P: Projection> {
    shared: Arc<Shared<P>>,
    requests: mpsc::Sender<Request<P>>,
}

impl<P: Projection> Clone for Followed<P> {
    fn clone(&self) -> Followed<P> {
        Followed { shared: Arc::clone(&self.shared), requests: self.requests.clone() }
    }
}

impl<P: Projection> Followed<P> {
    /// Follows an engine, with no part loaded yet. Parts that no reader takes for `forget_after`, or up to a quarter
    /// longer, are forgotten; `None` keeps them.
    ///
    /// It has to be called on a Tokio runtime with timers; a task of that runtime does the following.
    pub fn follow(engine: Arc<dyn Engine>, projection: P, forget_after: Option<Duration>) -> Followed<P> {
        let shared = Arc::new(Shared::new());
        let (follower, requests) =
            Follower::new(engine, Arc::new(projection), Arc::clone(&shared), forget_after);
        tokio::spawn(follower.run());
        Followed { shared, requests }
    }

    /// The value of a part that is loaded, as one commit left it. Never waits.
    pub fn get(&self, part: &P::Part) -> Option<Arc<P::Value>> {
        self.shared.take(part)
    }

    /// Loads a part unless it is loaded, and follows it from now on. `None`: the part does not exist, so it is not
    /// followed.
    ///
    /// Many callers at once cause one read.
    ///
    /// # Errors
    /// It could not be read. The next call tries again.
    pub async fn load(&self, part: &P::Part) -> Result<Option<Arc<P::Value>>, StoreError> {
        if let Some(value) = self.get(part) {
            return Ok(Some(value));
        }
        let (answer, answered) = oneshot::channel();
        let request = Request::Load { part: part.clone(), answer };
        self.requests.send(request).await.map_err(|_ended| ended())?;
        answered.await.unwrap_or_else(|_dropped| Err(ended()))
    }

    /// Gives back the memory of a part now. It can be loaded again.
    pub async fn forget(&self, part: &P::Part) {
        let (done, forgotten) = oneshot::channel();
        // A follower that has ended follows nothing.
        drop(self.requests.send(Request::Forget { part: part.clone(), done }).await);
        drop(forgotten.await);
    }

    /// The parts that are loaded.
    pub fn loaded(&self) -> usize {
        self.shared.state.load().parts().count()
    }

    /// Whether a part is loaded, without taking it: it is forgotten as if it had not been asked about.
    pub fn follows(&self, part: &P::Part) -> bool {
        self.shared.state.load().holds(part)
    }

    /// The last commit that is reflected; no loaded part is older.
    pub fn version(&self) -> Version {
        self.shared.state.load().version
    }

    /// Tells of commits: its value is the last one that is reflected, whatever it changed.
    pub fn changes(&self) -> watch::Receiver<Version> {
        self.shared.version.subscribe()
    }

    /// Waits until a commit is reflected: from then on readers see what it wrote.
    ///
    /// It waits for as long as the engine cannot be read.
    pub async fn reached(&self, version: Version) {
        let mut reached = self.shared.version.subscribe();
        // The sender lives as long as this does.
        drop(reached.wait_for(|reached| *reached >= version).await);
    }
}

fn ended() -> StoreError {
    let message = "what follows the store has ended; restart Keyfront".to_owned();
    StoreError::Read { message, source: None }
}

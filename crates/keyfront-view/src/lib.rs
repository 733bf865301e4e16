//! The view: the pairs of key value stores in memory, which follow the engine.
//!
//! Functions read a store many times per request and never wait for it. So the view keeps the [`StorePairs`] of each
//! store that somebody asked for, and changes it with every commit that the engine tells of. What it holds is the
//! state after one whole commit; it goes from one commit to the next and never back.
//!
//! A store is read when it is first asked for with [`View::load`], and followed from then on until it is deleted
//! or [forgotten](View::forget). The pairs of all stores would be ready a little earlier, but would cost every server
//! the memory of every store, and most stores of a developer's server have no function at all.
//!
//! Readers take one pointer and share what it leads to. A batch is applied beside what they see, at the cost of
//! the batch: maps share what did not change. A view that lost the thread, because it was too slow or because
//! the engine failed, reads its stores again from one snapshot; until that has worked it serves what it has, and
//! it tries again with growing pauses.
//!
//! It does not know functions and does not decide when somebody has to wait for a write: [`View::reached`] is for
//! those who have to.

mod follower;
mod reading;
mod state;

use std::sync::Arc;

use arc_swap::ArcSwap;
use keyfront_domain::arn::KeyValueStoreArn;
use keyfront_domain::pairs::StorePairs;
use keyfront_store::{Engine, StoreError, Version};
use tokio::sync::{mpsc, oneshot, watch};

use follower::{Follower, Request};
use state::State;

/// The pairs of key value stores that follow an engine. Clones share them; the last one that is dropped ends it.
#[derive(Clone)]
pub struct View {
    shared: Arc<Shared>,
    requests: mpsc::UnboundedSender<Request>,
}

/// What readers see, and the version of it for those who wait.
struct Shared {
    state: ArcSwap<State>,
    version: watch::Sender<Version>,
}

impl View {
    /// A view of an engine, with no store in it yet.
    ///
    /// It has to be called on a Tokio runtime with timers; a task of that runtime does the following.
    pub fn follow(engine: Arc<dyn Engine>) -> View {
        let state = ArcSwap::from_pointee(State::default());
        let shared = Arc::new(Shared { state, version: watch::Sender::new(Version::NEVER) });
        let (requests, asked) = mpsc::unbounded_channel();
        tokio::spawn(Follower::new(engine, Arc::clone(&shared), asked).run());
        View { shared, requests }
    }

    /// The pairs of a store that is loaded: all of them as one commit left them. Never waits.
    ///
    /// `None` if the store is not loaded, and if there is nothing that could be read: it is not ready, its import
    /// failed, or it was deleted.
    pub fn pairs(&self, store: &KeyValueStoreArn) -> Option<Arc<StorePairs>> {
        self.shared.state.load().pairs(store)
    }

    /// Loads a store unless it is loaded, and follows it from now on. The answer is that of [`View::pairs`].
    ///
    /// Many callers at once cause one read. A store that does not exist is not followed.
    ///
    /// # Errors
    /// The store could not be read. The next call tries again.
    pub async fn load(&self, store: &KeyValueStoreArn) -> Result<Option<Arc<StorePairs>>, StoreError> {
        let state = self.shared.state.load_full();
        if state.holds(store) {
            return Ok(state.pairs(store));
        }
        let (answer, answered) = oneshot::channel();
        let request = Request::Load { store: *store, answer };
        self.requests.send(request).map_err(|_ended| ended())?;
        answered.await.unwrap_or_else(|_dropped| Err(ended()))
    }

    /// Gives back the memory of a store that nobody reads any more. It can be loaded again.
    pub fn forget(&self, store: &KeyValueStoreArn) {
        // A view that has ended follows nothing.
        drop(self.requests.send(Request::Forget { store: *store }));
    }

    /// The last commit that the view reflects; no loaded store is older.
    pub fn version(&self) -> Version {
        self.shared.state.load().version
    }

    /// Waits until the view reflects a commit: from then on readers see what the commit wrote.
    ///
    /// It waits for as long as the engine cannot be read.
    pub async fn reached(&self, version: Version) {
        let mut reached = self.shared.version.subscribe();
        // The sender lives as long as this view.
        drop(reached.wait_for(|reached| *reached >= version).await);
    }
}

impl Shared {
    /// Shows a state that is not older than the one before.
    fn show(&self, state: State) {
        let version = state.version;
        self.state.store(Arc::new(state));
        self.version.send_if_modified(|shown| std::mem::replace(shown, version) != version);
    }
}

fn ended() -> StoreError {
    let message = "the view of the key value stores has ended; restart Keyfront".to_owned();
    StoreError::Read { message, source: None }
}

//! The task that follows the engine.

use std::collections::HashMap;
use std::pin::Pin;
use std::sync::Arc;
use std::time::Duration;

use keyfront_domain::arn::KeyValueStoreArn;
use keyfront_domain::pairs::StorePairs;
use keyfront_store::{Change, Changes, Engine, Next, StoreError};
use tokio::sync::{mpsc, oneshot};
use tokio::task::{JoinError, JoinSet};
use tokio::time::{Sleep, sleep};

use crate::Shared;
use crate::reading::{Reading, read};
use crate::state::State;

/// The pause after a failure, which doubles with each failure in a row up to the longest.
const FIRST_PAUSE: Duration = Duration::from_millis(1);
const LONGEST_PAUSE: Duration = Duration::from_secs(2);

/// The most writes of a batch that are applied on a thread that serves requests.
const FEW_WRITES: usize = 1_000;

type Answer = Result<Option<Arc<StorePairs>>, StoreError>;

/// What a view asks its task for.
pub(super) enum Request {
    Load { store: KeyValueStoreArn, answer: oneshot::Sender<Answer> },
    Forget { store: KeyValueStoreArn },
}

/// Where the next state comes from.
enum Source {
    /// Commits, one by one.
    Watching(Changes),
    /// A snapshot of all loaded stores.
    Reading(Pin<Box<dyn Future<Output = Result<Reading, StoreError>> + Send>>),
    /// Nowhere for a while.
    Pausing(Pin<Box<Sleep>>),
}

/// What comes from there.
enum News {
    Change(Arc<Change>),
    /// The thread of commits is lost.
    Lost,
    /// A snapshot, or why there is none.
    Read(Result<Reading, StoreError>),
    PauseEnded,
}

impl Source {
    /// May be cancelled without losing anything.
    async fn next(&mut self) -> News {
        match self {
            Source::Watching(changes) => match changes.next().await {
                Next::Change(change) => News::Change(change),
                Next::Lagged | Next::Closed => News::Lost,
            },
            Source::Reading(reading) => News::Read(reading.as_mut().await),
            Source::Pausing(pause) => {
                pause.as_mut().await;
                News::PauseEnded
            }
        }
    }
}

/// Follows the engine until nobody can ask any more. Only it changes what the view shows.
pub(super) struct Follower {
    engine: Arc<dyn Engine>,
    shared: Arc<Shared>,
    requests: mpsc::UnboundedReceiver<Request>,
    source: Source,
    next_pause: Duration,
    loads: JoinSet<(KeyValueStoreArn, Result<Reading, StoreError>)>,
    /// Who waits for a load.
    callers: HashMap<KeyValueStoreArn, Vec<oneshot::Sender<Answer>>>,
    /// Loads that ended while no commits were followed: there is nothing yet that they could join.
    early: Vec<(KeyValueStoreArn, Reading)>,
}

impl Follower {
    pub(super) fn new(
        engine: Arc<dyn Engine>,
        shared: Arc<Shared>,
        requests: mpsc::UnboundedReceiver<Request>,
    ) -> Follower {
        let source = Source::Reading(Box::pin(read(Arc::clone(&engine), Vec::new())));
        let (loads, callers, early) = Default::default();
        let next_pause = FIRST_PAUSE;
        Follower { engine, shared, requests, source, next_pause, loads, callers, early }
    }

    pub(super) async fn run(mut self) {
        loop {
            tokio::select! {
                request = self.requests.recv() => match request {
                    Some(request) => self.serve(request),
                    None => return,
                },
                news = self.source.next() => self.take(news).await,
                Some(load) = self.loads.join_next() => self.end_load(load),
            }
        }
    }

    fn serve(&mut self, request: Request) {
        match request {
            Request::Load { store, answer } => {
                let state = self.shared.state.load();
                if state.holds(&store) {
                    // A caller that no longer waits is none of the follower's concern, here and below.
                    drop(answer.send(Ok(state.pairs(&store))));
                    return;
                }
                let callers = self.callers.entry(store).or_default();
                callers.push(answer);
                if callers.len() == 1 {
                    self.load(store);
                }
            }
            Request::Forget { store } => {
                let state = self.shared.state.load_full();
                if state.holds(&store) {
                    self.shared.show(state.without(&store));
                }
            }
        }
    }

    async fn take(&mut self, news: News) {
        match news {
            News::Change(change) => match after(self.shared.state.load_full(), change).await {
                Some(state) => {
                    self.next_pause = FIRST_PAUSE;
                    self.shared.show(state);
                }
                None => self.pause(),
            },
            News::PauseEnded => {
                let stores = self.shared.state.load().stores().copied().collect();
                self.source = Source::Reading(Box::pin(read(Arc::clone(&self.engine), stores)));
            }
            News::Read(Ok(reading)) if reading.version >= self.shared.state.load().version => {
                self.begin_again(reading);
            }
            // A snapshot that is older than what the view shows is of no use: it never goes back.
            News::Read(Ok(_) | Err(_)) | News::Lost => self.pause(),
        }
    }

    fn pause(&mut self) {
        self.source = Source::Pausing(Box::pin(sleep(self.next_pause)));
        self.next_pause = LONGEST_PAUSE.min(self.next_pause * 2);
    }

    /// Goes on from a snapshot of all loaded stores.
    fn begin_again(&mut self, reading: Reading) {
        let Reading { version, stores, changes } = reading;
        let before = self.shared.state.load_full();
        // Some may have been forgotten meanwhile, and one that cannot be read is loaded no longer.
        let stores = stores.into_iter().filter(|(arn, _)| before.holds(arn));
        let stores = stores.filter_map(|(arn, store)| Some((arn, store.ok()??)));
        self.shared.show(State::new(version, stores));
        self.source = Source::Watching(changes);
        for (arn, reading) in std::mem::take(&mut self.early) {
            self.join(arn, reading);
        }
    }

    fn load(&mut self, store: KeyValueStoreArn) {
        let engine = Arc::clone(&self.engine);
        self.loads.spawn(async move { (store, read(engine, vec![store]).await) });
    }

    fn end_load(&mut self, load: Result<(KeyValueStoreArn, Result<Reading, StoreError>), JoinError>) {
        match load {
            Ok((arn, Ok(reading))) if matches!(self.source, Source::Watching(_)) => self.join(arn, reading),
            Ok((arn, Ok(reading))) => self.early.push((arn, reading)),
            Ok((arn, Err(error))) => self.answer(&arn, || Err(same(&error))),
            // It is not known whose it was; the others that wait are told to ask again.
            Err(_) => self.callers.clear(),
        }
    }

    /// Adds a store that was loaded to what is followed, and answers who waits for it.
    fn join(&mut self, arn: KeyValueStoreArn, reading: Reading) {
        let Reading { version, stores, mut changes } = reading;
        let mut loaded = Vec::new();
        for (arn, store) in stores {
            match store {
                Ok(store) => loaded.extend(store.map(|store| (arn, store))),
                Err(error) => return self.answer(&arn, || Err(same(&error))),
            }
        }
        let mut loaded = State::new(version, loaded);
        let state = self.shared.state.load_full();
        while loaded.version < state.version {
            // What the view has seen since the store was read. It cannot be awaited: it happened already.
            let Some(Next::Change(change)) = changes.try_next() else { return self.load(arn) };
            let Some(after) = loaded.after(&change) else { return self.load(arn) };
            loaded = after;
        }
        let state = state.joined(&loaded);
        let pairs = state.pairs(&arn);
        self.shared.show(state);
        self.answer(&arn, || Ok(pairs.clone()));
    }

    fn answer(&mut self, arn: &KeyValueStoreArn, answer: impl Fn() -> Answer) {
        for caller in self.callers.remove(arn).unwrap_or_default() {
            drop(caller.send(answer()));
        }
    }
}

/// The state after a commit; nothing if the stores have to be read again, also because the thread that had a
/// large commit to apply was ended.
async fn after(state: Arc<State>, change: Arc<Change>) -> Option<State> {
    if change.writes.len() <= FEW_WRITES {
        return state.after(&change);
    }
    tokio::task::spawn_blocking(move || state.after(&change)).await.ok()?
}

/// An error for one more of those who wait for the same load.
fn same(error: &StoreError) -> StoreError {
    if let StoreError::Read { message, source } = error {
        return StoreError::Read { message: message.clone(), source: source.clone() };
    }
    StoreError::Read { message: error.to_string(), source: None }
}

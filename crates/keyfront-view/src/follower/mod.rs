//! The task that follows the engine on behalf of a projection.

mod reading;
mod router;
mod state;

use std::collections::HashMap;
use std::pin::Pin;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::Duration;

use arc_swap::ArcSwap;
use backon::{BackoffBuilder, ExponentialBackoff, ExponentialBuilder};
use keyfront_store::{Change, Changes, Engine, Next, StoreError, Version};
use tokio::sync::{mpsc, oneshot, watch};
use tokio::task::{JoinError, JoinSet};
use tokio::time::{Interval, MissedTickBehavior, Sleep, interval, sleep};

use self::reading::{Reading, read};
pub(crate) use self::router::Router;
pub(crate) use self::state::{Loaded, State};
use crate::projection::Projection;

/// The pause after a failure, which doubles with each failure in a row up to the longest.
const FIRST_PAUSE: Duration = Duration::from_millis(1);
const LONGEST_PAUSE: Duration = Duration::from_secs(2);

/// The most writes of a batch that are applied on a thread that serves requests.
const FEW_WRITES: usize = 1_000;

/// The most loads at a time. Further ones wait in the queue, and who asks for them when that is full.
const LOADS: usize = 16;

/// Requests that wait for the follower.
const QUEUE: usize = 256;

/// The periods that a part stays unread before it is forgotten.
const PERIODS: u32 = 4;

type Answer<P> = Result<Option<Arc<<P as Projection>::Value>>, StoreError>;

/// What a follower is asked for.
pub(crate) enum Request<P: Projection> {
    Load { part: P::Part, answer: oneshot::Sender<Answer<P>> },
    Forget { part: P::Part, done: oneshot::Sender<()> },
}

/// What readers see.
pub(crate) struct Shared<P: Projection> {
    pub(crate) state: ArcSwap<State<P>>,
    /// The version of the state, for those who wait for one.
    pub(crate) version: watch::Sender<Version>,
    /// Counts the periods in which parts may be read: readers leave in a part the period in which they took it, so
    /// that none of them has to look at a clock.
    period: AtomicU64,
}

impl<P: Projection> Shared<P> {
    pub(crate) fn new() -> Shared<P> {
        Shared {
            state: ArcSwap::from_pointee(State::new(Version::NEVER, [])),
            version: watch::Sender::new(Version::NEVER),
            period: AtomicU64::new(0),
        }
    }

    /// The value of a part that is loaded.
    pub(crate) fn take(&self, part: &P::Part) -> Option<Arc<P::Value>> {
        self.state.load().take(part, self.period())
    }

    fn period(&self) -> u64 {
        self.period.load(Ordering::Relaxed)
    }

    /// Shows a state that is not older than the one before.
    fn show(&self, state: State<P>) {
        let version = state.version;
        self.state.store(Arc::new(state));
        self.version.send_if_modified(|shown| std::mem::replace(shown, version) != version);
    }
}

/// Where the next state comes from.
enum Source<P: Projection> {
    /// Commits, one by one.
    Watching(Changes),
    /// A snapshot of all loaded parts.
    Reading(Pin<Box<dyn Future<Output = Result<Reading<P>, StoreError>> + Send>>),
    /// Nowhere for a while.
    Pausing(Pin<Box<Sleep>>),
}

/// What comes from there.
enum News<P: Projection> {
    Change(Arc<Change>),
    /// Commits in between were missed.
    Lagged,
    /// A snapshot, or why there is none.
    Read(Result<Reading<P>, StoreError>),
    PauseEnded,
}

impl<P: Projection> Source<P> {
    /// May be cancelled without losing anything.
    async fn next(&mut self) -> News<P> {
        match self {
            Source::Watching(changes) => match changes.next().await {
                Next::Change(change) => News::Change(change),
                Next::Lagged | Next::Closed => News::Lagged,
            },
            Source::Reading(reading) => News::Read(reading.as_mut().await),
            Source::Pausing(pause) => {
                pause.as_mut().await;
                News::PauseEnded
            }
        }
    }
}

type Load<P> = (<P as Projection>::Part, Result<Reading<P>, StoreError>);

/// Follows the engine until the last reader is gone. Only it changes what the projection shows.
pub(crate) struct Follower<P: Projection> {
    engine: Arc<dyn Engine>,
    projection: Arc<P>,
    shared: Arc<Shared<P>>,
    requests: mpsc::Receiver<Request<P>>,
    source: Source<P>,
    router: Router<P::Part>,
    pauses: ExponentialBackoff,
    /// Begins the periods; nothing where parts are never forgotten.
    periods: Option<Interval>,
    loads: JoinSet<Load<P>>,
    /// Who waits for a load.
    callers: HashMap<P::Part, Vec<oneshot::Sender<Answer<P>>>>,
    /// Loads that ended while no commits were followed: there is nothing yet that they could join.
    early: Vec<(P::Part, Reading<P>)>,
}

impl<P: Projection> Follower<P> {
    /// A follower and the queue of its requests. Parts that no reader takes for `forget_after` are forgotten.
    pub(crate) fn new(
        engine: Arc<dyn Engine>,
        projection: Arc<P>,
        shared: Arc<Shared<P>>,
        forget_after: Option<Duration>,
    ) -> (Follower<P>, mpsc::Sender<Request<P>>) {
        let (sender, requests) = mpsc::channel(QUEUE);
        let reading = read(Arc::clone(&engine), Arc::clone(&projection), Vec::new());
        let follower = Follower {
            engine,
            projection,
            shared,
            requests,
            source: Source::Reading(Box::pin(reading)),
            router: Router::new(),
            pauses: pauses(),
            periods: forget_after.map(|time| periods(time / PERIODS)),
            loads: JoinSet::new(),
            callers: HashMap::new(),
            early: Vec::new(),
        };
        (follower, sender)
    }

    pub(crate) async fn run(mut self) {
        loop {
            let may_load = self.loads.len() + self.early.len() < LOADS;
            tokio::select! {
                request = self.requests.recv(), if may_load => match request {
                    Some(request) => self.serve(request),
                    None => return,
                },
                news = self.source.next() => self.receive(news).await,
                Some(load) = self.loads.join_next() => self.end_load(load),
                () = next_period(&mut self.periods) => self.forget_unread(),
            }
        }
    }

    fn serve(&mut self, request: Request<P>) {
        match request {
            Request::Load { part, answer } => {
                if let Some(value) = self.shared.take(&part) {
                    // A caller that no longer waits is none of the follower's concern, here and below.
                    drop(answer.send(Ok(Some(value))));
                    return;
                }
                let callers = self.callers.entry(part.clone()).or_default();
                callers.push(answer);
                if callers.len() == 1 {
                    self.load(part);
                }
            }
            Request::Forget { part, done } => {
                self.forget(&[part]);
                done.send(()).ok();
            }
        }
    }

    async fn receive(&mut self, news: News<P>) {
        match news {
            News::Change(change) => self.apply(change).await,
            News::PauseEnded => {
                let parts = self.shared.state.load().parts().map(|(part, _)| part.clone()).collect();
                let reading = read(Arc::clone(&self.engine), Arc::clone(&self.projection), parts);
                self.source = Source::Reading(Box::pin(reading));
            }
            News::Read(Ok(reading)) if reading.version >= self.shared.state.load().version => {
                self.begin_again(reading);
            }
            // A snapshot that is older than what is shown is of no use: a projection never goes back.
            News::Read(Ok(_) | Err(_)) | News::Lagged => self.pause(),
        }
    }

    fn pause(&mut self) {
        let pause = self.pauses.next().unwrap_or(LONGEST_PAUSE);
        self.source = Source::Pausing(Box::pin(sleep(pause)));
    }

    /// Shows the state after a commit.
    async fn apply(&mut self, change: Arc<Change>) {
        let state = self.shared.state.load_full();
        let (state, gone) = if change.writes.len() <= FEW_WRITES {
            state.after(&self.projection, &self.router, &change)
        } else {
            let projection = Arc::clone(&self.projection);
            let router = std::mem::replace(&mut self.router, Router::new());
            let applied = tokio::task::spawn_blocking(move || {
                let after = state.after(&projection, &router, &change);
                (after, router)
            });
            let Ok((after, router)) = applied.await else {
                // The thread was ended, and the router with it; reading afresh makes another one.
                return self.pause();
            };
            self.router = router;
            after
        };
        self.pauses = pauses();
        self.unroute(&gone);
        self.shared.show(state);
    }

    /// Goes on from a snapshot of all loaded parts.
    fn begin_again(&mut self, reading: Reading<P>) {
        let Reading { version, parts, changes } = reading;
        let before = self.shared.state.load_full();
        self.router = Router::new();
        let mut loaded = Vec::new();
        for (part, value) in parts {
            // It may have been forgotten meanwhile, and what cannot be read is loaded no longer.
            let Some(was) = before.get(&part) else { continue };
            if let Ok(Some(value)) = value {
                self.router.add(&part, self.projection.ranges(&part));
                loaded.push((part, Loaded::new(version, value, was.last_read())));
            }
        }
        self.shared.show(State::new(version, loaded));
        self.source = Source::Watching(changes);
        for (part, reading) in std::mem::take(&mut self.early) {
            self.join(part, reading);
        }
    }

    fn load(&mut self, part: P::Part) {
        let (engine, projection) = (Arc::clone(&self.engine), Arc::clone(&self.projection));
        self.loads.spawn(async move {
            let reading = read(engine, projection, vec![part.clone()]).await;
            (part, reading)
        });
    }

    fn end_load(&mut self, load: Result<Load<P>, JoinError>) {
        match load {
            Ok((part, Ok(reading))) if matches!(self.source, Source::Watching(_)) => self.join(part, reading),
            Ok((part, Ok(reading))) => self.early.push((part, reading)),
            Ok((part, Err(error))) => self.answer(&part, || Err(same(&error))),
            // It is not known whose it was; the others that wait are told to ask again.
            Err(_) => self.callers.clear(),
        }
    }

    /// Adds a part that was loaded to what is followed, and answers who waits for it.
    fn join(&mut self, part: P::Part, reading: Reading<P>) {
        let Reading { version, parts, mut changes } = reading;
        let Some((_, value)) = parts.into_iter().next() else { return self.answer(&part, || Ok(None)) };
        let value = match value {
            Ok(Some(value)) => value,
            Ok(None) => return self.answer(&part, || Ok(None)),
            Err(error) => return self.answer(&part, || Err(same(&error))),
        };
        let mut router = Router::new();
        router.add(&part, self.projection.ranges(&part));
        let period = self.shared.period();
        let mut alone = State::<P>::new(version, [(part.clone(), Loaded::new(version, value, period))]);
        let state = self.shared.state.load_full();
        while alone.version < state.version {
            // What was shown since the part was read. It cannot be awaited: it happened already.
            let Some(Next::Change(change)) = changes.try_next() else { return self.load(part) };
            (alone, _) = alone.after(&self.projection, &router, &change);
        }
        // It may have been deleted since.
        let Some(loaded) = alone.get(&part).cloned() else { return self.load(part) };
        self.router.add(&part, self.projection.ranges(&part));
        let state = state.with(part.clone(), loaded);
        let value = state.take(&part, period);
        self.shared.show(state);
        self.answer(&part, || Ok(value.clone()));
    }

    fn answer(&mut self, part: &P::Part, answer: impl Fn() -> Answer<P>) {
        for caller in self.callers.remove(part).unwrap_or_default() {
            drop(caller.send(answer()));
        }
    }

    /// Begins a period, and forgets what was not read in the last ones.
    fn forget_unread(&mut self) {
        let period = self.shared.period.fetch_add(1, Ordering::Relaxed) + 1;
        let state = self.shared.state.load_full();
        let is_unread = |loaded: &Loaded<P::Value>| period - loaded.last_read() > u64::from(PERIODS);
        let unread: Vec<_> =
            state.parts().filter(|(_, loaded)| is_unread(loaded)).map(|(part, _)| part.clone()).collect();
        self.forget(&unread);
    }

    fn forget(&mut self, parts: &[P::Part]) {
        let state = self.shared.state.load_full();
        if parts.iter().any(|part| state.holds(part)) {
            self.unroute(parts);
            self.shared.show(state.without(parts));
        }
    }

    fn unroute(&mut self, parts: &[P::Part]) {
        for part in parts {
            self.router.remove(&self.projection.ranges(part));
        }
    }
}

fn pauses() -> ExponentialBackoff {
    ExponentialBuilder::new()
        .with_min_delay(FIRST_PAUSE)
        .with_max_delay(LONGEST_PAUSE)
        .without_max_times()
        .build()
}

/// Periods of this length. One that comes late is not made up for: what was not read in the meantime could not be.
fn periods(length: Duration) -> Interval {
    let mut periods = interval(length.max(Duration::from_millis(1)));
    periods.set_missed_tick_behavior(MissedTickBehavior::Delay);
    periods
}

async fn next_period(periods: &mut Option<Interval>) {
    match periods {
        Some(periods) => drop(periods.tick().await),
        None => std::future::pending().await,
    }
}

/// An error for one more of those who wait for the same load.
fn same(error: &StoreError) -> StoreError {
    if let StoreError::Read { message, source } = error {
        return StoreError::Read { message: message.clone(), source: source.clone() };
    }
    StoreError::Read { message: error.to_string(), source: None }
}

//! A store that is followed, and what follows it.

use std::collections::BTreeMap;
use std::sync::Arc;
use std::sync::atomic::{AtomicI64, Ordering};
use std::time::Duration;

use bytes::Bytes;
use keyfront_domain::AccountId;
use keyfront_engine::MemoryEngine;
use keyfront_follow::frame::Reason;
use keyfront_follow::replica::Clock;
use keyfront_follow::{
    Chunks, Decoder, FeedSettings, Feeds, Follower, Frame, Position, ReceiveError, Replica, Source,
    Subscription,
};
use keyfront_store::{Batch, Engine, Outcome, Version, replication};
use uuid::Uuid;

/// Longer than any step of a test takes, so that a mistake ends the test.
pub(crate) const PATIENCE: Duration = Duration::from_secs(30);

pub(crate) fn account() -> AccountId {
    "111122223333".parse().unwrap()
}

/// A key of a table that travels, of the account.
pub(crate) fn pair_key(name: &str) -> Bytes {
    key(0x06, name)
}

pub(crate) fn key(table: u8, name: &str) -> Bytes {
    [&[table][..], account().as_bytes(), name.as_bytes()].concat().into()
}

/// Entries by key.
pub(crate) type State = BTreeMap<Bytes, Bytes>;

/// What travels of the account, and the engine's version.
pub(crate) async fn state(engine: &dyn Engine) -> (Version, State) {
    let snapshot = engine.read(&replication::ranges(account())).await.unwrap();
    let entries = snapshot.ranges.into_iter().flatten();
    (snapshot.version, entries.map(|entry| (entry.key, entry.value)).collect())
}

/// Makes a change.
pub(crate) async fn change(engine: &dyn Engine, batch: Batch) -> Version {
    match engine.commit(batch).await.unwrap() {
        Outcome::Committed(version) => version,
        Outcome::Conflict => panic!("nothing was checked"),
    }
}

pub(crate) async fn put(engine: &dyn Engine, name: &str, value: &str) -> Version {
    change(engine, Batch::default().put(pair_key(name), value.to_owned())).await
}

/// A server or a relay: an engine and its feeds.
pub(crate) struct Sender {
    pub(crate) source: Source,
    pub(crate) feeds: Arc<Feeds>,
}

impl Sender {
    pub(crate) fn of(source: Source) -> Sender {
        // Short, so that a test that waits for one does not wait long.
        let settings = FeedSettings { heartbeat: Duration::from_millis(20) };
        Sender { source, feeds: Arc::new(Feeds::new(settings)) }
    }

    pub(crate) fn of_store(engine: &Arc<dyn Engine>) -> Sender {
        Sender::of(Source::Store { engine: Arc::clone(engine), first_timeline: Uuid::from_u128(1) })
    }

    pub(crate) fn open(&self, from: Option<Position>) -> Link {
        let (feeds, source) = (Arc::clone(&self.feeds), self.source.clone());
        let chunks = Subscription { feeds, source, account: account(), from }.open();
        Link { chunks, decoder: Decoder::default(), images: Vec::new() }
    }
}

/// A connection to a sender.
pub(crate) struct Link {
    chunks: Chunks,
    decoder: Decoder,
    /// The images that were sent over it.
    pub(crate) images: Vec<Reason>,
}

impl Link {
    /// The next frames; `None` after the last ones.
    pub(crate) async fn frames(&mut self) -> Option<Vec<Frame>> {
        let piece = tokio::time::timeout(PATIENCE, self.chunks.next()).await.expect("nothing was sent")?;
        let frames = self.decoder.frames(&piece).unwrap();
        self.images.extend(frames.iter().filter_map(|frame| match frame {
            Frame::Image(reason) => Some(*reason),
            Frame::Hello(_)
            | Frame::Entries(_)
            | Frame::Writes(_)
            | Frame::Commit(_)
            | Frame::Heartbeat { .. }
            | Frame::End => None,
        }));
        Some(frames)
    }
}

/// An edge: an engine of its own, and what follows into it.
pub(crate) struct Edge {
    pub(crate) engine: Arc<dyn Engine>,
    pub(crate) follower: Follower,
    pub(crate) now_ms: Arc<AtomicI64>,
}

impl Edge {
    pub(crate) async fn new() -> Edge {
        Edge::over(Arc::new(MemoryEngine::new())).await
    }

    /// A process that is started on what another one left.
    pub(crate) async fn over(engine: Arc<dyn Engine>) -> Edge {
        let now_ms = Arc::new(AtomicI64::new(1_000_000));
        let now = Arc::clone(&now_ms);
        let clock: Clock = Arc::new(move || now.load(Ordering::Relaxed));
        let replica = Replica::open(Arc::clone(&engine), &[account()], clock).await.unwrap();
        let follower = replica.follower(account()).await.unwrap();
        Edge { engine, follower, now_ms }
    }

    pub(crate) fn version(&self) -> Version {
        self.follower.freshness().version()
    }

    /// Connects, and follows until it has a version.
    pub(crate) async fn follow(&mut self, sender: &Sender, version: Version) -> Link {
        let mut link = self.connect(sender);
        self.reach(&mut link, version).await;
        link
    }

    pub(crate) fn connect(&mut self, sender: &Sender) -> Link {
        self.follower.begin();
        sender.open(self.follower.position())
    }

    pub(crate) async fn reach(&mut self, link: &mut Link, version: Version) {
        while self.version() < version {
            let frames = link.frames().await.expect("the sender ended");
            self.follower.receive(frames).await.unwrap();
        }
    }

    /// Connects, and follows until it has a version of this timeline, which it does not know.
    pub(crate) async fn follow_anew(&mut self, sender: &Sender, timeline: Uuid, version: Version) -> Link {
        let mut link = self.connect(sender);
        while self.follower.position().is_none_or(|position| position.timeline != timeline)
            || self.version() < version
        {
            let frames = link.frames().await.expect("the sender ended");
            self.follower.receive(frames).await.unwrap();
        }
        link
    }

    /// Follows until the sender ends, or cannot be followed.
    pub(crate) async fn follow_to_the_end(&mut self, link: &mut Link) -> ReceiveError {
        while let Some(frames) = link.frames().await {
            if let Err(error) = self.follower.receive(frames).await {
                return error;
            }
        }
        panic!("the sender ended without a word");
    }

    /// Shows what the engine shows.
    pub(crate) async fn assert_shows(&self, engine: &dyn Engine) {
        assert_eq!(state(&*self.engine).await.1, state(engine).await.1);
    }

    /// A sender that reads this edge's replica.
    pub(crate) fn relay(&self) -> Sender {
        Sender::of(Source::Replica {
            engine: Arc::clone(&self.engine),
            resumable: Arc::clone(self.follower.resumable()),
        })
    }
}

pub(crate) fn store() -> Arc<dyn Engine> {
    Arc::new(MemoryEngine::new())
}

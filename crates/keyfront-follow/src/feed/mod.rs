//! The sending side: an image or nothing, then every commit, and a heartbeat.
//!
//! A feed is a task of its own for each follower. What it writes waits in a short queue until the follower takes it;
//! meanwhile the engine remembers commits up to its own bound, and a feed that falls out of that sends an image.

mod encoded;
mod image;
mod source;
mod task;

use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::task::{Context, Poll};
use std::time::Duration;

use bytes::Bytes;
use keyfront_domain::AccountId;
use tokio::sync::{Semaphore, mpsc, watch};

use self::encoded::EncodedCommits;
pub use self::source::Source;
use self::task::Feed;
use crate::position::Position;

/// Pieces that wait for a follower, of about [`PIECE_BYTES`] at most.
const QUEUE: usize = 8;

/// Bytes that are collected before they are sent, if there is more to send at once.
const PIECE_BYTES: usize = 64 * 1024;

/// Images that are read at the same time, so that many followers that come at once do not take all the memory.
const IMAGES: usize = 2;

/// How feeds behave.
#[derive(Clone, Copy, Debug)]
pub struct FeedSettings {
    /// The pause between heartbeats.
    pub heartbeat: Duration,
}

impl Default for FeedSettings {
    fn default() -> FeedSettings {
        FeedSettings { heartbeat: Duration::from_secs(3) }
    }
}

/// A follower that sends no frame for so long is taken for gone by those that follow it: three heartbeats and a bit.
pub const SILENCE: Duration = Duration::from_secs(10);

/// The feeds of one server or relay: what they share, and what they did.
pub struct Feeds {
    settings: FeedSettings,
    images: Semaphore,
    commits: EncodedCommits,
    /// Closed feeds end, and new ones end at once.
    closed: watch::Sender<bool>,
    figures: Counts,
}

#[derive(Default)]
struct Counts {
    followers: AtomicU64,
    images: AtomicU64,
    lagged: AtomicU64,
    commits: AtomicU64,
    bytes: AtomicU64,
}

/// What feeds did since the start.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct FeedFigures {
    /// Followers now.
    pub followers: u64,
    /// Images that were sent.
    pub images: u64,
    /// Images of these that a follower got because it fell behind.
    pub lagged: u64,
    /// Commits that were sent, counted for each follower.
    pub commits: u64,
    /// Bytes that were sent.
    pub bytes: u64,
}

impl Default for Feeds {
    fn default() -> Feeds {
        Feeds::new(FeedSettings::default())
    }
}

impl Feeds {
    /// No feed yet.
    #[must_use]
    pub fn new(settings: FeedSettings) -> Feeds {
        Feeds {
            settings,
            images: Semaphore::new(IMAGES),
            commits: EncodedCommits::default(),
            closed: watch::Sender::new(false),
            figures: Counts::default(),
        }
    }

    /// Ends all feeds, each with a word to its follower, and those that begin later.
    pub fn close(&self) {
        self.closed.send_replace(true);
    }

    /// What they did.
    pub fn figures(&self) -> FeedFigures {
        let read = |count: &AtomicU64| count.load(Ordering::Relaxed);
        let Counts { followers, images, lagged, commits, bytes } = &self.figures;
        FeedFigures {
            followers: read(followers),
            images: read(images),
            lagged: read(lagged),
            commits: read(commits),
            bytes: read(bytes),
        }
    }
}

/// What a follower asked for and may have: a feed that has not begun.
#[derive(Clone)]
pub struct Subscription {
    /// What the feed belongs to.
    pub feeds: Arc<Feeds>,
    /// What it reads.
    pub source: Source,
    /// The account whose entries travel.
    pub account: AccountId,
    /// Where the follower is; `None` if it has nothing.
    pub from: Option<Position>,
}

impl Subscription {
    /// Begins the feed. It has to be called on a Tokio runtime with timers, and ends when what it gives is dropped.
    pub fn open(self) -> Chunks {
        let (sender, receiver) = mpsc::channel(QUEUE);
        tokio::spawn(Feed::new(self, sender).run());
        Chunks(receiver)
    }
}

/// The bytes of a feed, in pieces.
#[derive(Debug)]
pub struct Chunks(mpsc::Receiver<Bytes>);

impl Chunks {
    /// The next piece; `None` after the last one. It may be cancelled without losing one.
    pub async fn next(&mut self) -> Option<Bytes> {
        self.0.recv().await
    }

    /// As [`next`](Chunks::next), for those that are polled.
    pub fn poll_next(&mut self, context: &mut Context<'_>) -> Poll<Option<Bytes>> {
        self.0.poll_recv(context)
    }
}

//! The task of one feed.

use std::sync::Arc;
use std::sync::atomic::Ordering;

use bytes::Bytes;
use keyfront_store::records::Timeline;
use keyfront_store::{Change, Changes, Next, StoreError, Version, migration};
use tokio::sync::{mpsc, watch};
use tokio::time::{MissedTickBehavior, interval};

use super::source::{Head, Progress};
use super::{PIECE_BYTES, Source, Subscription};
use crate::frame::{Broken, Frame, Hello, Mark, PROTOCOL, Reason, Step};
use crate::scope::Scope;

/// About this many bytes of entries or writes are in one frame.
pub(super) const FRAME_BYTES: usize = 64 * 1024;

/// Why a feed ends.
#[derive(Debug, thiserror::Error)]
pub(super) enum Ended {
    /// The follower is gone.
    #[error("the follower left")]
    Left,
    /// The engine closed, or a replica has nothing to send.
    #[error("there is nothing to follow")]
    Nothing,
    #[error(transparent)]
    Store(#[from] StoreError),
    #[error(transparent)]
    Frame(#[from] Broken),
}

/// A feed. What it has sent is whole commits up to `version`, as far as a mark was sent.
pub(super) struct Feed {
    pub(super) subscription: Subscription,
    pub(super) scope: Scope,
    /// The version for followers up to which everything was sent.
    pub(super) version: Version,
    /// The timelines that the follower knows.
    timelines: Vec<Timeline>,
    sender: mpsc::Sender<Bytes>,
    closed: watch::Receiver<bool>,
    /// Frames that are not sent yet.
    out: Vec<u8>,
}

impl Feed {
    pub(super) fn new(subscription: Subscription, sender: mpsc::Sender<Bytes>) -> Feed {
        let scope = Scope::of(subscription.account);
        let closed = subscription.feeds.closed.subscribe();
        let (version, timelines, out) = (Version::NEVER, Vec::new(), Vec::new());
        Feed { subscription, scope, version, timelines, sender, closed, out }
    }

    pub(super) async fn run(mut self) {
        let feeds = Arc::clone(&self.subscription.feeds);
        feeds.figures.followers.fetch_add(1, Ordering::Relaxed);
        let account = self.subscription.account;
        match self.follow().await {
            Ok(()) | Err(Ended::Left | Ended::Nothing) => {}
            Err(error @ (Ended::Store(_) | Ended::Frame(_))) => {
                tracing::warn!(%account, %error, "a change stream ends; its follower comes again");
            }
        }
        // Without the mark of a commit, what was not sent of it counts for nothing. A follower that is gone, or whose
        // queue is full, does not hear the end, and notices that nothing comes.
        self.out.clear();
        if self.write(&Frame::End).is_ok() {
            self.sender.try_send(Bytes::from(std::mem::take(&mut self.out))).ok();
        }
        feeds.figures.followers.fetch_sub(1, Ordering::Relaxed);
    }

    /// Sends until the feeds are closed.
    async fn follow(&mut self) -> Result<(), Ended> {
        let (source, account) = (self.subscription.source.clone(), self.subscription.account);
        let head = source.head(account).await?.ok_or(Ended::Nothing)?;
        self.write(&Frame::Hello(hello(&head, account.to_string())))?;
        self.flush().await?;
        self.timelines.clone_from(&head.timelines);
        let resumed = self.subscription.from.and_then(|from| Some((from, source.resume(from, &head)?)));
        let mut changes = match resumed {
            Some((from, own)) => {
                self.version = from.version;
                source.engine().watch(own).await?
            }
            None => self.image(Reason::First).await?,
        };
        let mut heartbeats = interval(self.subscription.feeds.settings.heartbeat);
        heartbeats.set_missed_tick_behavior(MissedTickBehavior::Delay);
        let mut closed = self.closed.clone();
        loop {
            tokio::select! {
                biased;
                () = until_closed(&mut closed) => return Ok(()),
                () = self.sender.closed() => return Err(Ended::Left),
                // In front of the commits, which may never end.
                _ = heartbeats.tick() => {
                    let (version, age_ms) = (self.version.0, source.age_ms());
                    self.write(&Frame::Heartbeat { version, age_ms })?;
                }
                next = changes.next() => self.next(next, &mut changes).await?,
            }
            self.flush().await?;
        }
    }

    /// Writes a commit, and those that wait behind it as long as they are few bytes.
    async fn next(&mut self, next: Next, changes: &mut Changes) -> Result<(), Ended> {
        let mut next = Some(next);
        while let Some(found) = next {
            match found {
                Next::Change(change) => self.commit(&change)?,
                Next::Lagged => {
                    *changes = self.image(Reason::Lagged).await?;
                    return Ok(());
                }
                Next::Closed => return Err(Ended::Nothing),
            }
            next = if self.out.len() < PIECE_BYTES { changes.try_next() } else { None };
        }
        Ok(())
    }

    /// Writes the part of a commit that travels, with its mark; nothing if none does.
    fn commit(&mut self, change: &Change) -> Result<(), Ended> {
        let account = self.subscription.account;
        let Progress { version, timelines } = self.subscription.source.progress(account, change)?;
        // A commit of a replica for another account says nothing about this one.
        let Some(version) = version else { return Ok(()) };
        self.version = version;
        let timelines = timelines.filter(|timelines| *timelines != self.timelines);
        let steps = self.steps_of(change)?;
        // What a relay's followers do not know of they cannot go on from.
        let is_relay = matches!(self.subscription.source, Source::Replica { .. });
        if !steps.is_empty() || timelines.is_some() || is_relay {
            self.out.extend_from_slice(&steps);
            self.mark(timelines)?;
            self.subscription.feeds.figures.commits.fetch_add(1, Ordering::Relaxed);
        }
        Ok(())
    }

    /// The frames of what travels of a commit, which are the same for all that follow the account.
    fn steps_of(&self, change: &Change) -> Result<Bytes, Broken> {
        let Subscription { feeds, account, .. } = &self.subscription;
        if let Some(bytes) = feeds.commits.get(*account, change.version) {
            return Ok(bytes);
        }
        let mut out = Vec::new();
        write_steps(self.scope.part_of(&change.writes).iter().map(Step::from).collect(), &mut out)?;
        let bytes = Bytes::from(out);
        feeds.commits.keep(*account, change.version, &bytes);
        Ok(bytes)
    }

    /// Writes the end of a commit, or of an image.
    pub(super) fn mark(&mut self, timelines: Option<Vec<Timeline>>) -> Result<(), Broken> {
        let lines = timelines.as_ref().map(|timelines| timelines.iter().copied().map(Into::into).collect());
        if let Some(timelines) = timelines {
            self.timelines = timelines;
        }
        self.write(&Frame::Commit(Mark { version: self.version.0, timelines: lines }))
    }

    pub(super) fn write(&mut self, frame: &Frame) -> Result<(), Broken> {
        frame.write(&mut self.out)
    }

    pub(super) fn write_steps(&mut self, steps: Vec<Step>) -> Result<(), Broken> {
        write_steps(steps, &mut self.out)
    }

    /// Sends what was written. It waits while the follower takes nothing.
    pub(super) async fn flush(&mut self) -> Result<(), Ended> {
        if self.out.is_empty() {
            return Ok(());
        }
        let bytes = Bytes::from(std::mem::take(&mut self.out));
        let length = u64::try_from(bytes.len()).unwrap_or(u64::MAX);
        let mut closed = self.closed.clone();
        tokio::select! {
            sent = self.sender.send(bytes) => sent.map_err(|_gone| Ended::Left)?,
            // A stop does not wait for a follower that takes nothing.
            () = until_closed(&mut closed) => return Err(Ended::Left),
        }
        self.subscription.feeds.figures.bytes.fetch_add(length, Ordering::Relaxed);
        Ok(())
    }
}

/// Waits until the feeds are closed, or dropped.
async fn until_closed(closed: &mut watch::Receiver<bool>) {
    closed.wait_for(|closed| *closed).await.ok();
}

fn hello(head: &Head, account: String) -> Hello {
    Hello {
        protocol: PROTOCOL,
        format: migration::CURRENT,
        account,
        version: head.version.0,
        timelines: head.timelines.iter().copied().map(Into::into).collect(),
    }
}

/// Writes steps in frames of a bounded size.
fn write_steps(steps: Vec<Step>, out: &mut Vec<u8>) -> Result<(), Broken> {
    let (mut frame, mut bytes) = (Vec::new(), 0);
    for step in steps {
        bytes += size_bytes(&step);
        frame.push(step);
        if bytes >= FRAME_BYTES {
            Frame::Writes(std::mem::take(&mut frame)).write(out)?;
            bytes = 0;
        }
    }
    if frame.is_empty() { Ok(()) } else { Frame::Writes(frame).write(out) }
}

fn size_bytes(step: &Step) -> usize {
    match step {
        Step::Put(pair) => pair.key.len() + pair.value.len(),
        Step::Delete(key) => key.len(),
        Step::DeleteRange(start, end) => start.len() + end.len(),
    }
}

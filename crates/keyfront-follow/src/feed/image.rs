//! An image: everything of an account that travels, as one commit left it.
//!
//! It is read in pieces, each from a snapshot of its own, so that a large account is never in memory whole. The pieces
//! are of different moments; what was committed since the first of them follows as writes, up to the newest commit that
//! any piece may show. To apply a commit to a state that shows it already changes nothing, so what the follower has behind
//! the mark is the state after that commit.

use std::sync::Arc;
use std::sync::atomic::Ordering;

use keyfront_store::records::Timeline;
use keyfront_store::{Changes, Entry, Next, Range, Version};

use tokio::sync::SemaphorePermit;
use tokio::time::timeout;

use super::Feeds;
use super::task::{Ended, FRAME_BYTES, Feed};
use crate::frame::{Frame, Pair, Reason, Step};

/// Entries that are read at a time.
const ENTRIES: usize = 256;

/// What was read, and what was committed meanwhile.
struct Reading {
    changes: Changes,
    /// The commit after which the changes begin.
    since: Version,
    timelines: Vec<Timeline>,
    /// The commit up to which the pieces show what was committed.
    until: Version,
}

impl Feed {
    /// Sends an image, and gives what is committed after it. It begins again if the follower takes so long that commits
    /// in between are forgotten.
    pub(super) async fn image(&mut self, mut reason: Reason) -> Result<Changes, Ended> {
        let feeds = Arc::clone(&self.subscription.feeds);
        let _permit = self.turn(&feeds).await?;
        loop {
            feeds.figures.images.fetch_add(1, Ordering::Relaxed);
            if reason == Reason::Lagged {
                feeds.figures.lagged.fetch_add(1, Ordering::Relaxed);
            }
            self.write(&Frame::Image(reason))?;
            let reading = self.read().await?;
            if let Some(changes) = self.catch_up(reading).await? {
                self.flush().await?;
                return Ok(changes);
            }
            reason = Reason::Lagged;
        }
    }

    /// Waits for a place among those whose images are read. Meanwhile the follower hears that the sender is there.
    async fn turn<'f>(&mut self, feeds: &'f Feeds) -> Result<SemaphorePermit<'f>, Ended> {
        loop {
            let pause = feeds.settings.heartbeat;
            match timeout(pause, feeds.images.acquire()).await {
                Ok(permit) => return permit.map_err(|_closed| Ended::Nothing),
                Err(_elapsed) => {
                    self.write(&Frame::Waiting)?;
                    self.flush().await?;
                }
            }
        }
    }

    async fn read(&mut self) -> Result<Reading, Ended> {
        let (source, account) = (self.subscription.source.clone(), self.subscription.account);
        let head = source.head(account).await?.ok_or(Ended::Nothing)?;
        let changes = source.engine().watch(head.own).await?;
        self.version = head.version;
        let mut until = head.own;
        for range in self.scope.ranges().to_vec() {
            let mut rest = range;
            loop {
                let asked = [rest.clone().limit(ENTRIES), source.guard(account)];
                let mut found = source.engine().read(&asked).await?.ranges.into_iter();
                let (entries, guard) = (found.next().unwrap_or_default(), found.next().unwrap_or_default());
                until = guard.first().map_or(until, |guard: &Entry| until.max(guard.version));
                let Some(last) = entries.last() else { break };
                rest = Range::after(rest, &last.key);
                self.entries(&entries).await?;
                if entries.len() < ENTRIES {
                    break;
                }
            }
        }
        Ok(Reading { changes, since: head.own, timelines: head.timelines, until })
    }

    /// Sends entries, in frames of a bounded size.
    async fn entries(&mut self, entries: &[Entry]) -> Result<(), Ended> {
        let (mut frame, mut bytes) = (Vec::new(), 0);
        for entry in entries {
            bytes += entry.key.len() + entry.value.len();
            frame.push(Pair::from(entry));
            if bytes >= FRAME_BYTES {
                self.write(&Frame::Entries(std::mem::take(&mut frame)))?;
                self.flush().await?;
                bytes = 0;
            }
        }
        if !frame.is_empty() {
            self.write(&Frame::Entries(frame))?;
            self.flush().await?;
        }
        Ok(())
    }

    /// Sends what was committed while the pieces were read, and the mark; `None` if some of it is forgotten.
    async fn catch_up(&mut self, reading: Reading) -> Result<Option<Changes>, Ended> {
        let Reading { mut changes, since: mut shown, mut timelines, until } = reading;
        let (source, account) = (self.subscription.source.clone(), self.subscription.account);
        // What a piece may show has been committed, so it can be waited for.
        while shown < until {
            match changes.next().await {
                Next::Change(change) => {
                    shown = change.version;
                    let steps = self.scope.part_of(&change.writes).iter().map(Step::from).collect();
                    let progress = source.progress(account, &change)?;
                    self.version = progress.version.unwrap_or(self.version);
                    timelines = progress.timelines.unwrap_or(timelines);
                    self.write_steps(steps)?;
                    self.flush().await?;
                }
                Next::Lagged => return Ok(None),
                Next::Closed => return Err(Ended::Nothing),
            }
        }
        self.mark(Some(timelines))?;
        Ok(Some(changes))
    }
}

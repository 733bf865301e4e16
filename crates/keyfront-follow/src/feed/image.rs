//! An image: everything of an account that travels, as one commit left it.
//!
//! It is read in pieces, each from a snapshot of its own, so that a large account is never in memory whole. The pieces
//! are of different moments; what was committed since the first of them is sent as writes in between, up to the newest commit
//! that any piece may show. Commits that a piece shows already are applied once more with all that came after them, which leads
//! to the same state; so what the follower has behind the mark is the state after one commit.

use std::sync::atomic::Ordering;

use keyfront_store::records::Timeline;
use keyfront_store::{Changes, Entry, Next, Version};

use super::task::{Ended, FRAME_BYTES, Feed};
use crate::frame::{Frame, Pair, Reason, Step};

/// Entries that are read at a time.
const ENTRIES: usize = 256;

/// An image on its way.
struct Image {
    /// What is committed while it is read.
    changes: Changes,
    /// The last commit of these that was sent.
    sent: Version,
    /// The commit up to which the pieces may show what was committed.
    until: Version,
    timelines: Vec<Timeline>,
}

impl Feed {
    /// Sends an image, and gives what is committed after it. It begins again if the follower takes so long that commits
    /// in between are forgotten.
    pub(super) async fn image(&mut self, mut reason: Reason) -> Result<Changes, Ended> {
        loop {
            let figures = &self.subscription.feeds.figures;
            figures.images.fetch_add(1, Ordering::Relaxed);
            figures.lagged.fetch_add(u64::from(reason == Reason::Lagged), Ordering::Relaxed);
            self.write(&Frame::Image(reason))?;
            let mut image = self.begin().await?;
            if self.pieces(&mut image).await? && self.rest(&mut image).await? {
                self.mark(Some(image.timelines))?;
                self.flush().await?;
                return Ok(image.changes);
            }
            reason = Reason::Lagged;
        }
    }

    async fn begin(&mut self) -> Result<Image, Ended> {
        let (source, account) = (&self.subscription.source, self.subscription.account);
        let head = source.head(account).await?.ok_or(Ended::Nothing)?;
        let changes = source.engine().watch(head.own).await?;
        self.version = head.version;
        Ok(Image { changes, sent: head.own, until: head.own, timelines: head.timelines })
    }

    /// Sends the pieces, and what is committed meanwhile, which the engine would forget if it had to wait; `false` if it
    /// did.
    async fn pieces(&mut self, image: &mut Image) -> Result<bool, Ended> {
        let source = self.subscription.source.clone();
        for range in self.scope.ranges().to_vec() {
            let mut rest = range;
            loop {
                let found = source.engine().read(&[rest.clone().limit(ENTRIES)]).await?;
                image.until = image.until.max(found.version);
                let entries = found.ranges.into_iter().next().unwrap_or_default();
                let Some(last) = entries.last() else { break };
                rest = rest.after(&last.key);
                self.entries(&entries).await?;
                while let Some(next) = image.changes.try_next() {
                    if !self.pass_on(image, next).await? {
                        return Ok(false);
                    }
                }
                if entries.len() < ENTRIES {
                    break;
                }
            }
        }
        Ok(true)
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

    /// Sends what is left of what a piece may show. That has been committed, so it can be waited for.
    async fn rest(&mut self, image: &mut Image) -> Result<bool, Ended> {
        while image.sent < image.until {
            let next = image.changes.next().await;
            if !self.pass_on(image, next).await? {
                return Ok(false);
            }
        }
        Ok(true)
    }

    /// Sends a commit as a part of the image; `false` if commits are forgotten.
    async fn pass_on(&mut self, image: &mut Image, next: Next) -> Result<bool, Ended> {
        let change = match next {
            Next::Change(change) => change,
            Next::Lagged => return Ok(false),
            Next::Closed => return Err(Ended::Nothing),
        };
        image.sent = change.version;
        let progress = self.subscription.source.progress(self.subscription.account, &change)?;
        self.version = progress.version.unwrap_or(self.version);
        image.timelines = progress.timelines.unwrap_or_else(|| std::mem::take(&mut image.timelines));
        self.write_steps(self.scope.part_of(&change.writes).iter().map(Step::from).collect())?;
        self.flush().await?;
        Ok(true)
    }
}

//! From frames to commits of the replica.

use std::time::Duration;

use keyfront_store::records::{ReplicaRecord, Timeline};
use keyfront_store::{Batch, Outcome, Record, StoreError, Version, Write, migration, replication};

use super::Follower;
use super::difference::{Entries, apply, difference};
use crate::frame::{Broken, Frame, Hello, Mark, PROTOCOL};
use crate::position::lags;

/// How old the stored time of the last heartbeat may become while nothing else is written.
const NOTED_EVERY: Duration = Duration::from_mins(1);

/// Why nothing more is taken from a feed.
#[derive(Debug, thiserror::Error)]
pub enum ReceiveError {
    /// The bytes are no frames.
    #[error(transparent)]
    Broken(#[from] Broken),
    /// The sender is not one that this edge can follow.
    #[error("{0}")]
    Unusable(String),
    /// The sender has less than the replica.
    #[error("it is at version {sender} and this edge already has version {own}; it has to catch up first")]
    Lags {
        /// The sender's version.
        sender: u64,
        /// The replica's.
        own: u64,
    },
    /// The sender stops, or has nothing to send.
    #[error("it ended the stream: it stops, or is a relay that has nothing itself yet")]
    End,
    /// The replica cannot be read or written.
    #[error(transparent)]
    Store(#[from] StoreError),
}

/// What was received and is not in the replica yet.
#[derive(Default)]
pub(super) struct Receiving {
    /// Whether the sender said who it is.
    greeted: bool,
    timelines: Vec<Timeline>,
    /// Writes without their mark.
    writes: Vec<Write>,
    /// An image without its mark.
    image: Option<Entries>,
    bytes: usize,
    /// Commits with their mark, up to this version.
    complete: Vec<Write>,
    version: Option<Version>,
}

impl Follower {
    /// Begins with a new sender: what the last one sent in part is forgotten.
    pub fn begin(&mut self) {
        self.receiving = Receiving::default();
    }

    /// Takes frames, and makes the replica show every commit that is complete with them, as one commit of its own.
    ///
    /// # Errors
    /// Why the sender cannot be followed further. What was complete before is in the replica.
    pub async fn receive(&mut self, frames: Vec<Frame>) -> Result<(), ReceiveError> {
        for frame in frames {
            if let Err(error) = self.take(frame).await {
                self.write_complete().await?;
                return Err(error);
            }
        }
        self.write_complete().await
    }

    async fn take(&mut self, frame: Frame) -> Result<(), ReceiveError> {
        if !self.receiving.greeted && !matches!(frame, Frame::Hello(_) | Frame::End) {
            return Err(unusable("it sent changes before it said whose they are"));
        }
        match frame {
            Frame::Hello(hello) => self.greet(hello),
            Frame::Image(reason) => {
                tracing::debug!(account = %self.account, ?reason, "an image comes");
                let receiving = &mut self.receiving;
                (receiving.writes, receiving.image, receiving.bytes) = (Vec::new(), Some(Entries::new()), 0);
                Ok(())
            }
            Frame::Entries(pairs) => {
                let writes = pairs.into_iter().map(|pair| crate::frame::Step::Put(pair).into()).collect();
                if self.receiving.image.is_none() {
                    return Err(unusable("it sent entries that are of no image"));
                }
                self.collect(writes)
            }
            Frame::Writes(steps) => self.collect(steps.into_iter().map(Write::from).collect()),
            Frame::Commit(mark) => self.complete(mark).await,
            Frame::Heartbeat { version, age_ms } => self.heartbeat(version, age_ms).await,
            Frame::Waiting => Ok(()),
            Frame::End => Err(ReceiveError::End),
        }
    }

    fn greet(&mut self, hello: Hello) -> Result<(), ReceiveError> {
        if hello.protocol != PROTOCOL || hello.format != migration::CURRENT {
            return Err(unusable(&format!(
                "it is of another version of Keyfront: its stream has version {} and its data format {}, and this edge \
                 reads {PROTOCOL} and {}; install the same version on both",
                hello.protocol,
                hello.format,
                migration::CURRENT
            )));
        }
        if hello.account != self.account.to_string() {
            return Err(unusable(&format!(
                "the credential is one of account {}, and the configuration has it for account {}",
                hello.account, self.account
            )));
        }
        let timelines: Vec<Timeline> = hello.timelines.into_iter().map(Into::into).collect();
        if let Some(own) = self.record.as_ref().filter(|own| lags(own, &timelines, Version(hello.version))) {
            return Err(ReceiveError::Lags { sender: hello.version, own: own.version });
        }
        self.receiving = Receiving { greeted: true, timelines, ..Receiving::default() };
        Ok(())
    }

    /// Keeps writes until their mark comes.
    fn collect(&mut self, writes: Vec<Write>) -> Result<(), ReceiveError> {
        if writes.iter().any(|write| !self.scope.admits(write)) {
            return Err(unusable("it sent what no edge takes"));
        }
        let receiving = &mut self.receiving;
        receiving.bytes += writes.iter().map(Write::size_bytes).sum::<usize>();
        if receiving.bytes > self.engine.limits().bytes {
            let limit = self.engine.limits().bytes;
            return Err(unusable(&format!(
                "it sent more at once than the {limit} bytes that the replica takes"
            )));
        }
        match &mut receiving.image {
            Some(entries) => apply(entries, writes),
            None => receiving.writes.extend(writes),
        }
        Ok(())
    }

    async fn complete(&mut self, mark: Mark) -> Result<(), ReceiveError> {
        if let Some(timelines) = mark.timelines {
            self.receiving.timelines = timelines.into_iter().map(Into::into).collect();
        }
        let version = Version(mark.version);
        match self.receiving.image.take() {
            None => {
                self.receiving.complete.append(&mut self.receiving.writes);
                self.receiving.version = Some(version);
            }
            Some(image) => {
                // Nothing of what came before the image is needed any more.
                self.receiving.complete.clear();
                let entries = image.len();
                let writes = self.difference_to(image).await?;
                let differs = writes.len();
                self.write(writes, version).await?;
                let account = self.account;
                tracing::info!(%account, version = version.0, entries, differs, "took over an image");
            }
        }
        self.receiving.bytes = 0;
        Ok(())
    }

    async fn difference_to(&self, image: Entries) -> Result<Vec<Write>, ReceiveError> {
        let held = self.engine.read(self.scope.ranges()).await?;
        let compared = tokio::task::spawn_blocking(move || {
            let held: Vec<_> = held.ranges.into_iter().flatten().collect();
            difference(&held, image)
        });
        compared.await.map_err(|error| unusable(&format!("the image could not be compared: {error}")))
    }

    async fn heartbeat(&mut self, version: u64, age_ms: u64) -> Result<(), ReceiveError> {
        self.write_complete().await?;
        let Some(record) = &self.record else { return Ok(()) };
        let age_ms = i64::try_from(age_ms).unwrap_or(i64::MAX);
        let fresh_ms = self.freshness.now_ms().saturating_sub(age_ms);
        self.freshness.at(fresh_ms);
        let noted =
            Duration::from_millis(u64::try_from(fresh_ms.saturating_sub(record.fresh_ms)).unwrap_or(0));
        // Commits that changed nothing of the account count too: the store may forget those before them.
        if record.version < version || noted >= NOTED_EVERY {
            self.write(Vec::new(), Version(version)).await?;
        }
        Ok(())
    }

    async fn write_complete(&mut self) -> Result<(), ReceiveError> {
        let Some(version) = self.receiving.version.take() else { return Ok(()) };
        let writes = std::mem::take(&mut self.receiving.complete);
        self.write(writes, version).await
    }

    /// One commit of the replica: the writes, and the version that it shows with them.
    async fn write(&mut self, writes: Vec<Write>, version: Version) -> Result<(), ReceiveError> {
        let now_ms = self.freshness.now_ms();
        let age_ms = self.freshness.age().map_or(0, |age| i64::try_from(age.as_millis()).unwrap_or(i64::MAX));
        let record = ReplicaRecord {
            format: migration::CURRENT,
            version: version.0,
            timelines: self.receiving.timelines.clone(),
            fresh_ms: now_ms.saturating_sub(age_ms),
        };
        let key = replication::replica_key(self.account).bytes();
        let batch = Batch { writes, ..Batch::default() }.put(key, record.encode()?);
        if let Outcome::Committed(own) = self.engine.commit(batch).await? {
            self.resumable.reached(version, own);
            self.freshness.at(record.fresh_ms);
            self.freshness.shows(version);
            self.record = Some(record);
        }
        Ok(())
    }
}

fn unusable(why: &str) -> ReceiveError {
    ReceiveError::Unusable(why.to_owned())
}

//! Copies everything that one engine holds, credentials too, into another one that holds nothing else.
//!
//! It is made in pages, and no more than a page is held in memory. The first commit leaves a mark in the other engine, with
//! which [no server starts](refuse_unfinished) on it; each further one writes entries and notes in the mark how many there
//! are. A copy that was broken off goes on there, or begins anew if the source has changed. When everything was read
//! back and compared, one commit takes the mark away.
//!
//! Nothing of an engine's own is copied: generations of pairs, leftovers, timelines, the journal of a restore.

mod walk;

use bytes::Bytes;
use keyfront_domain::pairs::Totals;

use crate::records::{CopyMark, Format, PairsRecord, damaged};
use crate::saved_states::Contents;
use crate::{
    Batch, Engine, Outcome, Range, Record, StoreError, Unusable, Version, keyspace, migration, replication,
};
use walk::Walk;

/// How many entries lie between two steps that are told.
const TOLD_EVERY: u64 = 100_000;

/// What is being done.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Step {
    /// Going on with a copy that was broken off after so many entries.
    GoingOn {
        /// Entries that are there.
        entries: u64,
    },
    /// So many entries are written.
    Writing {
        /// Records, pairs and credentials.
        entries: u64,
    },
    /// So many entries were read on both sides and compared.
    Verifying {
        /// Records, pairs and credentials.
        entries: u64,
    },
}

/// What the other engine holds now.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub struct Copied {
    /// The resources.
    pub contents: Contents,
    /// How many credentials.
    pub credentials: usize,
}

/// Why a copy was not made, or must not be used.
#[derive(Debug, thiserror::Error)]
pub enum CopyError {
    /// An engine failed. The copy can be repeated.
    #[error(transparent)]
    Store(#[from] StoreError),
    /// The other engine holds something else. Nothing was written.
    #[error("the store to copy into holds other data, and nothing is written over")]
    NotEmpty,
    /// The source was written to during the copy.
    #[error("the store was changed while it was copied; stop every server that runs on it and copy again")]
    Changed,
    /// What was read back is not what was written.
    #[error("what was read back is not what was copied; do not use the copy")]
    Different,
}

/// Makes `to` hold what `from` holds. `tell` is called now and then.
///
/// Nothing may write to either meanwhile.
///
/// # Errors
/// [`CopyError`] says what is the case then.
pub async fn copy(
    from: &dyn Engine,
    to: &dyn Engine,
    mut tell: impl FnMut(Step) + Send,
) -> Result<Copied, CopyError> {
    replication::refuse_replica(from).await?;
    replication::refuse_replica(to).await?;
    refuse_unfinished(from).await?;
    refuse_restoring(from).await?;
    let version = from.read(&[]).await?.version;
    let mark = keyspace::copying().read(to).await?;
    if mark.is_none() && !is_empty(to).await? {
        // It may be the copy of a source that has not changed since.
        return match verify(from, to, version, &mut tell).await {
            Err(CopyError::Different) => Err(CopyError::NotEmpty),
            verified => verified,
        };
    }
    let mut written = match mark {
        Some(mark) if Version(mark.version) == version => mark.entries,
        Some(_) | None => begin(to, version).await?,
    };
    if written > 0 {
        tell(Step::GoingOn { entries: written });
    }
    let (mut walk, mut passed) = (Walk::begin(from).await?, 0);
    while let Some(page) = walk.next().await? {
        let count = length(&page);
        passed += count;
        if passed > written {
            // What is there of a page whose end is missing is written again, which changes nothing.
            write(to, page, CopyMark { version: version.0, entries: passed }).await?;
            told(&mut tell, written, passed, |entries| Step::Writing { entries });
            written = passed;
        }
    }
    let copied = verify(from, to, version, &mut tell).await?;
    finish(from, to).await?;
    Ok(copied)
}

/// Refuses an engine into which a copy was begun and not finished.
///
/// # Errors
/// It is one, or storage failed.
pub async fn refuse_unfinished(engine: &dyn Engine) -> Result<(), StoreError> {
    if keyspace::copying().read(engine).await?.is_none() {
        return Ok(());
    }
    let message = "a copy into this store was begun and not finished: run keyfront copy again";
    Err(Unusable::new(message).into())
}

/// A restore that is being made leaves a source that is neither what it was nor what it will be.
async fn refuse_restoring(from: &dyn Engine) -> Result<(), StoreError> {
    let mark = from.read(&[Range::key(keyspace::restoring())]).await?;
    if mark.one(0).is_none() {
        return Ok(());
    }
    let message = "a snapshot is being put back in the store to copy: start a server on it, which finishes that, stop it, \
                   and copy again";
    Err(Unusable::new(message).into())
}

/// Whether an engine holds nothing that a copy has. A server that ran on it left notes of its own at most.
async fn is_empty(engine: &dyn Engine) -> Result<bool, StoreError> {
    Ok(Walk::begin(engine).await?.next().await?.is_none())
}

/// Clears what a copy of another version left, and leaves the mark.
async fn begin(to: &dyn Engine, version: Version) -> Result<u64, StoreError> {
    let mark = CopyMark { version: version.0, entries: 0 };
    let batch = Batch::default().delete_range(Bytes::new(), Bytes::new());
    committed(to, batch.put(keyspace::copying().bytes(), mark.encode()?)).await?;
    Ok(0)
}

/// Writes a page in as few batches as the engine takes; the last one counts it.
async fn write(to: &dyn Engine, page: Vec<(Bytes, Bytes)>, mark: CopyMark) -> Result<(), StoreError> {
    let mark = (keyspace::copying().bytes(), mark.encode()?);
    let limits = to.limits();
    let (mut batch, mut bytes) = (Batch::default(), 0);
    for (key, value) in page.into_iter().chain([mark]) {
        let more = key.len() + value.len();
        if batch.writes.len() >= limits.writes || bytes + more > limits.bytes {
            committed(to, std::mem::take(&mut batch)).await?;
            bytes = 0;
        }
        bytes += more;
        batch = batch.put(key, value);
    }
    committed(to, batch).await
}

/// Reads both and compares them.
async fn verify(
    from: &dyn Engine,
    to: &dyn Engine,
    version: Version,
    tell: &mut (impl FnMut(Step) + Send),
) -> Result<Copied, CopyError> {
    tell(Step::Verifying { entries: 0 });
    let (mut source, mut copy) = (Walk::begin(from).await?, Walk::begin(to).await?);
    let (mut copied, mut compared, mut equal) = (Copied::default(), 0, true);
    while equal {
        // Both give the same entries in the same pages, if they hold the same.
        let (expected, found) = (source.next().await?, copy.next().await?);
        equal = expected == found;
        let Some(page) = expected else { break };
        copied.count(&page)?;
        let before = compared;
        compared += length(&page);
        told(tell, before, compared, |entries| Step::Verifying { entries });
    }
    if from.read(&[]).await?.version != version {
        return Err(CopyError::Changed);
    }
    if equal { Ok(copied) } else { Err(CopyError::Different) }
}

/// Gives the copy the format of the source, then that of this version, and takes the mark away.
async fn finish(from: &dyn Engine, to: &dyn Engine) -> Result<(), StoreError> {
    let format = keyspace::format();
    let Format(made) = format.read(from).await?.unwrap_or_default();
    committed(to, Batch::default().put(format.bytes(), Format(made).encode()?)).await?;
    migration::migrate(to).await?;
    committed(to, Batch::default().delete(keyspace::copying().bytes())).await
}

async fn committed(engine: &dyn Engine, batch: Batch) -> Result<(), StoreError> {
    match engine.commit(batch).await? {
        Outcome::Committed(_) => Ok(()),
        // Nothing is checked.
        Outcome::Conflict => Err(damaged("copy")),
    }
}

fn length(page: &[(Bytes, Bytes)]) -> u64 {
    u64::try_from(page.len()).unwrap_or(u64::MAX)
}

fn told(tell: &mut (impl FnMut(Step) + Send), before: u64, now: u64, step: impl Fn(u64) -> Step) {
    if before / TOLD_EVERY != now / TOLD_EVERY {
        tell(step(now));
    }
}

impl Copied {
    fn count(&mut self, page: &[(Bytes, Bytes)]) -> Result<(), StoreError> {
        for (key, value) in page {
            if let Some(kind) = keyspace::kind_of_resource(key) {
                *self.contents.resources.entry(kind).or_default() += 1;
            } else if keyspace::is_pairs(key) {
                let totals: Totals = PairsRecord::decode(value)?.totals;
                self.contents.stores += 1;
                self.contents.pairs = self.contents.pairs.plus(totals).ok_or_else(|| damaged("pairs"))?;
            } else if keyspace::is_credential(key) {
                self.credentials += 1;
            }
        }
        Ok(())
    }
}

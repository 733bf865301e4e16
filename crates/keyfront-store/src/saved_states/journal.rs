//! A restore whose records are more than one batch of the engine: it is written down, decided by one commit, and then
//! made step by step.
//!
//! From the decision to the last step the [mark](keyspace::restoring) is there. No other change is made meanwhile,
//! because each checks that it is absent; and a process that ends leaves it to the next, which [finishes](finish) the
//! restore. So it is made whole or not at all. Readers can see a part of it, which they cannot with a restore of one
//! batch.

use uuid::Uuid;

use super::held::HeldEntries;
use crate::records::{JournalStep, RestoreMark};
use crate::{Batch, Engine, Entry, Limits, Outcome, Range, StoreError, Version, Write, keyspace};

/// Steps that are read, and leftovers that are deleted, at a time.
const AT_ONCE: usize = 256;

/// Makes a batch in steps. `false`: something changed since `now` was read, and nothing was done.
///
/// The checks of the batch are made once nothing else can change.
pub(super) async fn restore(
    engine: &dyn Engine,
    batch: Batch,
    now: &HeldEntries,
) -> Result<bool, StoreError> {
    let restore = Uuid::new_v4();
    let checks = batch.checks.into_iter().map(JournalStep::Check);
    let steps = checks.chain(batch.writes.into_iter().map(JournalStep::Write));
    let decided = match write_down(engine, restore, steps).await {
        Ok(first) => decide(engine, restore, first, now).await,
        Err(error) => Err(error),
    };
    match decided {
        Ok(Outcome::Committed(_)) => finish(engine).await,
        Ok(Outcome::Conflict) => {
            discard(engine, restore).await?;
            Ok(false)
        }
        Err(error) => {
            // A journal without a mark is a leftover, which the next start removes where this cannot. After an
            // unknown outcome the mark may be there and needs it.
            if error.outcome_is_known() {
                drop(discard(engine, restore).await);
            }
            Err(error)
        }
    }
}

/// Decides that a restore is made whose first step has this version, unless the engine holds something else than `now`.
async fn decide(
    engine: &dyn Engine,
    restore: Uuid,
    first: Version,
    now: &HeldEntries,
) -> Result<Outcome, StoreError> {
    let Some(version) = now.last_version(engine).await? else { return Ok(Outcome::Conflict) };
    let mark = RestoreMark { restore, is_checked: false };
    let decision = Batch::default()
        .unchanged_since(version)
        // A start that removes journals begins with the first step.
        .check(keyspace::journal_step(restore, 0), first)
        .absent(keyspace::restoring())
        .put(keyspace::restoring(), mark.encode());
    engine.commit(decision).await
}

/// Writes the steps of a restore; answers the version of the first.
async fn write_down(
    engine: &dyn Engine,
    restore: Uuid,
    steps: impl Iterator<Item = JournalStep>,
) -> Result<Version, StoreError> {
    let mut batches = Batches::new(engine.limits(), Batch::default());
    let mut first = None;
    for (number, step) in (0..).zip(steps) {
        let (key, value) = (keyspace::journal_step(restore, number), step.encode());
        if let Some(full) = batches.add(Write::Put { key, value }) {
            let version = committed(engine.commit(full).await?)?;
            first.get_or_insert(version);
        }
    }
    let last = committed(engine.commit(batches.last()).await?)?;
    Ok(first.unwrap_or(last))
}

/// Finishes a restore that was decided, and removes journals that nothing needs. For the start of a server, before
/// anything else; `false` when a restore could not be made because one of its checks did not hold.
pub async fn finish(engine: &dyn Engine) -> Result<bool, StoreError> {
    let found = engine.read(&[Range::key(keyspace::restoring())]).await?;
    let mut is_made = true;
    if let Some(mark) = found.range(0).first() {
        is_made = make(engine, mark).await?;
    }
    let journals = engine.read(&[Range::prefix(keyspace::journals()).limit(1)]).await?;
    if !journals.range(0).is_empty() {
        remove(engine, Range::prefix(keyspace::journals())).await?;
    }
    Ok(is_made)
}

/// Makes the restore that a mark names.
async fn make(engine: &dyn Engine, mark: &Entry) -> Result<bool, StoreError> {
    let key = keyspace::restoring();
    let RestoreMark { restore, is_checked } = RestoreMark::decode(&mark.value)?;
    let mut version = mark.version;
    if !is_checked {
        if !holds(engine, restore).await? {
            let undecided = Batch::default().check(key.clone(), version).delete(key);
            committed(engine.commit(undecided).await?)?;
            return Ok(false);
        }
        let mark = RestoreMark { restore, is_checked: true };
        let checked = Batch::default().check(key.clone(), version).put(key.clone(), mark.encode());
        version = committed(engine.commit(checked).await?)?;
    }
    let only_while_marked = Batch::default().check(key.clone(), version);
    let mut batches = Batches::new(engine.limits(), only_while_marked.clone());
    let mut steps = Range::prefix(keyspace::journal(restore)).limit(AT_ONCE);
    loop {
        let found = engine.read(&[steps.clone()]).await?;
        let Some(last) = found.range(0).last() else { break };
        for entry in found.range(0) {
            if let JournalStep::Write(write) = JournalStep::decode(&entry.value)?
                && let Some(full) = batches.add(write)
            {
                committed(engine.commit(full).await?)?;
            }
        }
        steps = steps.after(&last.key);
    }
    committed(engine.commit(batches.last()).await?)?;
    committed(engine.commit(only_while_marked.delete(key)).await?)?;
    Ok(true)
}

/// Whether all checks of a journal hold.
async fn holds(engine: &dyn Engine, restore: Uuid) -> Result<bool, StoreError> {
    let mut steps = Range::prefix(keyspace::journal(restore)).limit(AT_ONCE);
    loop {
        let found = engine.read(&[steps.clone()]).await?;
        let Some(last) = found.range(0).last() else { return Ok(true) };
        let mut checks = Vec::new();
        for entry in found.range(0) {
            if let JournalStep::Check(check) = JournalStep::decode(&entry.value)? {
                checks.push(check);
            }
        }
        let keys: Vec<_> = checks.iter().map(|check| Range::key(check.key.clone())).collect();
        let held = engine.read(&keys).await?;
        let versions =
            held.ranges.iter().map(|held| held.first().map_or(Version::NEVER, |held| held.version));
        if !versions.eq(checks.iter().map(|check| check.version)) {
            return Ok(false);
        }
        steps = steps.after(&last.key);
    }
}

/// The version of a commit of the restore. Only another process that makes the same one can be in its way.
fn committed(outcome: Outcome) -> Result<Version, StoreError> {
    match outcome {
        Outcome::Committed(version) => Ok(version),
        Outcome::Conflict => {
            let message = "another process finishes this restore".to_owned();
            Err(StoreError::NotWritten { message, source: None })
        }
    }
}

async fn discard(engine: &dyn Engine, restore: Uuid) -> Result<(), StoreError> {
    remove(engine, Range::prefix(keyspace::journal(restore))).await
}

/// Deletes a range of journals in bounded steps, unless a restore is decided meanwhile, which may need one.
async fn remove(engine: &dyn Engine, range: Range) -> Result<(), StoreError> {
    loop {
        let found = engine.read(&[range.clone().limit(AT_ONCE)]).await?;
        let Some(last) = found.range(0).last() else { return Ok(()) };
        let end = keyfront_engine::successor(&last.key);
        let batch = Batch::default().absent(keyspace::restoring()).delete_range(range.start.clone(), end);
        if engine.commit(batch).await? == Outcome::Conflict {
            return Ok(());
        }
    }
}

/// Writes in batches that the engine takes, each of which begins alike.
struct Batches {
    limits: Limits,
    beginning: Batch,
    batch: Batch,
    bytes: usize,
}

impl Batches {
    fn new(limits: Limits, beginning: Batch) -> Batches {
        Batches { limits, batch: beginning.clone(), bytes: beginning.size_bytes(), beginning }
    }

    /// Adds a write; what was added before, when the write is too much with it.
    fn add(&mut self, write: Write) -> Option<Batch> {
        let size = write.size_bytes();
        let is_full = self.batch.writes.len() >= self.limits.writes || self.bytes + size > self.limits.bytes;
        let full = is_full.then(|| {
            self.bytes = self.beginning.size_bytes();
            std::mem::replace(&mut self.batch, self.beginning.clone())
        });
        self.bytes += size;
        self.batch.writes.push(write);
        full
    }

    fn last(self) -> Batch {
        self.batch
    }
}

//! Saved states for test suites: everything that a store holds except its credentials, taken and put back.
//!
//! What was saved is a value; where it is kept is for the caller. Putting it back is one commit, so readers
//! see the state before it or the state after it; where an engine takes less at once than the records are, it is made in
//! steps, whole or not at all (`journal`). It is not a backup: credentials are not part of it, and
//! versions that clients were told before are given out again.

mod difference;
mod held;
mod journal;
mod saved_entries;
mod staged;

use crate::{Batch, Engine, Entry, Outcome, StoreError, apart_from_restores, keyspace, migration};
use difference::{Difference, difference, overwrite};
use held::HeldEntries;

pub use journal::finish;
pub use saved_entries::{Contents, NotSavedEntries, SavedEntries};

/// How often a restore compares and is overtaken by another writer before it overwrites everything.
const COMPARISONS: usize = 2;

/// What a restore did.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Restored {
    /// It compared, and wrote and removed this many entries.
    Compared {
        /// Entries that were absent or different.
        written: usize,
        /// Entries that were not saved.
        removed: usize,
    },
    /// Others wrote all the time, so it removed everything and wrote everything that was saved.
    Overwritten,
}

/// Everything that the engine holds now except credentials, as of one moment.
pub async fn take(engine: &dyn Engine) -> Result<SavedEntries, StoreError> {
    let entries = HeldEntries::read(engine).await?.entries.into_iter().flatten();
    Ok(SavedEntries::new(entries.map(|entry| (entry.key, entry.value)).collect()))
}

/// Makes the engine hold what was saved, and its own credentials, with one visible step.
///
/// It costs a read of everything and a write of the records and of the pairs that differ; nothing is written
/// when nothing differs. Writers are not held up: one that commits in
/// between makes it compare again, and if that happens too often it overwrites everything, which rests on
/// nothing and so always succeeds. What is more than a batch of the engine is staged; then there is no such end,
/// and it gives up with an error.
pub async fn restore(engine: &dyn Engine, saved: &SavedEntries) -> Result<Restored, StoreError> {
    let saved = &migration::migrated(saved).await?;
    let limits = engine.limits();
    for _ in 0..COMPARISONS {
        let held = HeldEntries::read(engine).await?;
        let Difference { writes, written, removed } = compared(held.entries.clone(), saved.clone()).await?;
        let batch = Batch { writes, ..Batch::default() }.unchanged_since(held.version);
        let batch = apart_from_restores(batch);
        let restored = if held.generations.is_empty() && limits.admit(&batch) {
            engine.commit(batch).await? != Outcome::Conflict
        } else {
            staged::restore(engine, saved, &held).await?
        };
        if restored {
            return Ok(Restored::Compared { written, removed });
        }
    }
    let batch =
        apart_from_restores(Batch { writes: overwrite(&keyspace::restorable(), saved), ..Batch::default() });
    if !limits.admit(&batch) || !HeldEntries::read(engine).await?.generations.is_empty() {
        let message = "others wrote while the saved state was put back; try again".to_owned();
        return Err(StoreError::NotWritten { message, source: None });
    }
    engine.commit(batch).await?;
    Ok(Restored::Overwritten)
}

/// Compares on a thread that may take its time: 90,000 pairs take longer than a request may wait.
async fn compared(now: Vec<Vec<Entry>>, saved: SavedEntries) -> Result<Difference, StoreError> {
    let joined = tokio::task::spawn_blocking(move || difference(&keyspace::restorable(), &now, &saved)).await;
    joined.map_err(|error| StoreError::NotWritten {
        message: "the task that compared was ended".to_owned(),
        source: Some(std::sync::Arc::new(error)),
    })
}

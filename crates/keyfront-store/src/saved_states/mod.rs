//! Saved states for test suites: everything that a store holds except its credentials, taken and put back.
//!
//! What was saved is a value; where it is kept is for the caller. Putting it back is one commit, so readers
//! see the state before it or the state after it. It is no backup: credentials are not part of it, and
//! versions that clients were told before are given out again.

mod difference;
mod saved_entries;

use crate::{Batch, Engine, Entry, Outcome, StoreError, keyspace, migration};
use difference::{Difference, difference, overwrite};

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
    let snapshot = engine.read(&keyspace::restorable()).await?;
    let entries = snapshot.ranges.into_iter().flatten();
    Ok(SavedEntries::new(entries.map(|entry| (entry.key, entry.value)).collect()))
}

/// Makes the engine hold what was saved, and its own credentials, in one commit.
///
/// It costs a read of everything and a write of the records and of the pairs that differ; nothing is written
/// when nothing differs. Writers are not held up: one that commits in
/// between makes it compare again, and if that happens too often it overwrites everything, which rests on
/// nothing and so always succeeds.
pub async fn restore(engine: &dyn Engine, saved: &SavedEntries) -> Result<Restored, StoreError> {
    let saved = &migration::migrated(saved).await?;
    for _ in 0..COMPARISONS {
        let snapshot = engine.read(&keyspace::restorable()).await?;
        let unchanged_since = Some(snapshot.version);
        let Difference { writes, written, removed } = compared(snapshot.ranges, saved.clone()).await?;
        let batch = Batch { unchanged_since, writes, ..Batch::default() };
        if engine.commit(batch).await? != Outcome::Conflict {
            return Ok(Restored::Compared { written, removed });
        }
    }
    let batch = Batch { writes: overwrite(&keyspace::restorable(), saved), ..Batch::default() };
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

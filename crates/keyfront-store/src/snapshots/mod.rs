//! Snapshots for test suites: everything that a store holds except its credentials, taken and put back.
//!
//! A snapshot is a value; where it is kept is for the caller. Putting it back is one commit, so readers
//! see the state before it or the state after it. It is no backup: credentials are not part of it, and
//! versions that clients were told before are given out again.

mod difference;
mod image;

use crate::{Batch, Engine, Entry, Outcome, StoreError, keyspace, migration};
use difference::{Difference, difference, overwrite};

pub use image::{Contents, Image, NotAnImage};

/// How often a restore compares and is overtaken by another writer before it overwrites everything.
const COMPARISONS: usize = 2;

/// What a restore did.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Restored {
    /// It compared, and wrote and removed this many entries.
    Compared {
        /// Entries that were absent or different.
        written: usize,
        /// Entries that the snapshot does not have.
        removed: usize,
    },
    /// Others wrote all the time, so it removed everything and wrote the whole snapshot.
    Overwritten,
}

/// Everything that the engine holds now except credentials, as of one moment.
pub async fn take(engine: &dyn Engine) -> Result<Image, StoreError> {
    let snapshot = engine.read(&keyspace::restorable()).await?;
    let entries = snapshot.ranges.into_iter().flatten();
    Ok(Image::new(entries.map(|entry| (entry.key, entry.value)).collect()))
}

/// Makes the engine hold what the image holds, and its own credentials, in one commit.
///
/// It costs a read of everything and a write of the records and of the pairs that differ; nothing is written
/// when nothing differs. Writers are not held up: one that commits in
/// between makes it compare again, and if that happens too often it overwrites everything, which rests on
/// nothing and so always succeeds.
pub async fn restore(engine: &dyn Engine, image: &Image) -> Result<Restored, StoreError> {
    let image = &migration::migrated(image).await?;
    for _ in 0..COMPARISONS {
        let snapshot = engine.read(&keyspace::restorable()).await?;
        let unchanged_since = Some(snapshot.version);
        let Difference { writes, written, removed } = compared(snapshot.ranges, image.clone()).await?;
        let batch = Batch { unchanged_since, writes, ..Batch::default() };
        if engine.commit(batch).await? != Outcome::Conflict {
            return Ok(Restored::Compared { written, removed });
        }
    }
    let batch = Batch { writes: overwrite(&keyspace::restorable(), image), ..Batch::default() };
    engine.commit(batch).await?;
    Ok(Restored::Overwritten)
}

/// Compares on a thread that may take its time: 90,000 pairs take longer than a request may wait.
async fn compared(now: Vec<Vec<Entry>>, image: Image) -> Result<Difference, StoreError> {
    let joined = tokio::task::spawn_blocking(move || difference(&keyspace::restorable(), &now, &image)).await;
    joined.map_err(|error| StoreError::NotWritten {
        message: "the task that compared was ended".to_owned(),
        source: Some(std::sync::Arc::new(error)),
    })
}

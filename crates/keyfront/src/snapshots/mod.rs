//! Snapshots of this server: saved under a name, listed, put back, deleted; and the reset to nothing, or to the seed.
//!
//! What a snapshot holds and how it is put back is decided in `keyfront-store`; here is where it is kept,
//! which is all that a server with a data folder and one without differ in.

mod file;
mod folder;
mod name;
mod shelf;

use std::path::PathBuf;

use keyfront_api::metrics::Stopwatch;
use keyfront_api::{Context, import};
use keyfront_store::snapshots::{self, Contents, Image};
use keyfront_store::{StoreError, Unusable};
use serde::{Deserialize, Serialize};

use file::{Damage, Kept};
pub(crate) use name::Name;
pub(crate) use shelf::Shelf;

/// What this server does with snapshots.
pub(crate) struct Snapshots {
    context: Context,
    shelf: Shelf,
    beginning: Image,
}

/// What was done, in figures for a person.
#[derive(Serialize, Deserialize)]
#[serde(rename_all = "PascalCase")]
pub(crate) struct Done {
    /// Key value stores of all accounts that the snapshot holds.
    pub(crate) stores: u64,
    /// Their pairs.
    pub(crate) pairs: u64,
    /// Bytes of keys and values.
    pub(crate) bytes: u64,
    /// How long it took.
    pub(crate) milliseconds: u64,
}

/// A snapshot that is kept.
#[derive(Serialize, Deserialize)]
#[serde(rename_all = "PascalCase")]
pub(crate) struct Listed {
    /// What it is called.
    pub(crate) name: Name,
    /// What it holds; nothing when it cannot be used.
    #[serde(flatten)]
    pub(crate) summary: Option<Summary>,
    /// Why it cannot be used.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) problem: Option<String>,
}

/// What a snapshot holds.
#[derive(Serialize, Deserialize)]
#[serde(rename_all = "PascalCase")]
pub(crate) struct Summary {
    /// When it was saved, ISO 8601 in UTC.
    pub(crate) saved: String,
    /// Key value stores of all accounts.
    pub(crate) stores: u64,
    /// Their pairs.
    pub(crate) pairs: u64,
    /// Bytes of keys and values.
    pub(crate) bytes: u64,
}

/// Why something was not done.
#[derive(Debug, thiserror::Error)]
pub(crate) enum SnapshotError {
    /// Nothing is kept under the name.
    #[error("there is no snapshot {0}; `keyfront snapshot list` shows those that there are")]
    Absent(Name),
    /// What is kept is not what was saved.
    #[error("{} cannot be used, and nothing was restored: {damage}; delete it and save it again", .path.display())]
    Damaged { path: PathBuf, damage: Damage },
    /// The folder of the snapshots failed.
    #[error(transparent)]
    Disk(#[from] Unusable),
    /// The store failed.
    #[error(transparent)]
    Store(#[from] StoreError),
    /// The task that did it ended.
    #[error("the work was ended")]
    Ended(#[from] tokio::task::JoinError),
}

impl Snapshots {
    /// Snapshots of the server of this context, whose reset leads to `beginning`.
    pub(crate) fn new(context: Context, shelf: Shelf, beginning: Image) -> Snapshots {
        Snapshots { context, shelf, beginning }
    }

    /// All that are kept, by name.
    pub(crate) async fn list(&self) -> Result<Vec<Listed>, SnapshotError> {
        self.shelf.list().await
    }

    /// Keeps what the store holds now under a name, in place of what was kept under it.
    pub(crate) async fn save(&self, name: Name) -> Result<Done, SnapshotError> {
        let watch = Stopwatch::start();
        let image = snapshots::take(&*self.context.engine).await?;
        let contents = image.contents()?;
        self.shelf.keep(name, Kept { saved_ms: self.context.now_ms(), contents, image }).await?;
        Ok(done(contents, watch))
    }

    /// Puts back what is kept under a name.
    pub(crate) async fn restore(&self, name: Name) -> Result<Done, SnapshotError> {
        let watch = Stopwatch::start();
        let Kept { image, contents, .. } = self.shelf.fetch(name).await?;
        self.put_back(&image).await?;
        Ok(done(contents, watch))
    }

    /// Empties the store, or puts the seed back. What the data folder held at the start goes too.
    pub(crate) async fn reset(&self) -> Result<Done, SnapshotError> {
        let watch = Stopwatch::start();
        self.put_back(&self.beginning).await?;
        Ok(done(self.beginning.contents()?, watch))
    }

    /// Forgets what is kept under a name.
    pub(crate) async fn delete(&self, name: Name) -> Result<(), SnapshotError> {
        self.shelf.delete(name).await
    }

    async fn put_back(&self, image: &Image) -> Result<(), SnapshotError> {
        let restored = snapshots::restore(&*self.context.engine, image).await?;
        tracing::info!(?restored, "the store was put back, on request");
        // It is done, whatever becomes of this: at the latest they begin at the next start.
        if let Err(error) = import::resume(&self.context).await {
            tracing::error!(error = keyfront_api::error::chain(&error), "imports begin at the next start");
        }
        Ok(())
    }
}

fn done(contents: Contents, watch: Stopwatch) -> Done {
    Done {
        stores: contents.stores,
        pairs: contents.pairs.item_count,
        bytes: contents.pairs.total_size_in_bytes,
        milliseconds: u64::try_from(watch.elapsed().as_millis()).unwrap_or(u64::MAX),
    }
}

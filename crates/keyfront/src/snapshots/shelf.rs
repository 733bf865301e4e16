//! Where snapshots are kept: beside the store, so a server that keeps nothing on disk keeps them in memory.

use std::collections::BTreeMap;
use std::path::PathBuf;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use super::file::Kept;
use super::{Listed, Name, SnapshotError, folder};

/// The place of a server's snapshots.
pub(crate) enum Shelf {
    /// Files in this folder. One at a time changes them.
    Folder(PathBuf, Arc<tokio::sync::Mutex<()>>),
    /// Nothing that outlives the server.
    Memory(Mutex<BTreeMap<Name, Kept>>),
}

impl Shelf {
    /// Keeps snapshots as files of a folder, which is made when the first is saved.
    pub(crate) fn folder(path: PathBuf) -> Shelf {
        Shelf::Folder(path, Arc::default())
    }

    /// Keeps snapshots in memory.
    pub(crate) fn memory() -> Shelf {
        Shelf::Memory(Mutex::default())
    }

    pub(super) async fn list(&self) -> Result<Vec<Listed>, SnapshotError> {
        match self {
            Shelf::Folder(path, _) => {
                let path = path.clone();
                blocking(move || folder::list(&path)).await
            }
            Shelf::Memory(kept) => {
                let listed = |(name, kept): (&Name, &Kept)| Listed {
                    name: name.clone(),
                    summary: Some(kept.summary()),
                    problem: None,
                };
                Ok(lock(kept).iter().map(listed).collect())
            }
        }
    }

    pub(super) async fn keep(&self, name: Name, new: Kept) -> Result<(), SnapshotError> {
        match self {
            Shelf::Folder(path, changing) => {
                let (path, alone) = (path.clone(), Arc::clone(changing).lock_owned().await);
                blocking(move || {
                    let kept = folder::keep(&path, &name, &new);
                    drop(alone);
                    kept
                })
                .await
            }
            Shelf::Memory(kept) => {
                lock(kept).insert(name, new);
                Ok(())
            }
        }
    }

    pub(super) async fn fetch(&self, name: Name) -> Result<Kept, SnapshotError> {
        match self {
            Shelf::Folder(path, _) => {
                let path = path.clone();
                blocking(move || folder::fetch(&path, &name)).await
            }
            Shelf::Memory(kept) => lock(kept).get(&name).cloned().ok_or(SnapshotError::Absent(name)),
        }
    }

    pub(super) async fn delete(&self, name: Name) -> Result<(), SnapshotError> {
        match self {
            Shelf::Folder(path, changing) => {
                let (path, alone) = (path.clone(), Arc::clone(changing).lock_owned().await);
                blocking(move || {
                    let deleted = folder::delete(&path, &name);
                    drop(alone);
                    deleted
                })
                .await
            }
            Shelf::Memory(kept) => {
                let removed = lock(kept).remove(&name);
                removed.map(drop).ok_or(SnapshotError::Absent(name))
            }
        }
    }
}

/// Runs what waits for the disk on a thread that may wait.
async fn blocking<T: Send + 'static>(
    run: impl FnOnce() -> Result<T, SnapshotError> + Send + 'static,
) -> Result<T, SnapshotError> {
    tokio::task::spawn_blocking(run).await?
}

/// Every critical section leaves the map whole, so a poisoned lock is still good.
fn lock(kept: &Mutex<BTreeMap<Name, Kept>>) -> MutexGuard<'_, BTreeMap<Name, Kept>> {
    kept.lock().unwrap_or_else(PoisonError::into_inner)
}

//! Storage of saved states: a folder, or memory for a server that has nothing on disk.

use std::collections::BTreeMap;
use std::path::PathBuf;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use super::error::SavedStateError;
use super::file::SavedState;
use super::folder;
use super::name::StateName;
use super::report::ListedState;

/// The saved states of a server.
pub(crate) enum Storage {
    /// Files in this folder. One at a time changes them.
    Folder(PathBuf, Arc<tokio::sync::Mutex<()>>),
    /// In memory: they are gone when the server stops.
    Memory(Mutex<BTreeMap<StateName, SavedState>>),
}

impl Storage {
    /// Keeps saved states as files of a folder, which is made when the first is saved.
    pub(crate) fn folder(path: PathBuf) -> Storage {
        Storage::Folder(path, Arc::default())
    }

    /// Keeps saved states in memory.
    pub(crate) fn memory() -> Storage {
        Storage::Memory(Mutex::default())
    }

    pub(super) async fn list(&self) -> Result<Vec<ListedState>, SavedStateError> {
        match self {
            Storage::Folder(path, _) => {
                let path = path.clone();
                blocking(move || folder::list(&path)).await
            }
            Storage::Memory(states) => {
                let listed = |(name, state): (&StateName, &SavedState)| ListedState {
                    name: name.clone(),
                    summary: Some(state.summary()),
                    problem: None,
                };
                Ok(lock(states).iter().map(listed).collect())
            }
        }
    }

    pub(super) async fn save(&self, name: StateName, new: SavedState) -> Result<(), SavedStateError> {
        match self {
            Storage::Folder(path, changing) => {
                let (path, alone) = (path.clone(), Arc::clone(changing).lock_owned().await);
                blocking(move || {
                    let saved = folder::save(&path, &name, &new);
                    drop(alone);
                    saved
                })
                .await
            }
            Storage::Memory(states) => {
                lock(states).insert(name, new);
                Ok(())
            }
        }
    }

    pub(super) async fn load(&self, name: StateName) -> Result<SavedState, SavedStateError> {
        match self {
            Storage::Folder(path, _) => {
                let path = path.clone();
                blocking(move || folder::load(&path, &name)).await
            }
            Storage::Memory(states) => lock(states).get(&name).cloned().ok_or(SavedStateError::Absent(name)),
        }
    }

    pub(super) async fn delete(&self, name: StateName) -> Result<(), SavedStateError> {
        match self {
            Storage::Folder(path, changing) => {
                let (path, alone) = (path.clone(), Arc::clone(changing).lock_owned().await);
                blocking(move || {
                    let deleted = folder::delete(&path, &name);
                    drop(alone);
                    deleted
                })
                .await
            }
            Storage::Memory(states) => {
                let removed = lock(states).remove(&name);
                removed.map(drop).ok_or(SavedStateError::Absent(name))
            }
        }
    }
}

/// Runs blocking work on a thread for it.
async fn blocking<T: Send + 'static>(
    run: impl FnOnce() -> Result<T, SavedStateError> + Send + 'static,
) -> Result<T, SavedStateError> {
    tokio::task::spawn_blocking(run).await?
}

/// Every critical section leaves the map whole, so a poisoned lock is still good.
fn lock(states: &Mutex<BTreeMap<StateName, SavedState>>) -> MutexGuard<'_, BTreeMap<StateName, SavedState>> {
    states.lock().unwrap_or_else(PoisonError::into_inner)
}

//! Saved states as files of a folder, `NAME.snapshot`, which only their owner can read.

use std::fs::{self, DirBuilder, File};
use std::io::{self, ErrorKind};
use std::os::unix::fs::DirBuilderExt;
use std::path::{Path, PathBuf};

use bytes::Bytes;
use keyfront_store::Unusable;

use super::error::SavedStateError;
use super::file::{SavedState, summarize};
use super::name::StateName;
use super::report::ListedState;
use crate::atomic_file;

const EXTENSION: &str = "snapshot";

/// All saved states of the folder, by name; none while the folder does not exist.
pub(super) fn list(folder: &Path) -> Result<Vec<ListedState>, SavedStateError> {
    let failed = |error| unusable(folder, "be listed", error);
    let entries = match fs::read_dir(folder) {
        Ok(entries) => entries,
        Err(error) if error.kind() == ErrorKind::NotFound => return Ok(Vec::new()),
        Err(error) => return Err(failed(error).into()),
    };
    let mut listed = Vec::new();
    for entry in entries {
        let path = entry.map_err(failed)?.path();
        let name = path.file_stem().and_then(|stem| stem.to_str()).and_then(|stem| stem.parse().ok());
        // What a save left that was cut off has another extension.
        if let Some(name) = name.filter(|_| path.extension().is_some_and(|found| found == EXTENSION)) {
            listed.push(describe(name, &path));
        }
    }
    listed.sort_by(|one, other| one.name.cmp(&other.name));
    Ok(listed)
}

fn describe(name: StateName, path: &Path) -> ListedState {
    let found = fs::read(path).map_err(|error| error.to_string());
    match found.and_then(|file| summarize(file.into()).map_err(|damage| damage.to_string())) {
        Ok(summary) => ListedState { name, summary: Some(summary), problem: None },
        Err(problem) => ListedState { name, summary: None, problem: Some(problem) },
    }
}

/// Writes a saved state, whole or not at all, in place of the one of that name.
pub(super) fn save(folder: &Path, name: &StateName, state: &SavedState) -> Result<(), SavedStateError> {
    let path = path(folder, name);
    let write = || {
        DirBuilder::new().recursive(true).mode(0o700).create(folder)?;
        atomic_file::replace_private(&path, &state.encode())
    };
    write().map_err(|error| unusable(&path, "be written", error).into())
}

/// Reads and verifies a saved state.
pub(super) fn load(folder: &Path, name: &StateName) -> Result<SavedState, SavedStateError> {
    let path = path(folder, name);
    match fs::read(&path) {
        Ok(file) => {
            SavedState::decode(Bytes::from(file)).map_err(|damage| SavedStateError::Damaged { path, damage })
        }
        Err(error) => Err(absent_or(name, &path, "be read", error)),
    }
}

/// Removes a saved state.
pub(super) fn delete(folder: &Path, name: &StateName) -> Result<(), SavedStateError> {
    let path = path(folder, name);
    fs::remove_file(&path).map_err(|error| absent_or(name, &path, "be deleted", error))?;
    let flushed = File::open(folder).and_then(|folder| folder.sync_all());
    flushed.map_err(|error| unusable(folder, "be flushed to disk", error).into())
}

fn path(folder: &Path, name: &StateName) -> PathBuf {
    folder.join(format!("{name}.{EXTENSION}"))
}

fn absent_or(name: &StateName, path: &Path, what: &str, error: io::Error) -> SavedStateError {
    if error.kind() == ErrorKind::NotFound {
        SavedStateError::Absent(name.clone())
    } else {
        unusable(path, what, error).into()
    }
}

fn unusable(path: &Path, what: &str, error: io::Error) -> Unusable {
    Unusable::because(format!("{} cannot {what}: {error}", path.display()), error)
}

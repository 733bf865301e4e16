//! The file that a server in the background holds a lock on.

use std::fs::{File, OpenOptions, TryLockError};
use std::io::{ErrorKind, Read, Seek, Write};
use std::path::{Path, PathBuf};

use serde::{Deserialize, Serialize};

use crate::failure::Failure;

const FILE: &str = "background.json";
const LOG: &str = "background.log";

/// What the file says.
#[derive(Serialize, Deserialize)]
#[serde(rename_all = "PascalCase")]
struct Content {
    process_id: u32,
}

/// The lock of this process, a server in the background, for as long as it lives.
pub(in crate::command::dev) struct Background(File);

impl Background {
    /// Takes the lock.
    ///
    /// # Errors
    /// Another server holds it, or the file cannot be written.
    pub(in crate::command::dev) fn hold(folder: &Path) -> Result<Background, Failure> {
        let mut file = open(folder)?;
        match file.try_lock() {
            Ok(()) => {}
            Err(TryLockError::WouldBlock) => return Err(runs_already(folder)),
            Err(TryLockError::Error(error)) => return Err(failed(folder, &error)),
        }
        let content = serde_json::to_string(&Content { process_id: std::process::id() });
        let content = content.map_err(|error| Failure::because("the process id", &error))?;
        let written = file.set_len(0).and_then(|()| writeln!(file, "{content}"));
        written.map_err(|error| failed(folder, &error))?;
        Ok(Background(file))
    }
}

impl Drop for Background {
    fn drop(&mut self) {
        // The lock alone says whether the server lives; an empty file shows it to a person too.
        self.0.set_len(0).ok();
    }
}

/// The lock of a server in the background, as others see it.
pub(super) struct Held {
    file: File,
    process_id: u32,
}

impl Held {
    /// The server of a folder, if one runs in the background.
    pub(super) fn find(folder: &Path) -> Result<Option<Held>, Failure> {
        let mut file = match File::open(path(folder)) {
            Ok(file) => file,
            Err(error) if error.kind() == ErrorKind::NotFound => return Ok(None),
            Err(error) => return Err(failed(folder, &error)),
        };
        if !is_locked(&file).map_err(|error| failed(folder, &error))? {
            return Ok(None);
        }
        let mut text = String::new();
        file.read_to_string(&mut text).map_err(|error| failed(folder, &error))?;
        let content: Content = serde_json::from_str(&text).map_err(|_unfinished| {
            Failure::new(format!(
                "the server on {} is just starting or ending; try again in a moment",
                folder.display()
            ))
        })?;
        Ok(Some(Held { file, process_id: content.process_id }))
    }

    /// The server's process id.
    pub(super) fn process_id(&self) -> u32 {
        self.process_id
    }

    /// Whether the server still lives.
    pub(super) fn is_held(&mut self) -> Result<bool, Failure> {
        // Another server may have taken its place.
        let mut text = String::new();
        let read = self.file.rewind().and_then(|()| self.file.read_to_string(&mut text));
        let locked = read.and_then(|_length| is_locked(&self.file));
        let locked = locked.map_err(|error| Failure::because("the lock of the server", &error))?;
        let content: Option<Content> = serde_json::from_str(&text).ok();
        Ok(locked && content.is_some_and(|content| content.process_id == self.process_id))
    }

    /// Waits until the server has ended.
    pub(super) fn wait(self) -> std::io::Result<()> {
        self.file.lock()
    }
}

/// Where a server in the background writes its log.
pub(super) fn log(folder: &Path) -> PathBuf {
    folder.join(LOG)
}

/// The refusal to start a second server on a folder.
pub(super) fn runs_already(folder: &Path) -> Failure {
    Failure::new(format!(
        "a server runs in the background already with the run folder {}; stop it with `{}`, or name another folder with \
         --run-folder",
        folder.display(),
        stop_command(folder)
    ))
}

/// The command that ends the server of a run folder.
pub(super) fn stop_command(folder: &Path) -> String {
    if folder == Path::new(super::super::USUAL_FOLDER) {
        return "keyfront dev --stop".to_owned();
    }
    format!("keyfront dev --stop --run-folder {}", folder.display())
}

fn is_locked(file: &File) -> std::io::Result<bool> {
    match file.try_lock_shared() {
        Ok(()) => file.unlock().map(|()| false),
        Err(TryLockError::WouldBlock) => Ok(true),
        Err(TryLockError::Error(error)) => Err(error),
    }
}

fn open(folder: &Path) -> Result<File, Failure> {
    let opened = OpenOptions::new().read(true).write(true).create(true).truncate(false).open(path(folder));
    opened.map_err(|error| failed(folder, &error))
}

fn path(folder: &Path) -> PathBuf {
    folder.join(FILE)
}

fn failed(folder: &Path, error: &std::io::Error) -> Failure {
    Failure::because(format!("{} cannot be used", path(folder).display()), error)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_server_is_found_for_as_long_as_it_holds_the_lock() {
        let folder = tempfile::tempdir().unwrap();
        assert!(Held::find(folder.path()).unwrap().is_none());
        let background = Background::hold(folder.path()).unwrap();
        let mut held = Held::find(folder.path()).unwrap().unwrap();
        assert_eq!(held.process_id(), std::process::id());
        assert!(held.is_held().unwrap());
        assert!(Background::hold(folder.path()).is_err());
        drop(background);
        assert!(!held.is_held().unwrap());
        held.wait().unwrap();
    }

    #[test]
    fn what_a_killed_server_left_behind_is_no_server() {
        let folder = tempfile::tempdir().unwrap();
        // The id of a process that surely runs.
        std::fs::write(path(folder.path()), format!("{{\"ProcessId\":{}}}\n", std::process::id())).unwrap();
        assert!(Held::find(folder.path()).unwrap().is_none());
        Background::hold(folder.path()).unwrap();
    }
}

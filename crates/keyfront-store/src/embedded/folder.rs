//! The data folder: made, locked and refused in words that say what to do.

use std::fs::{DirBuilder, File, OpenOptions, TryLockError};
use std::io::{self, ErrorKind};
use std::os::unix::fs::{DirBuilderExt, OpenOptionsExt};
use std::path::{Path, PathBuf};

use crate::engine::Unusable;

const DATA_FILE: &str = "keyfront.redb";
/// A data file that is still being made. It becomes the data file when it is complete, so whatever is
/// found under this name after a crash holds nothing that anybody was told of.
const NEW_FILE: &str = "keyfront.redb.new";
const LOCK_FILE: &str = "keyfront.lock";

/// A data folder that this process alone works in, until it is dropped.
#[derive(Debug)]
pub(super) struct Folder {
    path: PathBuf,
    /// Locked; the lock ends with the process, however it ends.
    _lock: File,
}

impl Folder {
    /// Makes the folder if it is missing, for its owner alone, and locks it.
    pub(super) fn lock_or_create(path: &Path) -> Result<Folder, Unusable> {
        let missing = path.ancestors().take_while(|folder| !folder.exists()).count();
        if let Err(error) = DirBuilder::new().recursive(true).mode(0o700).create(path) {
            let is_file = path.exists() && !path.is_dir();
            return Err(if is_file { not_a_folder(path) } else { refuse(path, "be created", error) });
        }
        let folder = Folder::lock(path)?;
        // The names of new folders must survive a power loss as well.
        let path = path.canonicalize().map_err(|error| refuse(path, "be read", error))?;
        for parent in path.ancestors().skip(1).take(missing) {
            sync_folder(parent).map_err(|error| refuse(parent, "be flushed to disk", error))?;
        }
        Ok(folder)
    }

    /// Locks a folder that exists.
    pub(super) fn lock(path: &Path) -> Result<Folder, Unusable> {
        let lock_path = path.join(LOCK_FILE);
        let lock = open_file(&lock_path).map_err(|error| {
            let is_file = error.kind() == ErrorKind::NotADirectory;
            if is_file { not_a_folder(path) } else { refuse(path, "be written to", error) }
        })?;
        match lock.try_lock() {
            Ok(()) => Ok(Folder { path: path.to_path_buf(), _lock: lock }),
            Err(TryLockError::WouldBlock) => Err(in_use(path)),
            Err(TryLockError::Error(error)) => Err(refuse(&lock_path, "be locked", error)),
        }
    }

    pub(super) fn path(&self) -> &Path {
        &self.path
    }

    pub(super) fn data_file(&self) -> PathBuf {
        self.path.join(DATA_FILE)
    }

    /// Opens the data file; `None` when there is none yet.
    pub(super) fn open_data(&self) -> Result<Option<File>, Unusable> {
        let path = self.data_file();
        let file = match OpenOptions::new().read(true).write(true).open(&path) {
            Ok(file) => file,
            Err(error) if error.kind() == ErrorKind::NotFound => return Ok(None),
            Err(error) => return Err(refuse(&path, "be opened", error)),
        };
        let metadata = file.metadata().map_err(|error| refuse(&path, "be read", error))?;
        if metadata.len() == 0 {
            let shown = path.display();
            return Err(Unusable::new(format!(
                "{shown} is empty, and Keyfront never leaves it so: it was truncated. Restore the folder from \
                 a backup, or remove the file to begin with an empty store"
            )));
        }
        // Tools that know redb, but not this folder's lock, respect this one.
        match file.try_lock() {
            Ok(()) => Ok(Some(file)),
            Err(TryLockError::WouldBlock) => Err(in_use(&path)),
            Err(TryLockError::Error(error)) => Err(refuse(&path, "be locked", error)),
        }
    }

    /// Begins a data file, over whatever an earlier attempt left.
    pub(super) fn begin_data(&self) -> Result<File, Unusable> {
        let path = self.path.join(NEW_FILE);
        let refuse = |error| refuse(&path, "be created", error);
        let file = open_file(&path).map_err(refuse)?;
        file.set_len(0).map_err(refuse)?;
        file.try_lock().map_err(|error| refuse(error.into()))?;
        Ok(file)
    }

    /// Makes the file from [`begin_data`](Folder::begin_data), which is complete and flushed, the data file.
    pub(super) fn finish_data(&self) -> Result<(), Unusable> {
        let path = self.data_file();
        std::fs::rename(self.path.join(NEW_FILE), &path)
            .map_err(|error| refuse(&path, "be created", error))?;
        sync_folder(&self.path).map_err(|error| refuse(&self.path, "be flushed to disk", error))
    }

    /// Refuses a folder that holds anything but what [`lock`](Folder::lock) put there.
    pub(super) fn require_empty(&self) -> Result<(), Unusable> {
        let refuse = |error| refuse(&self.path, "be listed", error);
        for entry in std::fs::read_dir(&self.path).map_err(refuse)? {
            let name = entry.map_err(refuse)?.file_name();
            if name != LOCK_FILE {
                let (folder, name) = (self.path.display(), Path::new(&name).display());
                return Err(Unusable::new(format!(
                    "the folder {folder} is not empty (it holds {name}); name a new or an empty folder"
                )));
            }
        }
        Ok(())
    }
}

fn open_file(path: &Path) -> io::Result<File> {
    OpenOptions::new().read(true).write(true).create(true).truncate(false).mode(0o600).open(path)
}

fn sync_folder(path: &Path) -> io::Result<()> {
    File::open(path)?.sync_all()
}

fn not_a_folder(path: &Path) -> Unusable {
    let shown = path.display();
    Unusable::new(format!(
        "{shown} is a file; name a folder for the data, which Keyfront creates if it is missing"
    ))
}

fn in_use(path: &Path) -> Unusable {
    let shown = path.display();
    Unusable::new(format!(
        "{shown} is in use by another process, and only one may work in it; stop that process, or name another \
         folder"
    ))
}

/// The sentence for a path that could not be used, with what to do about the usual causes.
pub(super) fn refuse(path: &Path, what: &str, error: io::Error) -> Unusable {
    let remedy = remedy(error.kind());
    Unusable::because(format!("{} cannot {what}: {error}{remedy}", path.display()), error)
}

pub(super) fn remedy(kind: ErrorKind) -> &'static str {
    if kind == ErrorKind::PermissionDenied {
        return "; give the folder and its files to the user that Keyfront runs as";
    }
    if kind == ErrorKind::ReadOnlyFilesystem {
        return "; mount the disk for writing, or name a folder on another one";
    }
    if [ErrorKind::StorageFull, ErrorKind::QuotaExceeded].contains(&kind) {
        return "; free some space on that disk";
    }
    if kind == ErrorKind::NotFound {
        return "; check the spelling of the folder";
    }
    ""
}

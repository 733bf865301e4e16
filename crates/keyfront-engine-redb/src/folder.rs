//! The data folder: creates it, locks it, and refuses one that cannot be used, with what to do about it.
//!
//! A process that writes holds exclusive locks. A process that only reads holds shared ones, and creates nothing.

use std::fs::{DirBuilder, File, OpenOptions, TryLockError};
use std::io::{self, ErrorKind};
use std::os::unix::fs::{DirBuilderExt, OpenOptionsExt};
use std::path::{Path, PathBuf};

use keyfront_engine::Unusable;

const DATA_FILE: &str = "keyfront.redb";
/// A data file that is still being made. It becomes the data file when it is complete, so whatever is
/// found under this name after a crash holds nothing that a caller was told of.
const NEW_FILE: &str = "keyfront.redb.new";
const LOCK_FILE: &str = "keyfront.lock";
/// What is kept of the disk.
const ROOM_FILE: &str = "keyfront.room";

/// A data folder that this process alone works in, until it is dropped.
#[derive(Debug)]
pub(crate) struct Folder {
    path: PathBuf,
    /// The folders that were made for it, the innermost first.
    made: Vec<PathBuf>,
    /// Locked; the lock ends with the process, however it ends.
    _lock: File,
}

impl Folder {
    /// Makes the folder if it is missing, for its owner alone, and locks it.
    pub(crate) fn lock_or_create(path: &Path) -> Result<Folder, Unusable> {
        let missing = missing_folders(path).map_err(|error| refuse(path, "be created", error))?;
        if let Err(error) = DirBuilder::new().recursive(true).mode(0o700).create(path) {
            let is_file = path.exists() && !path.is_dir();
            return Err(if is_file { not_a_folder(path) } else { refuse(path, "be created", error) });
        }
        let folder = Folder { made: missing, ..Folder::lock(path)? };
        // The names of new folders must survive a power loss as well.
        for parent in folder.made.iter().filter_map(|made| made.parent()) {
            sync_folder(parent).map_err(|error| refuse(parent, "be flushed to disk", error))?;
        }
        Ok(folder)
    }

    /// Locks a folder that holds data; makes nothing in one that does not.
    pub(crate) fn lock_existing(path: &Path) -> Result<Folder, Unusable> {
        let data = path.join(DATA_FILE);
        match data.try_exists() {
            Ok(true) => Folder::lock(path),
            Ok(false) => Err(no_data(path)),
            Err(error) if error.kind() == ErrorKind::NotADirectory => Err(not_a_folder(path)),
            Err(error) => Err(refuse(&data, "be opened", error)),
        }
    }

    fn lock(path: &Path) -> Result<Folder, Unusable> {
        let lock_path = path.join(LOCK_FILE);
        let lock = open_file(&lock_path).map_err(|error| {
            let is_file = error.kind() == ErrorKind::NotADirectory;
            if is_file { not_a_folder(path) } else { refuse(path, "be written to", error) }
        })?;
        taken(lock.try_lock(), path, &lock_path)?;
        Ok(Folder { path: path.to_path_buf(), made: Vec::new(), _lock: lock })
    }

    pub(crate) fn data_file(&self) -> PathBuf {
        self.path.join(DATA_FILE)
    }

    /// Where room on the disk is kept.
    pub(crate) fn room(&self) -> PathBuf {
        self.path.join(ROOM_FILE)
    }

    /// Opens the data file; `None` when there is none yet.
    pub(crate) fn open_data(&self) -> Result<Option<File>, Unusable> {
        let path = self.data_file();
        let Some(file) = open_data(OpenOptions::new().read(true).write(true), &path)? else {
            return Ok(None);
        };
        // Tools that know redb, but not this folder's lock, respect this one.
        taken(file.try_lock(), &path, &path)?;
        Ok(Some(file))
    }

    pub(crate) fn no_data(&self) -> Unusable {
        no_data(&self.path)
    }

    /// Begins a data file, over whatever an earlier attempt left.
    pub(crate) fn begin_data(&self) -> Result<File, Unusable> {
        let path = self.path.join(NEW_FILE);
        let refuse = |error| refuse(&path, "be created", error);
        let file = open_file(&path).map_err(refuse)?;
        file.set_len(0).map_err(refuse)?;
        file.try_lock().map_err(|error| refuse(error.into()))?;
        Ok(file)
    }

    /// Makes the file from [`begin_data`](Folder::begin_data), which is complete and flushed, the data file.
    pub(crate) fn finish_data(&self) -> Result<(), Unusable> {
        let path = self.data_file();
        std::fs::rename(self.path.join(NEW_FILE), &path)
            .map_err(|error| refuse(&path, "be created", error))?;
        sync_folder(&self.path).map_err(|error| refuse(&self.path, "be flushed to disk", error))
    }

    /// Takes back a data file that was begun. What cannot be removed is written over by the next attempt.
    pub(crate) fn discard_data(&self) {
        drop(std::fs::remove_file(self.path.join(NEW_FILE)));
    }

    /// Takes back what was begun in a folder where something went wrong: the unfinished data file, and
    /// the folder if it was made for it. What cannot be removed stays, for the first error tells more.
    pub(crate) fn discard(self) {
        self.discard_data();
        if !self.made.is_empty() {
            drop(std::fs::remove_file(self.path.join(LOCK_FILE)));
        }
        for folder in &self.made {
            drop(std::fs::remove_dir(folder));
        }
    }

    /// Refuses a folder that holds data already.
    pub(crate) fn require_no_data(&self) -> Result<(), Unusable> {
        let path = self.data_file();
        match path.try_exists() {
            Ok(false) => Ok(()),
            Ok(true) => Err(Unusable::new(format!(
                "the folder {} holds data already, which nothing is written over; move {DATA_FILE} away, or name \
                 another folder",
                self.path.display()
            ))),
            Err(error) => Err(refuse(&path, "be looked at", error)),
        }
    }

    /// Refuses a folder that holds anything but a lock and what an unfinished attempt left.
    pub(crate) fn require_empty(&self) -> Result<(), Unusable> {
        let refuse = |error| refuse(&self.path, "be listed", error);
        for entry in std::fs::read_dir(&self.path).map_err(refuse)? {
            let name = entry.map_err(refuse)?.file_name();
            if name != LOCK_FILE && name != NEW_FILE && name != ROOM_FILE {
                let (folder, name) = (self.path.display(), Path::new(&name).display());
                return Err(Unusable::new(format!(
                    "the folder {folder} is not empty (it holds {name}); name a new or an empty folder"
                )));
            }
        }
        Ok(())
    }
}

/// A data folder that this process only reads, and that no other process writes to meanwhile.
#[derive(Debug)]
pub(crate) struct Watched {
    pub(crate) data_file: PathBuf,
    pub(crate) file: File,
    /// Missing where the folder was copied without it; then the data file's own lock has to do.
    pub(crate) lock: Option<File>,
}

impl Watched {
    /// Takes shared locks on what is there. Works where nothing can be written.
    pub(crate) fn lock(folder: &Path) -> Result<Watched, Unusable> {
        let (data_file, lock_path) = (folder.join(DATA_FILE), folder.join(LOCK_FILE));
        let lock = match File::open(&lock_path) {
            Ok(lock) => Some(lock),
            Err(error) if error.kind() == ErrorKind::NotFound => None,
            Err(error) if error.kind() == ErrorKind::NotADirectory => return Err(not_a_folder(folder)),
            Err(error) => return Err(refuse(&lock_path, "be opened", error)),
        };
        if let Some(lock) = &lock {
            taken(lock.try_lock_shared(), folder, &lock_path)?;
        }
        let file = open_data(OpenOptions::new().read(true), &data_file)?.ok_or_else(|| no_data(folder))?;
        taken(file.try_lock_shared(), &data_file, &data_file)?;
        Ok(Watched { data_file, file, lock })
    }
}

/// The folders that must be made for `path` to exist, the innermost first.
///
/// A relative path has no name for the folder that it starts from, so the answer is in absolute ones.
pub(crate) fn missing_folders(path: &Path) -> io::Result<Vec<PathBuf>> {
    let path = std::path::absolute(path)?;
    Ok(path.ancestors().take_while(|folder| !folder.exists()).map(Path::to_path_buf).collect())
}

/// Opens a data file; `None` when there is none.
fn open_data(options: &OpenOptions, path: &Path) -> Result<Option<File>, Unusable> {
    let file = match options.open(path) {
        Ok(file) => file,
        Err(error) if error.kind() == ErrorKind::NotFound => return Ok(None),
        Err(error) => return Err(refuse(path, "be opened", error)),
    };
    let metadata = file.metadata().map_err(|error| refuse(path, "be read", error))?;
    if metadata.len() == 0 {
        let shown = path.display();
        return Err(Unusable::new(format!(
            "{shown} is empty, and Keyfront never leaves it so: it was truncated. Restore the folder from a \
             backup, or remove the file to begin with an empty store"
        )));
    }
    Ok(Some(file))
}

/// Says what it means that the lock of `locked` was not taken: another process uses `used`.
fn taken(lock: Result<(), TryLockError>, used: &Path, locked: &Path) -> Result<(), Unusable> {
    lock.map_err(|error| match error {
        TryLockError::WouldBlock => in_use(used),
        TryLockError::Error(error) => refuse(locked, "be locked", error),
    })
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

fn no_data(folder: &Path) -> Unusable {
    let shown = folder.display();
    Unusable::new(format!("there is no data of Keyfront in {shown}; check the folder's name"))
}

fn in_use(path: &Path) -> Unusable {
    let shown = path.display();
    Unusable::new(format!(
        "{shown} is in use by another process, and only one may work in it; stop that process, or name another \
         folder"
    ))
}

/// The sentence for a path that could not be used, with what to do about the usual causes.
pub(crate) fn refuse(path: &Path, what: &str, error: io::Error) -> Unusable {
    let remedy = remedy(error.kind());
    Unusable::because(format!("{} cannot {what}: {error}{remedy}", path.display()), error)
}

pub(crate) fn remedy(kind: ErrorKind) -> &'static str {
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

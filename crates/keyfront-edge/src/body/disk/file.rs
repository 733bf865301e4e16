//! One body in a file: how much of it is there, and whether what is read is what was written.

use std::fs::{self, DirBuilder, File, OpenOptions};
use std::io;
use std::os::unix::fs::{DirBuilderExt, FileExt, OpenOptionsExt};
use std::path::PathBuf;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Mutex, MutexGuard, PoisonError};

use bytes::{Bytes, BytesMut};
use crc_fast::CrcAlgorithm::Crc64Nvme;
use tokio::sync::watch;

use super::BLOCK;
use super::folder::DiskFolder;
use crate::body::{TransferFailed, length_of};

/// A body of known length, complete or on its way. Its file is deleted when it is neither read nor kept any more.
pub(crate) struct DiskBody {
    pub(super) folder: DiskFolder,
    name: String,
    length: u64,
    pub(super) progress: watch::Sender<Progress>,
    /// Where its file is now; none before the first byte.
    place: Mutex<Option<PathBuf>>,
    /// Of each whole block, and of the last one.
    checksums: Mutex<Vec<u64>>,
    /// It is not what was written.
    damaged: AtomicBool,
}

/// How far a body is.
#[derive(Clone, Debug, Default)]
pub(super) struct Progress {
    pub(super) written: u64,
    pub(super) end: Option<Result<(), TransferFailed>>,
}

impl DiskBody {
    /// A body without bytes yet.
    pub(super) fn empty(folder: &DiskFolder, digest: u128, length: u64) -> DiskBody {
        DiskBody {
            folder: folder.clone(),
            name: folder.name(digest),
            length,
            progress: watch::Sender::new(Progress::default()),
            place: Mutex::default(),
            checksums: Mutex::default(),
            damaged: AtomicBool::new(false),
        }
    }

    /// The length of the whole body.
    pub(crate) fn length(&self) -> u64 {
        self.length
    }

    /// Its file cannot be read as it was written.
    pub(crate) fn is_damaged(&self) -> bool {
        self.damaged.load(Ordering::Relaxed)
    }

    /// Makes the file. It waits for the disk.
    pub(super) fn create(&self) -> io::Result<File> {
        let path = self.folder.unfinished(&self.name);
        let file = OpenOptions::new().create_new(true).write(true).mode(0o600).open(&path)?;
        *lock(&self.place) = Some(path);
        Ok(file)
    }

    /// Gives the file the name of a complete body. It waits for the disk.
    pub(super) fn settle(&self) -> io::Result<()> {
        let path = self.folder.finished(&self.name);
        if let Some(folder) = path.parent() {
            DirBuilder::new().recursive(true).mode(0o700).create(folder)?;
        }
        let mut place = lock(&self.place);
        if let Some(before) = &*place {
            fs::rename(before, &path)?;
            *place = Some(path);
        }
        Ok(())
    }

    pub(super) fn add_checksum(&self, checksum: u64) {
        lock(&self.checksums).push(checksum);
    }

    /// Opens the file to read it. It waits for the disk.
    pub(super) fn open(&self) -> io::Result<File> {
        let place = lock(&self.place);
        let path = place.as_deref().ok_or(io::ErrorKind::NotFound)?;
        File::open(path)
    }

    /// Reads from an offset on, at most to the end of its block, of what `written` says is there. A whole block is compared
    /// with its checksum; what was written a moment ago has none yet. It waits for the disk.
    pub(super) fn read(&self, file: &File, offset: u64, written: u64) -> io::Result<Bytes> {
        let start = offset - offset % BLOCK;
        let end = start.saturating_add(BLOCK).min(self.length);
        let index = usize::try_from(start / BLOCK).map_err(io::Error::other)?;
        let checksum = lock(&self.checksums).get(index).copied();
        let Some(checksum) = checksum else { return exactly(file, offset, written.min(end)) };
        let block = exactly(file, start, end)?;
        if crc_fast::checksum(Crc64Nvme, &block) != checksum {
            return Err(io::Error::new(io::ErrorKind::InvalidData, "it is not what was written"));
        }
        Ok(block.slice(usize::try_from(offset - start).map_err(io::Error::other)?..))
    }

    /// Notes that it is of no use, and says so once.
    pub(super) fn note_damage(&self, error: &io::Error) -> TransferFailed {
        if !self.damaged.swap(true, Ordering::Relaxed) {
            tracing::error!(%error, body = self.name, "an object of the cache's folder cannot be read");
        }
        TransferFailed::Disk(error.to_string())
    }
}

fn exactly(file: &File, start: u64, end: u64) -> io::Result<Bytes> {
    let length = usize::try_from(end.saturating_sub(start)).map_err(io::Error::other)?;
    let mut bytes = BytesMut::zeroed(length);
    file.read_exact_at(&mut bytes, start)?;
    debug_assert_eq!(length_of(&bytes), end.saturating_sub(start));
    Ok(bytes.freeze())
}

fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    // No code that holds the lock can leave the value half changed.
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

impl Drop for DiskBody {
    fn drop(&mut self) {
        let Some(path) = lock(&self.place).take() else { return };
        // Deleting a large file takes a while.
        self.folder.later(move || {
            if let Err(error) = fs::remove_file(&path) {
                tracing::warn!(%error, path = %path.display(), "a file of the cache's folder cannot be deleted");
            }
        });
    }
}

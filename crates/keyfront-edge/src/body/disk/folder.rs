//! The folder that bodies are kept in.

use std::fs::{self, DirBuilder, File, OpenOptions};
use std::io;
use std::os::unix::fs::{DirBuilderExt, OpenOptionsExt};
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, Mutex, PoisonError, mpsc};

use tokio::sync::{Semaphore, oneshot};

/// What marks a folder as one of these, and is locked by the process that uses it.
const MARK: &str = "keyfront-cache";

/// The folder of bodies that are being written.
const UNFINISHED: &str = "new";

/// Reads and writes at the same time. Further ones wait: the disk would only be slower for all.
const THREADS: usize = 8;

/// What a thread does.
type Job = Box<dyn FnOnce() + Send>;

/// A folder of bodies. Clones share it.
#[derive(Clone, Debug)]
pub struct DiskFolder(Arc<Shared>);

#[derive(Debug)]
struct Shared {
    path: PathBuf,
    /// Locked as long as the folder is used.
    _mark: File,
    turns: Arc<Semaphore>,
    jobs: mpsc::Sender<Job>,
    names: AtomicU64,
}

/// Why a folder cannot be used.
#[derive(Debug, thiserror::Error)]
pub enum DiskError {
    /// It cannot be read or written.
    #[error("{path}", path = .path.display())]
    Io {
        /// The folder.
        path: PathBuf,
        /// Why.
        #[source]
        cause: io::Error,
    },
    /// It has files that are not of a cache, which the start would delete.
    #[error(
        "{path} has files of something else; name a folder that is empty or does not exist",
        path = .0.display()
    )]
    NotOurs(PathBuf),
    /// Another process uses it.
    #[error("{path} is used by another process", path = .0.display())]
    InUse(PathBuf),
}

impl DiskFolder {
    /// Opens a folder, which is made where there is none, and deletes what an earlier process left in it.
    ///
    /// # Errors
    /// See [`DiskError`]. Nothing is deleted in a folder that no cache made.
    pub fn open(path: &Path) -> Result<DiskFolder, DiskError> {
        let failed = |cause| DiskError::Io { path: path.to_owned(), cause };
        DirBuilder::new().recursive(true).mode(0o700).create(path).map_err(failed)?;
        let mark = path.join(MARK);
        if !mark.exists() && fs::read_dir(path).map_err(failed)?.next().is_some() {
            return Err(DiskError::NotOurs(path.to_owned()));
        }
        let mark = OpenOptions::new().create(true).truncate(false).write(true).mode(0o600).open(mark);
        let mark = mark.map_err(failed)?;
        match mark.try_lock() {
            Ok(()) => {}
            Err(fs::TryLockError::WouldBlock) => return Err(DiskError::InUse(path.to_owned())),
            Err(fs::TryLockError::Error(cause)) => return Err(failed(cause)),
        }
        empty(path).map_err(failed)?;
        DirBuilder::new().mode(0o700).create(path.join(UNFINISHED)).map_err(failed)?;
        let turns = Arc::new(Semaphore::new(THREADS));
        let jobs = start_threads().map_err(failed)?;
        let (path, names) = (path.to_owned(), AtomicU64::new(0));
        Ok(DiskFolder(Arc::new(Shared { path, _mark: mark, turns, jobs, names })))
    }

    /// A name that no other body has. The digest is one of a key that only this process knows.
    pub(super) fn name(&self, digest: u128) -> String {
        format!("{digest:032x}-{:x}", self.0.names.fetch_add(1, Ordering::Relaxed))
    }

    /// Where a body is while it is written.
    pub(super) fn unfinished(&self, name: &str) -> PathBuf {
        self.0.path.join(UNFINISHED).join(name)
    }

    /// Where a body is once it is complete: in one of 65,536 folders, because large folders are slow.
    pub(super) fn finished(&self, name: &str) -> PathBuf {
        let (first, rest) = name.split_at_checked(2).unwrap_or((name, ""));
        let second = rest.get(..2).unwrap_or("00");
        self.0.path.join(first).join(second).join(name)
    }

    /// Does what waits for the disk, beside the threads that answer requests, when it is its turn. What has begun goes on
    /// where the future is dropped, and keeps its turn until it is done.
    pub(super) async fn work<T: Send + 'static>(
        &self,
        work: impl FnOnce() -> io::Result<T> + Send + 'static,
    ) -> io::Result<T> {
        let turn = Arc::clone(&self.0.turns).acquire_owned().await.map_err(io::Error::other)?;
        let (done, result) = oneshot::channel();
        self.later(move || {
            // Who waited may have left.
            drop(done.send(work()));
            drop(turn);
        });
        result.await.map_err(io::Error::other)?
    }

    /// Does what is not waited for.
    pub(super) fn later(&self, work: impl FnOnce() + Send + 'static) {
        // The threads live as long as this sender.
        drop(self.0.jobs.send(Box::new(work)));
    }
}

/// Starts the threads that work for a folder. They end with it. Threads of their own, because the runtime's would be as many
/// as there are viewers, each with memory of its own.
fn start_threads() -> io::Result<mpsc::Sender<Job>> {
    let (jobs, waiting) = mpsc::channel::<Job>();
    let waiting = Arc::new(Mutex::new(waiting));
    for _ in 0..THREADS {
        let waiting = Arc::clone(&waiting);
        let next = move || waiting.lock().unwrap_or_else(PoisonError::into_inner).recv();
        let work = move || {
            while let Ok(job) = next() {
                job();
            }
        };
        std::thread::Builder::new().name("cache-disk".to_owned()).spawn(work)?;
    }
    Ok(jobs)
}

/// Deletes the folders that bodies are kept in, and nothing else.
fn empty(path: &Path) -> io::Result<()> {
    for entry in fs::read_dir(path)? {
        let entry = entry?;
        let name = entry.file_name();
        let name = name.to_string_lossy();
        let is_first = name.len() == 2 && name.bytes().all(|byte| byte.is_ascii_hexdigit());
        if entry.file_type()?.is_dir() && (is_first || name == UNFINISHED) {
            fs::remove_dir_all(entry.path())?;
        }
    }
    Ok(())
}

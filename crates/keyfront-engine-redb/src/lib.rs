//! The redb engine: one redb file in a data folder, one writer, group commit.
//!
//! | File        | What it holds                                                                   |
//! |-------------|---------------------------------------------------------------------------------|
//! | `folder`    | creates and locks the data folder, or refuses it with a reason                  |
//! | `data_file` | the redb file: tables, format record, opening and creating                      |
//! | `disk`      | what redb takes for its disk, and what happens when the real one fails          |
//! | `blocks`    | the file under that disk, with a checksum behind each block                     |
//! | `room`      | room on the disk that is kept for deletes                                       |
//! | `displaced` | whether the file is still where its name says                                   |
//! | `upgrade`   | copies a data file that was written without checksums                           |
//! | `group`     | one group of batches in one redb transaction                                    |
//! | `writer`    | the thread that commits groups, and recovers                                    |
//! | `failed`    | how a group fails, and what the writer does next                                |
//! | `view`      | reads                                                                           |
//! | `backup`    | a copy while serving                                                            |
//! | `frozen`    | reads a folder that no server uses                                              |
//! | `verify`    | the check of such a folder                                                      |
//! | `queue`     | how the writer waits                                                            |
//!
//! After a storage failure: a commit whose outcome is not certain says so. A full disk is waited out by
//! opening the file again every two seconds, whether or not a client writes, until an empty commit
//! gets through. After a failed flush nothing is written before a restart, because the kernel
//! may have dropped what it could not write and call the next flush a success. Reads go on.
//!
//! redb keeps track of free space in memory. It can write that down with every commit (its "quick
//! repair"), but what it writes grows with the file: at 2.2 GB a commit of one pair wrote 308 KB instead
//! of 37 KB and took 8 ms instead of 0.4 ms, at 140 MB 58 KB and 0.5 ms. So Keyfront has it written when
//! the file is closed and when no write came for two seconds. After a process that ended in the
//! middle of its work, and after a full disk, redb finds the free space by reading the file through,
//! which compares every checksum as well: safe as before, but 3.4 s for these 2.2 GB.

mod backup;
mod blocks;
mod data_file;
mod disk;
mod displaced;
mod failed;
mod folder;
mod frozen;
mod group;
mod queue;
mod room;
mod settings;
mod shared;
#[cfg(test)]
mod tests;
mod upgrade;
mod verify;
mod view;
mod writer;

use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::thread::{self, JoinHandle};
use std::time::Duration;

use async_trait::async_trait;
use redb::backends::FileBackend;
use tokio::sync::{mpsc, oneshot};

pub use frozen::Frozen;
pub use settings::Settings;
pub use verify::{Report, verify};

use data_file::{DataFile, check_format, explain, guarded};
use disk::Medium;
use displaced::NamedFile;
use failed::{Failed, State};
use folder::{Folder, refuse};
use keyfront_engine::{
    Backup, Batch, ChangeLog, Changes, Engine, Limits, Outcome, Progress, Range, Snapshot, Stats, StoreError,
    Unusable, Version,
};
use queue::Queue;
use room::{PlaceHolder, Room};
use shared::{Job, Shared};
use view::{View, damaged_data, is_small};
use writer::Writer;

/// The name of this engine in configurations.
pub const NAME: &str = "redb";

/// One transaction of redb takes what memory holds. 1 GiB is below what redb can hold in one entry.
const LIMITS: Limits = Limits::LARGE;

/// The time without a write after which the free space is recorded, and the time between two attempts to
/// take writes again.
const PAUSE: Duration = Duration::from_secs(2);

/// An engine in one file of a data folder. Dropping it ends what it accepted, then closes the file.
pub struct RedbEngine {
    shared: Arc<Shared>,
    settings: Settings,
    /// Taken on drop, so that the writer sees the end of its queue.
    queue: Option<mpsc::Sender<Job>>,
    writer: Option<JoinHandle<()>>,
    /// Locked until the writer has ended.
    _folder: Option<Folder>,
}

impl RedbEngine {
    /// Opens the data folder, creating it and an empty store if they are missing.
    ///
    /// The folder is created for its owner alone (mode 0700), its files likewise (0600), and it belongs
    /// to one process at a time. The error says what is wrong with the folder and what to do.
    pub fn open(folder: &Path, settings: Settings) -> Result<RedbEngine, StoreError> {
        settings.check()?;
        RedbEngine::open_in(Folder::lock_or_create(folder)?, settings, true)
    }

    /// Opens a data folder that holds data of Keyfront.
    ///
    /// Any other folder is refused, and nothing is created in it. Otherwise like
    /// [`RedbEngine::open`].
    pub fn open_existing(folder: &Path, settings: Settings) -> Result<RedbEngine, StoreError> {
        settings.check()?;
        RedbEngine::open_in(Folder::lock_existing(folder)?, settings, false)
    }

    fn open_in(folder: Folder, settings: Settings, create: bool) -> Result<RedbEngine, StoreError> {
        let path = folder.data_file();
        let (file, medium) = if let Some(file) = folder.open_data()? {
            let medium = upgrade::with_checksums(medium(file, &path)?, &folder, &settings)?;
            (DataFile::open(&medium, &path, &settings)?, medium)
        } else if !create {
            // It went away since the folder was looked at.
            return Err(folder.no_data().into());
        } else {
            let medium = medium(folder.begin_data()?, &path)?;
            let file = DataFile::create(&medium, &path, &settings)?;
            folder.finish_data()?;
            (file, medium)
        };
        let room = Room::new(PlaceHolder(folder.room()));
        RedbEngine::start(file, medium, path, settings, Some(folder), Some(room), PAUSE)
    }

    fn start(
        file: DataFile,
        medium: Medium,
        path: PathBuf,
        settings: Settings,
        folder: Option<Folder>,
        room: Option<Room>,
        pause: Duration,
    ) -> Result<RedbEngine, StoreError> {
        let database = file.database.get().map_err(|error| explain(&path, error))?;
        let version = check_format(database, &path)?;
        let view = guarded(|| View::open(database, version, 0)).map_err(|error| explain(&path, error))?;
        let log = ChangeLog::new(version, settings.watch_batches, settings.watch_bytes);
        let shared = Arc::new(Shared::new(view, log, &file.disk));
        // A full disk: what is there is served until it takes writes.
        let mut state = State::Ready;
        if let Some(failure) = file.disk.failure() {
            let failed = Failed::of_disk(&failure, true);
            shared.note_failure(failed.message);
            state = failed.then;
        }
        let name = folder.as_ref().map(|_| NamedFile::new(&path)).transpose();
        let name = name.map_err(|error| refuse(&path, "be looked at", error))?;
        let (queue, jobs) = mpsc::channel(settings.queue_batches);
        let writer = Writer {
            medium,
            path,
            settings: settings.clone(),
            shared: Arc::clone(&shared),
            file: Some(file),
            version,
            generation: 0,
            state,
            room,
            name,
            unrecorded: false,
            pause,
        };
        let writer = thread::Builder::new()
            .name("keyfront-store".to_owned())
            .spawn(move || writer.run(Queue::new(jobs)))
            .map_err(|error| Unusable::because(format!("no thread could be started: {error}"), error))?;
        Ok(RedbEngine { shared, settings, queue: Some(queue), writer: Some(writer), _folder: folder })
    }

    /// True when every check of the batch holds in the current view.
    async fn assert(&self, batch: &Batch) -> Result<Outcome, StoreError> {
        let ranges: Vec<Range> = batch.checks.iter().map(|check| Range::key(check.key.clone())).collect();
        let found = self.read(&ranges).await?;
        let is_unchanged = batch.unchanged_since.is_none_or(|version| version == found.version);
        let checks = batch.checks.iter().enumerate();
        let holds = is_unchanged && checks.into_iter().all(|(i, check)| found.version_of(i) == check.version);
        Ok(if holds { Outcome::Committed(found.version) } else { Outcome::Conflict })
    }

    /// Reads in the current view; once more if the file was opened again meanwhile.
    fn read_now(&self, ranges: &[Range]) -> Result<Snapshot, StoreError> {
        read_in(&self.shared, self.queue.as_ref(), ranges)
    }
}

#[async_trait]
impl Engine for RedbEngine {
    async fn read(&self, ranges: &[Range]) -> Result<Snapshot, StoreError> {
        if is_small(ranges) {
            return self.read_now(ranges);
        }
        let (shared, queue, ranges) = (Arc::clone(&self.shared), self.queue.clone(), ranges.to_vec());
        blocking(move || read_in(&shared, queue.as_ref(), &ranges)).await
    }

    async fn commit(&self, batch: Batch) -> Result<Outcome, StoreError> {
        if batch.writes.is_empty() {
            return self.assert(&batch).await;
        }
        if !LIMITS.admit(&batch) {
            return Err(StoreError::too_large(&batch, LIMITS));
        }
        let (answer, answered) = oneshot::channel();
        let ended = || not_written("the store is closed".to_owned());
        let queue = self.queue.as_ref().ok_or_else(ended)?;
        queue.send(Job::Commit { batch, answer }).await.map_err(|_closed| ended())?;
        answered.await.unwrap_or_else(|_dropped| {
            let message = "the writer ended unexpectedly; restart Keyfront".to_owned();
            Err(StoreError::OutcomeUnknown { message, source: None })
        })
    }

    async fn watch(&self, after: Version) -> Result<Changes, StoreError> {
        // A view is shown before its changes are published, so a version that was read is never
        // ahead of the view.
        let reached = self.shared.view().version >= after;
        Ok(if reached { self.shared.log.watch(after) } else { self.shared.log.lagged() })
    }

    fn limits(&self) -> Limits {
        LIMITS
    }

    fn backup(&self) -> Option<&dyn Backup> {
        Some(self)
    }

    fn stats(&self) -> Stats {
        let queued = self.queue.as_ref().map_or(0, |queue| queue.max_capacity() - queue.capacity());
        self.shared.stats(u64::try_from(queued).unwrap_or(u64::MAX))
    }
}

/// The copy is a data folder that [`RedbEngine::open`] takes. While it is made, the data file of this engine
/// grows, because what the copy reads stays in it.
#[async_trait]
impl Backup for RedbEngine {
    async fn backup_to(&self, folder: &Path, progress: Progress) -> Result<Version, StoreError> {
        let (view, settings, folder) = (self.shared.view(), self.settings.clone(), folder.to_path_buf());
        blocking(move || backup::write(&view, &folder, &settings, progress)).await
    }
}

impl Drop for RedbEngine {
    fn drop(&mut self) {
        self.queue = None;
        if let Some(writer) = self.writer.take() {
            // A writer that panicked has said so already, and its callers were told.
            drop(writer.join());
        }
    }
}

fn read_in(
    shared: &Shared,
    queue: Option<&mpsc::Sender<Job>>,
    ranges: &[Range],
) -> Result<Snapshot, StoreError> {
    let mut view = shared.view();
    loop {
        let error = match view.read(ranges) {
            Ok(snapshot) => return Ok(snapshot),
            Err(error) => error,
        };
        let current = shared.view();
        if current.generation != view.generation {
            view = current;
            continue;
        }
        if matches!(error, redb::Error::Corrupted(_)) {
            let error = damaged_data(Arc::new(error));
            shared.note_damage(error.to_string());
            return Err(error);
        }
        if let Some(queue) = queue {
            // A full queue brings the writer to the same end by itself.
            drop(queue.try_send(Job::Reopen { generation: view.generation }));
        }
        return Err(read_error(error));
    }
}

fn read_error(error: redb::Error) -> StoreError {
    if matches!(error, redb::Error::Corrupted(_)) {
        return damaged_data(Arc::new(error));
    }
    let message = format!("{error}; the data file is being opened again; check the disk if this repeats");
    StoreError::Read { message, source: Some(Arc::new(error)) }
}

/// Runs what may wait for the disk on a thread that may wait.
async fn blocking<T: Send + 'static>(
    run: impl FnOnce() -> Result<T, StoreError> + Send + 'static,
) -> Result<T, StoreError> {
    let joined = tokio::task::spawn_blocking(run).await;
    joined.unwrap_or_else(|error| {
        let message = "the task that read was ended".to_owned();
        Err(StoreError::Read { message, source: Some(Arc::new(error)) })
    })
}

fn medium(file: std::fs::File, path: &Path) -> Result<Medium, Unusable> {
    let backend = FileBackend::new(file).map_err(|error| explain(path, error.into()))?;
    Ok(Arc::new(backend))
}

fn not_written(message: String) -> StoreError {
    StoreError::NotWritten { message, source: None }
}

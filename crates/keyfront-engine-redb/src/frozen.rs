//! Reads a data folder that no server uses, such as a backup. It changes and creates nothing in it.

use std::path::{Path, PathBuf};

use crate::backup;
use crate::data_file::{OpenDatabase, check_format, explain, guarded, open_redb};
use crate::disk::Disk;
use crate::folder::{Folder, Watched};
use crate::verify::{self, Report};
use crate::view::View;
use crate::{Settings, medium, read_error};
use async_trait::async_trait;
use keyfront_engine::{
    Batch, ChangeLog, Changes, Engine, Limits, Outcome, Range, Snapshot, Stats, StoreError, Version,
};

const FOR_READING: &str = "the data folder is open for reading alone";

/// The data of a folder as it is, while no process may write to it: for checks and audits.
///
/// As an engine it refuses every commit. Reads wait for the disk on the caller's thread, so it is for
/// commands and not for servers.
pub struct Frozen {
    path: PathBuf,
    version: Version,
    log: ChangeLog,
    disk: Disk,
    database: OpenDatabase,
    /// Held until the database is closed.
    _lock: Option<std::fs::File>,
}

impl Frozen {
    /// Opens a data folder or a backup that no process uses; it may be on a disk that takes no writes.
    ///
    /// Until this is dropped, no process can open the folder for writing; others may read it like this.
    pub fn open(folder: &Path, settings: &Settings) -> Result<Frozen, StoreError> {
        settings.check()?;
        let Watched { data_file: path, file, lock } = Watched::lock(folder)?;
        let disk =
            Disk::frozen(medium(file, &path)?).map_err(|error| explain(&path, redb::Error::Io(error)))?;
        let database = open_redb(&disk, &path, settings, false)?;
        let version = check_format(database.get().map_err(|error| explain(&path, error))?, &path)?;
        let log = ChangeLog::new(version, 1, 1);
        Ok(Frozen { path, version, log, disk, database, _lock: lock })
    }

    /// Reads everything and compares checksums and versions.
    ///
    /// The error says what is damaged. `progress` is told the number of entries seen so far; it is called
    /// only once the checksums of the whole file were compared.
    pub fn verify(&mut self, progress: impl FnMut(u64)) -> Result<Report, StoreError> {
        let checked = guarded(|| verify::check(self.database.get_mut()?, self.version, progress));
        Ok(checked.map_err(|error| explain(&self.path, error))?)
    }
}

impl Frozen {
    /// Makes a data folder hold what this one holds. The folder is made if it is missing, and must have no data yet; other
    /// files in it stay.
    ///
    /// # Errors
    /// The folder has data, is in use or cannot be written; it is as it was then.
    pub fn restore_to(&self, folder: &Path, settings: &Settings) -> Result<Version, StoreError> {
        settings.check()?;
        let folder = Folder::lock_or_create(folder)?;
        folder.require_no_data()?;
        let view = guarded(|| View::open(self.database.get()?, self.version, 0));
        backup::write_in(&view.map_err(read_error)?, folder, settings, |_entries| {})
    }
}

#[async_trait]
impl Engine for Frozen {
    async fn read(&self, ranges: &[Range]) -> Result<Snapshot, StoreError> {
        let view = guarded(|| View::open(self.database.get()?, self.version, 0));
        view.and_then(|view| view.read(ranges)).map_err(read_error)
    }

    async fn commit(&self, _batch: Batch) -> Result<Outcome, StoreError> {
        Err(StoreError::Refused { message: FOR_READING.to_owned(), source: None })
    }

    async fn watch(&self, after: Version) -> Result<Changes, StoreError> {
        Ok(if self.version >= after { self.log.watch(after) } else { self.log.lagged() })
    }

    fn limits(&self) -> Limits {
        Limits::LARGE
    }

    fn stats(&self) -> Stats {
        Stats {
            engine: crate::NAME,
            disk_bytes: self.disk.len_bytes(),
            version: self.version,
            refusing: Some(FOR_READING.to_owned()),
            ..Stats::default()
        }
    }
}

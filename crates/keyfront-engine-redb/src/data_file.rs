//! The data file: a redb database with two tables, and the record that says whose it is.
//!
//! redb's answer to some damage is a panic, so whatever is done with it is [`guarded`].
//!
//! | Table            | Key         | Value                                                              |
//! |------------------|-------------|--------------------------------------------------------------------|
//! | `keyfront-store` | `"format"`  | the number of this format: 1                                       |
//! | `keyfront-store` | `"version"` | the last committed version                                         |
//! | `entries`        | a key       | 8 bytes: the version that last wrote it, big-endian; then its value |

use std::cell::Cell;
use std::io::ErrorKind;
use std::panic::{self, AssertUnwindSafe, catch_unwind};
use std::path::Path;
use std::sync::Once;

use redb::{Database, ReadableDatabase, TableDefinition, TableError};

use crate::Settings;
use crate::disk::{Disk, Medium};
use crate::folder::{refuse, remedy};
use keyfront_engine::{Unusable, Version};

pub(crate) const META: TableDefinition<'_, &str, u64> = TableDefinition::new("keyfront-store");
pub(crate) const ENTRIES: TableDefinition<'_, &[u8], &[u8]> = TableDefinition::new("entries");
pub(crate) const VERSION: &str = "version";
const FORMAT: &str = "format";
const FORMAT_NUMBER: u64 = 1;

/// The bytes in front of a value.
pub(crate) const PREFIX_BYTES: usize = 8;

/// The version in front of a stored value, and the value; `None` for a value that is damaged.
pub(crate) fn decode(stored: &[u8]) -> Option<(Version, &[u8])> {
    let (version, value) = stored.split_first_chunk::<PREFIX_BYTES>()?;
    Some((Version(u64::from_be_bytes(*version)), value))
}

/// An open data file. Dropping it closes redb, which marks the file as closed in good order.
pub(crate) struct DataFile {
    pub(crate) database: OpenDatabase,
    pub(crate) disk: Disk,
}

/// A database that closes without a panic, whatever is damaged.
pub(crate) struct OpenDatabase(Option<Database>);

impl OpenDatabase {
    pub(crate) fn get(&self) -> Result<&Database, redb::Error> {
        self.0.as_ref().ok_or(redb::Error::DatabaseClosed)
    }

    pub(crate) fn get_mut(&mut self) -> Result<&mut Database, redb::Error> {
        self.0.as_mut().ok_or(redb::Error::DatabaseClosed)
    }
}

impl Drop for OpenDatabase {
    fn drop(&mut self) {
        let database = self.0.take();
        // What could not be closed in good order is found out by the next open.
        drop(guarded(move || {
            drop(database);
            Ok(())
        }));
    }
}

impl DataFile {
    /// Opens an existing data file. One that is not Keyfront's, or of a later format, is not touched. On a full disk it
    /// opens all the same, for reads; then [`Disk::failure`] says so.
    pub(crate) fn open(medium: &Medium, path: &Path, settings: &Settings) -> Result<DataFile, Unusable> {
        let disk = Disk::held_back(medium.clone()).map_err(|error| explain(path, redb::Error::Io(error)))?;
        let database = open_redb(&disk, path, settings, settings.verify_on_start)?;
        check_format(database.get().map_err(|error| explain(path, error))?, path)?;
        disk.release();
        let file = DataFile { database, disk };
        if !file.disk.failure().is_some_and(|failure| failure.is_lack_of_space()) {
            check_disk(&file.disk, path)?;
        }
        Ok(file)
    }

    /// Opens a data file that this process has opened before. [`Disk::failure`] says whether it takes writes.
    pub(crate) fn reopen(medium: &Medium, path: &Path, settings: &Settings) -> Result<DataFile, Unusable> {
        let disk = Disk::new(medium.clone()).map_err(|error| explain(path, redb::Error::Io(error)))?;
        let database = open_redb(&disk, path, settings, false)?;
        Ok(DataFile { database, disk })
    }

    /// Makes a data file in an empty medium.
    pub(crate) fn create(medium: &Medium, path: &Path, settings: &Settings) -> Result<DataFile, Unusable> {
        let disk = Disk::new(medium.clone()).map_err(|error| refuse(path, "be created", error))?;
        let database = open_redb(&disk, path, settings, false)?;
        let made = guarded(|| write_format(database.get()?, Version::NEVER));
        // What went wrong with the disk says more than what redb made of it.
        check_disk(&disk, path)?;
        made.map_err(|error| explain(path, error))?;
        Ok(DataFile { database, disk })
    }
}

/// Writes the format record and makes both tables.
pub(crate) fn write_format(database: &Database, version: Version) -> Result<(), redb::Error> {
    let mut transaction = database.begin_write()?;
    transaction.set_quick_repair(true);
    {
        transaction.open_table(ENTRIES)?;
        let mut meta = transaction.open_table(META)?;
        meta.insert(FORMAT, FORMAT_NUMBER)?;
        meta.insert(VERSION, version.0)?;
    }
    transaction.commit()?;
    Ok(())
}

/// Refuses the file when the disk failed under it.
pub(crate) fn check_disk(disk: &Disk, path: &Path) -> Result<(), Unusable> {
    let Some(failure) = disk.failure() else { return Ok(()) };
    let (shown, cause, remedy) = (path.display(), &failure.cause, remedy(failure.kind));
    Err(Unusable::because(format!("{shown} cannot be written: {cause}{remedy}"), failure.cause.clone()))
}

pub(crate) fn open_redb(
    disk: &Disk,
    path: &Path,
    settings: &Settings,
    verify: bool,
) -> Result<OpenDatabase, Unusable> {
    let mut builder = Database::builder();
    builder.set_cache_size(settings.cache_bytes).set_check_integrity_on_open(verify);
    let opened = guarded(|| Ok(builder.create_with_backend(disk.clone())?));
    Ok(OpenDatabase(Some(opened.map_err(|error| explain(path, error))?)))
}

/// Refuses a file that is not Keyfront's, or that is of a later format; answers its version.
pub(crate) fn check_format(database: &Database, path: &Path) -> Result<Version, Unusable> {
    let (format, version) = guarded(|| read_format(database)).map_err(|error| explain(path, error))?;
    let shown = path.display();
    match format {
        None => Err(Unusable::new(format!(
            "{shown} is a redb database, but not one of Keyfront's; name another folder for the data"
        ))),
        Some(FORMAT_NUMBER) => Ok(version),
        Some(number) => Err(Unusable::new(format!(
            "{shown} has the format {number} of a later Keyfront, and this one knows only {FORMAT_NUMBER}; start \
             the version that wrote it, or restore a backup of this one"
        ))),
    }
}

fn read_format(database: &Database) -> Result<(Option<u64>, Version), redb::Error> {
    let meta = match database.begin_read()?.open_table(META) {
        Ok(meta) => meta,
        Err(TableError::TableDoesNotExist(_) | TableError::TableTypeMismatch { .. }) => {
            return Ok((None, Version::NEVER));
        }
        Err(error) => return Err(error.into()),
    };
    let number = |key| Ok::<_, redb::Error>(meta.get(key)?.map(|found| found.value()));
    Ok((number(FORMAT)?, Version(number(VERSION)?.unwrap_or(0))))
}

thread_local! {
    /// Whether this thread runs something that is [`guarded`].
    static IS_GUARDED: Cell<bool> = const { Cell::new(false) };
}

/// Runs something on redb, whose answer to some damage is a panic. It becomes an error and is not printed.
pub(crate) fn guarded<T>(run: impl FnOnce() -> Result<T, redb::Error>) -> Result<T, redb::Error> {
    static SILENCED: Once = Once::new();
    SILENCED.call_once(|| {
        let print = panic::take_hook();
        panic::set_hook(Box::new(move |panic| {
            if !IS_GUARDED.get() {
                print(panic);
            }
        }));
    });
    let was_guarded = IS_GUARDED.replace(true);
    // A read leaves nothing half done. Of a write, the caller uses nothing again but the transaction, to abort it.
    let ran = catch_unwind(AssertUnwindSafe(run));
    IS_GUARDED.set(was_guarded);
    ran.unwrap_or_else(|panic| {
        let message = panic.downcast_ref::<String>().map(String::as_str);
        let message = message.or_else(|| panic.downcast_ref::<&str>().copied()).unwrap_or("no message");
        Err(redb::Error::Corrupted(format!("redb gave up: {message}")))
    })
}

/// Says what to do about a data file that redb does not open.
pub(crate) fn explain(path: &Path, error: redb::Error) -> Unusable {
    let shown = path.display();
    let restore = "restore the folder from a backup, or name another one";
    let message = if let redb::Error::Io(error) = &error {
        if [ErrorKind::InvalidData, ErrorKind::UnexpectedEof].contains(&error.kind()) {
            format!("{shown} is not a data file of Keyfront, or it is cut short or damaged; {restore}")
        } else {
            format!("{shown} cannot be read: {error}{}", remedy(error.kind()))
        }
    } else if matches!(error, redb::Error::UpgradeRequired(_)) {
        format!("{shown} is a redb database of an old format, not one of Keyfront's; name another folder")
    } else if matches!(error, redb::Error::Corrupted(_)) {
        format!("{shown} is damaged ({error}); {restore}")
    } else {
        format!("{shown} cannot be opened: {error}")
    };
    Unusable::because(message, error)
}

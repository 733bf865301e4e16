//! The check of a data folder that nobody uses. It changes nothing in it.

use std::path::Path;

use super::data_file::{PREFIX_BYTES, check_format, decode, explain, guarded, open_redb};
use super::disk::Disk;
use super::folder::{Folder, refuse};
use super::view::{View, damaged};
use super::{Settings, medium};
use crate::engine::{StoreError, Unusable, Version};

/// Entries between two reports of progress.
const STEP_ENTRIES: u64 = 10_000;

/// What [`verify`] found in a data folder that is whole.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Report {
    /// The last committed version.
    pub version: Version,
    /// The number of entries.
    pub entries: u64,
    /// The bytes of their keys and values.
    pub bytes: u64,
    /// False when the record of free space does not fit the entries. No entry is affected; a start with
    /// `verify_on_start` repairs it.
    pub free_space_is_right: bool,
}

/// Reads everything in a data folder that no process uses, and compares checksums and versions.
///
/// The error says what is damaged. `progress` is told the number of entries seen so far; it is called
/// only once the checksums of the whole file were compared.
pub fn verify(
    folder: &Path,
    settings: &Settings,
    mut progress: impl FnMut(u64),
) -> Result<Report, StoreError> {
    settings.check()?;
    let folder = Folder::lock(folder)?;
    let path = folder.data_file();
    let Some(file) = folder.open_data()? else {
        let shown = folder.path().display();
        return Err(Unusable::new(format!(
            "there is no data of Keyfront in {shown}; check the folder's name"
        ))
        .into());
    };
    let disk = Disk::frozen(medium(file, &path)?).map_err(|error| refuse(&path, "be read", error))?;
    let mut database = open_redb(&disk, &path, settings, false)?;
    let version = check_format(&database, &path)?;
    let explain = |error| explain(&path, error);
    let free_space_is_right = guarded(|| Ok(database.check_integrity()?)).map_err(explain)?;
    let mut report = Report { version, entries: 0, bytes: 0, free_space_is_right };
    guarded(|| count(&View::open(&database, version, 0)?, &mut report, &mut progress)).map_err(explain)?;
    Ok(report)
}

fn count(view: &View, report: &mut Report, progress: &mut impl FnMut(u64)) -> Result<(), redb::Error> {
    for found in view.entries()? {
        let (key, stored) = found?;
        let written = decode(stored.value()).map(|(version, _)| version);
        if written.is_none_or(|written| written == Version::NEVER || written > report.version) {
            return Err(damaged(key.value()));
        }
        report.entries += 1;
        let bytes = key.value().len() + stored.value().len() - PREFIX_BYTES;
        report.bytes += u64::try_from(bytes).unwrap_or(u64::MAX);
        if report.entries.is_multiple_of(STEP_ENTRIES) {
            progress(report.entries);
        }
    }
    progress(report.entries);
    Ok(())
}

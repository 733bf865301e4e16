//! Checks a data folder that no server uses.

use std::path::Path;

use redb::Database;

use crate::data_file::{PREFIX_BYTES, decode};
use crate::view::{View, damaged};
use crate::{Frozen, Settings};
use keyfront_engine::{StoreError, Version};

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

/// Opens a data folder or a backup that no process uses, and verifies it: [`Frozen::verify`].
pub fn verify(folder: &Path, settings: &Settings, progress: impl FnMut(u64)) -> Result<Report, StoreError> {
    Frozen::open(folder, settings)?.verify(progress)
}

pub(crate) fn check(
    database: &mut Database,
    version: Version,
    mut progress: impl FnMut(u64),
) -> Result<Report, redb::Error> {
    let free_space_is_right = database.check_integrity()?;
    let mut report = Report { version, entries: 0, bytes: 0, free_space_is_right };
    count(&View::open(database, version, 0)?, &mut report, &mut progress)?;
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

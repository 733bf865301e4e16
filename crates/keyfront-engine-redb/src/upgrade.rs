//! Upgrades a data file that an earlier version wrote without checksums: a copy with checksums takes its place.

use crate::Settings;
use crate::backup;
use crate::data_file::{check_format, explain, guarded, open_redb};
use crate::disk::{Disk, Medium};
use crate::folder::Folder;
use crate::medium;
use crate::view::View;
use keyfront_engine::StoreError;

/// The data file with checksums: the one given, or a copy of it that has taken its place.
///
/// Everything in the old file is verified by redb's own checksums before it is copied, so that no damage gets a good
/// one. The old file stays as it is until the copy is complete and flushed; until then the disk must hold both.
///
/// # Errors
/// The old file is damaged, or the copy could not be made.
pub(crate) fn with_checksums(
    old: Medium,
    folder: &Folder,
    settings: &Settings,
) -> Result<Medium, StoreError> {
    let path = folder.data_file();
    let disk = Disk::frozen(old.clone()).map_err(|error| explain(&path, redb::Error::Io(error)))?;
    if disk.has_checksums() {
        return Ok(old);
    }
    let mut database = open_redb(&disk, &path, settings, false)?;
    let version = check_format(database.get().map_err(|error| explain(&path, error))?, &path)?;
    let verified = guarded(|| Ok(database.get_mut()?.check_integrity()?));
    verified.map_err(|error| explain(&path, error))?;
    let view = guarded(|| View::open(database.get()?, version, 0)).map_err(|error| explain(&path, error))?;
    let new = medium(folder.begin_data()?, &path)?;
    let filled = backup::fill(&view, &new, &path, settings, |_| ());
    if let Err(error) = filled.and_then(|()| Ok(folder.finish_data()?)) {
        folder.discard_data();
        return Err(error);
    }
    Ok(new)
}

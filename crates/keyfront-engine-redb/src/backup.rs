//! A copy of the store as of one view, as a data folder of its own.

use std::path::Path;
use std::sync::Arc;

use crate::data_file::{DataFile, ENTRIES, check_disk, guarded, write_format};
use crate::disk::Medium;
use crate::folder::Folder;
use crate::view::View;
use crate::{Settings, medium};
use keyfront_engine::{StoreError, Version};

/// The entries and the bytes that one transaction of the copy holds.
const STEP_ENTRIES: u64 = 10_000;
const STEP_BYTES: usize = 8 << 20;

pub(crate) fn write(
    view: &View,
    folder: &Path,
    settings: &Settings,
    progress: impl FnMut(u64),
) -> Result<Version, StoreError> {
    let folder = Folder::lock_or_create(folder)?;
    folder.require_empty()?;
    write_in(view, folder, settings, progress)
}

/// Makes the data file of a locked folder, which has none. Where that fails, the folder is as it was.
pub(crate) fn write_in(
    view: &View,
    folder: Folder,
    settings: &Settings,
    progress: impl FnMut(u64),
) -> Result<Version, StoreError> {
    let path = folder.data_file();
    let begun = folder.begin_data().and_then(|file| medium(file, &path));
    let written =
        begun.map_err(StoreError::from).and_then(|medium| fill(view, &medium, &path, settings, progress));
    if let Err(error) = written.and_then(|()| Ok(folder.finish_data()?)) {
        folder.discard();
        return Err(error);
    }
    Ok(view.version)
}

/// Makes the data file of the copy in an empty medium, complete, flushed and closed.
pub(crate) fn fill(
    view: &View,
    medium: &Medium,
    path: &Path,
    settings: &Settings,
    mut progress: impl FnMut(u64),
) -> Result<(), StoreError> {
    let file = DataFile::create(medium, path, settings)?;
    let disk = file.disk.clone();
    let copied = guarded(|| copy(view, &file, &mut progress));
    // Closed before it gets its name, so that it opens like one that was left in good order.
    drop(file);
    check_disk(&disk, path)?;
    copied.map_err(|error| {
        let message = format!("the backup was not finished: {error}");
        StoreError::Read { message, source: Some(Arc::new(error)) }
    })
}

fn copy(view: &View, target: &DataFile, progress: &mut impl FnMut(u64)) -> Result<(), redb::Error> {
    let mut entries = view.entries()?;
    let mut copied = 0;
    loop {
        let transaction = target.database.get()?.begin_write()?;
        let (mut step, mut bytes) = (0, 0);
        {
            let mut table = transaction.open_table(ENTRIES)?;
            while step < STEP_ENTRIES && bytes < STEP_BYTES {
                let Some(found) = entries.next() else { break };
                let (key, stored) = found?;
                table.insert(key.value(), stored.value())?;
                step += 1;
                bytes += key.value().len() + stored.value().len();
            }
        }
        transaction.commit()?;
        if target.disk.failure().is_some() {
            // The caller says so. The rest would only fill the memory.
            return Ok(());
        }
        copied += step;
        progress(copied);
        if step == 0 {
            return write_format(target.database.get()?, view.version);
        }
    }
}

//! A copy of the store as of one view, as a data folder of its own.

use std::path::Path;
use std::sync::Arc;

use redb::Database;

use super::data_file::{DataFile, ENTRIES, check_disk, guarded, write_format};
use super::folder::Folder;
use super::view::View;
use super::{Settings, medium};
use crate::engine::{StoreError, Version};

/// The entries and the bytes that one transaction of the copy holds.
const STEP_ENTRIES: u64 = 10_000;
const STEP_BYTES: usize = 8 << 20;

pub(super) fn write(
    view: &View,
    folder: &Path,
    settings: &Settings,
    mut progress: impl FnMut(u64),
) -> Result<Version, StoreError> {
    let folder = Folder::lock_or_create(folder)?;
    folder.require_empty()?;
    let path = folder.data_file();
    let medium = medium(folder.begin_data()?, &path)?;
    let file = DataFile::create(&medium, &path, settings)?;
    let disk = file.disk.clone();
    let copied = guarded(|| copy(view, &file.database, &mut progress));
    // Closed before it gets its name, so that it opens like one that was left in good order.
    drop(file);
    check_disk(&disk, &path)?;
    copied.map_err(|error| {
        let message = format!("the backup was not finished: {error}");
        StoreError::Read { message, source: Some(Arc::new(error)) }
    })?;
    folder.finish_data()?;
    Ok(view.version)
}

fn copy(view: &View, target: &Database, progress: &mut impl FnMut(u64)) -> Result<(), redb::Error> {
    let mut entries = view.entries()?;
    let mut copied = 0;
    loop {
        let transaction = target.begin_write()?;
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
        copied += step;
        progress(copied);
        if step == 0 {
            return write_format(target, view.version);
        }
    }
}

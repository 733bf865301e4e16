//! Reads: one read transaction per committed group, shared by every reader.

use std::sync::Arc;

use bytes::Bytes;
use redb::{Database, ReadOnlyTable, ReadTransaction, ReadableDatabase, ReadableTable};

use crate::data_file::{ENTRIES, decode, guarded};
use keyfront_engine::{Entry, Range, Snapshot, StoreError, Version, bounds};

/// The most entries of a read that the caller's own thread looks up. A page of a list, which is up to 101
/// entries, takes less time than it takes to hand it to another thread.
const INLINE_ENTRIES: usize = 256;

/// The committed state after one group. It stays as it is, whatever is written later.
pub(crate) struct View {
    pub(crate) version: Version,
    /// Grows by one each time the data file is opened again.
    pub(crate) generation: u64,
    entries: ReadOnlyTable<&'static [u8], &'static [u8]>,
    /// Holds the pages of `entries`.
    _transaction: ReadTransaction,
}

impl View {
    pub(crate) fn open(database: &Database, version: Version, generation: u64) -> Result<View, redb::Error> {
        let transaction = database.begin_read()?;
        let entries = transaction.open_table(ENTRIES)?;
        Ok(View { version, generation, entries, _transaction: transaction })
    }

    /// The entries of each range.
    pub(crate) fn read(&self, ranges: &[Range]) -> Result<Snapshot, redb::Error> {
        let ranges = guarded(|| ranges.iter().map(|range| self.read_range(range)).collect())?;
        Ok(Snapshot { version: self.version, ranges })
    }

    /// Every entry in key order, as stored.
    pub(crate) fn entries(&self) -> Result<redb::Range<'_, &'static [u8], &'static [u8]>, redb::Error> {
        Ok(self.entries.iter()?)
    }

    fn read_range(&self, range: &Range) -> Result<Vec<Entry>, redb::Error> {
        if range.is_empty() {
            return Ok(Vec::new());
        }
        if range.is_one_key() {
            let found = self.entries.get(&*range.start)?;
            return found.map(|stored| entry(range.start.clone(), stored.value())).into_iter().collect();
        }
        self.entries
            .range::<&[u8]>(bounds(&range.start, &range.end))?
            .take(range.limit)
            .map(|found| {
                let (key, stored) = found?;
                entry(Bytes::copy_from_slice(key.value()), stored.value())
            })
            .collect()
    }
}

fn entry(key: Bytes, stored: &[u8]) -> Result<Entry, redb::Error> {
    let (version, value) = decode(stored).ok_or_else(|| damaged(&key))?;
    Ok(Entry { key, value: Bytes::copy_from_slice(value), version })
}

/// What a caller is told whose entries, or the way to them, lie in a damaged page.
pub(crate) fn damaged_data(error: Arc<redb::Error>) -> StoreError {
    let message =
        "the data file is damaged where it lies; whatever lies elsewhere is served. Check the data with \
                   `keyfront check`, and restore a backup"
            .to_owned();
    StoreError::Damaged { message, source: Some(error) }
}

pub(crate) fn damaged(key: &[u8]) -> redb::Error {
    redb::Error::Corrupted(format!("the entry {:?} has no version", key.escape_ascii().to_string()))
}

/// True when a read is small enough for the caller's thread.
pub(crate) fn is_small(ranges: &[Range]) -> bool {
    ranges.iter().fold(0, |sum: usize, range| sum.saturating_add(range.limit)) <= INLINE_ENTRIES
}

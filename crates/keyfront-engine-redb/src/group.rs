//! One group: batches that arrived together, in one redb transaction with one flush to disk.

use redb::{ReadableTable, Table, WriteTransaction};

use crate::data_file::{DataFile, ENTRIES, META, PREFIX_BYTES, VERSION, decode, guarded};
use crate::view::damaged;
use keyfront_engine::{Batch, Cause, Check, Outcome, StoreError, Version, Write, bounds, is_no_range};

type Entries<'a> = Table<'a, &'static [u8], &'static [u8]>;

/// How a group was not committed.
pub(crate) enum Failed {
    /// What a batch reads or writes lies in a damaged page. The group was taken back, and the next can be committed.
    Damaged(redb::Error),
    /// Anything else: whether the group was committed is for the disk to say.
    Other(redb::Error),
}

/// Evaluates and applies the batches in order and makes them durable, provided that the disk did not
/// fail, which the caller asks it. The answer names each batch's outcome and the version after them.
///
/// Every check of a batch is evaluated before any of its writes is applied, so a conflict has written
/// nothing and needs no savepoint.
pub(crate) fn commit<'a>(
    file: &DataFile,
    after: Version,
    batches: impl Iterator<Item = &'a Batch>,
) -> Result<(Vec<Outcome>, Version), Failed> {
    let transaction = guarded(|| begin(file)).map_err(Failed::Other)?;
    match guarded(|| apply_all(&transaction, after, batches)) {
        Ok((outcomes, version)) => {
            if version > after {
                guarded(|| finish(transaction, version)).map_err(Failed::Other)?;
            }
            Ok((outcomes, version))
        }
        // The panic did not reach the transaction, so it still can be taken back.
        Err(error) => match guarded(|| Ok(transaction.abort()?)) {
            Ok(()) if matches!(error, redb::Error::Corrupted(_)) => Err(Failed::Damaged(error)),
            Ok(()) => Err(Failed::Other(error)),
            Err(failed) => Err(Failed::Other(failed)),
        },
    }
}

fn apply_all<'a>(
    transaction: &WriteTransaction,
    after: Version,
    batches: impl Iterator<Item = &'a Batch>,
) -> Result<(Vec<Outcome>, Version), redb::Error> {
    let mut version = after;
    let mut outcomes = Vec::with_capacity(batches.size_hint().0);
    let mut entries = transaction.open_table(ENTRIES)?;
    for batch in batches {
        let is_unchanged = batch.unchanged_since.is_none_or(|since| since == version);
        if !is_unchanged || !hold(&entries, &batch.checks)? {
            outcomes.push(Outcome::Conflict);
            continue;
        }
        if !batch.writes.is_empty() {
            version = version.next();
            for write in &batch.writes {
                apply(&mut entries, write, version)?;
            }
        }
        outcomes.push(Outcome::Committed(version));
    }
    Ok((outcomes, version))
}

/// Makes a commit durable that changes nothing but records the free space, which the next commit
/// voids: an open that finds the record does not read the file through.
pub(crate) fn commit_nothing(file: &DataFile, version: Version) -> Result<(), redb::Error> {
    let mut transaction = begin(file)?;
    transaction.set_quick_repair(true);
    finish(transaction, version)
}

fn begin(file: &DataFile) -> Result<WriteTransaction, redb::Error> {
    file.disk.begin();
    let mut transaction = file.database.get()?.begin_write()?;
    // What `Disk::may_have_committed` says rests on it.
    transaction.set_two_phase_commit(true);
    Ok(transaction)
}

fn finish(transaction: WriteTransaction, version: Version) -> Result<(), redb::Error> {
    transaction.open_table(META)?.insert(VERSION, version.0)?;
    Ok(transaction.commit()?)
}

fn hold(entries: &Entries<'_>, checks: &[Check]) -> Result<bool, redb::Error> {
    for check in checks {
        let found = match entries.get(&*check.key)? {
            Some(stored) => decode(stored.value()).ok_or_else(|| damaged(&check.key))?.0,
            None => Version::NEVER,
        };
        if found != check.version {
            return Ok(false);
        }
    }
    Ok(true)
}

fn apply(entries: &mut Entries<'_>, write: &Write, version: Version) -> Result<(), redb::Error> {
    match write {
        Write::Put { key, value } => {
            let mut stored = entries.insert_reserve(&**key, PREFIX_BYTES + value.len())?;
            if let Some((prefix, rest)) = stored.as_mut().split_first_chunk_mut::<PREFIX_BYTES>() {
                *prefix = version.0.to_be_bytes();
                rest.copy_from_slice(value);
            }
        }
        Write::Delete { key } => {
            entries.remove(&**key)?;
        }
        Write::DeleteRange { start, end } => {
            if !is_no_range(start, end) {
                // A damaged page is met here, where nothing was changed yet, and not in the middle of the removal.
                for found in entries.range::<&[u8]>(bounds(start, end))? {
                    found?;
                }
                entries.retain_in::<&[u8], _>(bounds(start, end), |_, _| false)?;
            }
        }
    }
    Ok(())
}

/// The error for a batch of a group that failed.
pub(crate) fn failed(is_known: bool, message: &str, source: &Cause) -> StoreError {
    let (message, source) = (message.to_owned(), Some(source.clone()));
    if is_known {
        StoreError::NotWritten { message, source }
    } else {
        StoreError::OutcomeUnknown { message, source }
    }
}

/// The error for a batch that was not tried, because of an earlier failure.
pub(crate) fn refused(message: &str, source: &Cause) -> StoreError {
    StoreError::Refused { message: message.to_owned(), source: Some(source.clone()) }
}

//! Batches whose outcome is not known until the store is read again.

use crate::data::types::StoredPairs;
use crate::plan::Batch;

/// A batch that was sent more than once and refused as stale in the end: its first answer may have been lost, and the
/// last attempt met its own effect, or a write of another client. Only the store tells.
pub(super) struct UnconfirmedBatch {
    /// Keys, and the values they would have; none for those that would be gone.
    wanted: Vec<(String, Option<String>)>,
    pub(super) counts: ChangeCounts,
}

/// How many keys a batch adds, changes and removes.
#[derive(Clone, Copy)]
pub(super) struct ChangeCounts {
    pub(super) added: u64,
    pub(super) changed: u64,
    pub(super) removed: u64,
}

impl ChangeCounts {
    pub(super) fn of(batch: &Batch<'_>, stored: &StoredPairs) -> ChangeCounts {
        let changed = batch.puts.iter().filter(|(key, _)| stored.pairs.get(key).is_some()).count();
        ChangeCounts {
            added: count(batch.puts.len() - changed),
            changed: count(changed),
            removed: count(batch.deletes.len()),
        }
    }
}

impl UnconfirmedBatch {
    pub(super) fn of(batch: &Batch<'_>, counts: ChangeCounts) -> UnconfirmedBatch {
        let puts = batch.puts.iter().map(|(key, value)| ((*key).to_owned(), Some((*value).to_owned())));
        let deletes = batch.deletes.iter().map(|key| ((*key).to_owned(), None));
        UnconfirmedBatch { wanted: puts.chain(deletes).collect(), counts }
    }

    pub(super) fn is_in(&self, stored: &StoredPairs) -> bool {
        self.wanted.iter().all(|(key, value)| stored.pairs.get(key) == value.as_deref())
    }
}

/// A length as the counts have it.
pub(super) fn count(number: usize) -> u64 {
    u64::try_from(number).unwrap_or(u64::MAX)
}

//! The reads and writes of a transaction.

use std::collections::BTreeMap;

use bytes::Bytes;

use crate::{Batch, Check, Entry, Range, Snapshot, Version, Write};
use keyfront_engine::bounds;

/// What a key will hold after the commit.
#[derive(Clone)]
pub(super) enum Pending {
    /// A value.
    Value(Bytes),
    /// Nothing.
    Removed,
}

/// Reads and writes so far.
#[derive(Default)]
#[expect(clippy::struct_excessive_bools, reason = "each is a fact of its own about what was read")]
pub(super) struct State {
    /// The keys that were read, each as it was found first.
    reads: BTreeMap<Bytes, Option<Entry>>,
    /// The ranges that are to be removed, before anything is written.
    removed: Vec<Range>,
    /// The last write of each key.
    writes: BTreeMap<Bytes, Pending>,
    /// The version of the first read.
    moment: Option<Version>,
    /// Other reads were of other versions.
    several_moments: bool,
    /// A key was found in two versions, so what was read never held at one moment.
    torn: bool,
    /// A commit is wanted even without writes.
    pub(super) confirm: bool,
    /// Something was read that may be of a moment ago.
    pub(super) recent: bool,
}

impl State {
    /// Whether a key's value is known without another read.
    pub(super) fn knows(&self, key: &Bytes) -> bool {
        self.reads.contains_key(key) || self.written(key).is_some()
    }

    /// The value of a key that [is known](State::knows).
    pub(super) fn value(&self, key: &Bytes) -> Option<Bytes> {
        match self.written(key) {
            Some(Pending::Value(value)) => Some(value),
            Some(Pending::Removed) => None,
            None => self.reads.get(key)?.as_ref().map(|entry| entry.value.clone()),
        }
    }

    /// What this transaction left under a key, if it wrote or removed it.
    fn written(&self, key: &Bytes) -> Option<Pending> {
        let removed = || self.removed.iter().any(|range| holds(range, key)).then_some(Pending::Removed);
        self.writes.get(key).cloned().or_else(removed)
    }

    pub(super) fn remember(&mut self, key: Bytes, entry: Option<Entry>) {
        let found = entry.as_ref().map(|entry| entry.version);
        let known = self.reads.entry(key).or_insert(entry);
        self.torn |= known.as_ref().map(|entry| entry.version) != found;
    }

    pub(super) fn read_at(&mut self, version: Version) {
        self.several_moments |= *self.moment.get_or_insert(version) != version;
    }

    pub(super) fn write(&mut self, key: Bytes, pending: Pending) {
        self.writes.insert(key, pending);
    }

    pub(super) fn remove(&mut self, range: Range) {
        if !range.is_empty() {
            self.writes.retain(|key, _| !holds(&range, key));
            self.removed.push(range);
        }
    }

    /// The range to read so that [`overlay`](State::overlay) finds enough of it: what this transaction removed
    /// takes no place under a limit.
    pub(super) fn underlay(&self, range: &Range) -> Range {
        if self.writes_nothing() || range.is_empty() {
            range.clone()
        } else {
            range.clone().limit(usize::MAX)
        }
    }

    /// The entries of a range as this transaction left them.
    pub(super) fn overlay(&self, found: Vec<Entry>, range: &Range) -> Vec<Entry> {
        if self.writes_nothing() || range.is_empty() {
            return found;
        }
        let kept = found.into_iter().filter(|entry| self.written(&entry.key).is_none());
        let mut entries: BTreeMap<_, _> = kept.map(|entry| (entry.key.clone(), entry)).collect();
        for (key, pending) in self.writes.range::<[u8], _>(bounds(&range.start, &range.end)) {
            if let Pending::Value(value) = pending.clone() {
                entries.insert(key.clone(), Entry { key: key.clone(), value, version: Version::NEVER });
            }
        }
        entries.into_values().take(range.limit).collect()
    }

    fn writes_nothing(&self) -> bool {
        self.writes.is_empty() && self.removed.is_empty()
    }

    /// Whether there is something to commit, and a chance that it holds.
    pub(super) fn commits(&self) -> bool {
        !self.torn && (!self.writes_nothing() || self.confirm)
    }

    /// The batch that commits what was written, if anything is to be committed.
    pub(super) fn take_batch(&mut self) -> Option<Batch> {
        if !self.commits() {
            return None;
        }
        let removed = std::mem::take(&mut self.removed).into_iter();
        let removed = removed.map(|range| Write::DeleteRange { start: range.start, end: range.end });
        let writes = std::mem::take(&mut self.writes).into_iter().map(|(key, pending)| match pending {
            Pending::Value(value) => Write::Put { key, value },
            Pending::Removed => Write::Delete { key },
        });
        let checks = self.reads.iter().map(|(key, entry)| Check {
            key: key.clone(),
            version: entry.as_ref().map_or(Version::NEVER, |entry| entry.version),
        });
        Some(Batch {
            checks: checks.collect(),
            writes: removed.chain(writes).collect(),
            unchanged_since: None,
        })
    }

    /// The keys to read once more before what was decided is believed; nothing when all was of one moment.
    pub(super) fn to_confirm(&self) -> Option<Vec<Bytes>> {
        (self.torn || self.several_moments).then(|| self.reads.keys().cloned().collect())
    }

    /// Whether a read of [the keys](State::to_confirm) found all of them as they were.
    pub(super) fn matches(&self, snapshot: &Snapshot) -> bool {
        let found = snapshot.ranges.iter().map(|range| range.first().map(|entry| entry.version));
        let read = self.reads.values().map(|entry| entry.as_ref().map(|entry| entry.version));
        !self.torn && found.eq(read)
    }
}

fn holds(range: &Range, key: &[u8]) -> bool {
    key >= &range.start[..] && (range.end.is_empty() || key < &range.end[..])
}

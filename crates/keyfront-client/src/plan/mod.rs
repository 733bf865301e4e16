//! The difference between what a store holds and what it is to hold, and the requests that make it so.
//!
//! Pure: the caller reads the store, shows the plan to a person, and sends the requests.

mod batch;
mod error;

use std::fmt;

use keyfront_domain::pairs::{Totals, size};

pub use self::batch::Batch;
pub use self::error::{NotUnderPrefix, Unwritable};
use crate::Pairs;

/// Which of a store's keys are the caller's to change.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Ownership {
    /// Whether owned keys that are not wanted are removed. Without it nothing is ever removed.
    pub exclusive: bool,
    /// The keys that are owned, by how they begin; all keys when it is empty.
    pub prefix: String,
}

impl Ownership {
    fn covers(&self, key: &str) -> bool {
        key.starts_with(&self.prefix)
    }
}

/// What happens to one key. `Debug` shows sizes, never a value.
#[derive(Clone, Copy, PartialEq, Eq)]
pub enum Change<'a> {
    /// The store does not have the key yet.
    Added {
        /// The value to put.
        value: &'a str,
    },
    /// The store has another value.
    Changed {
        /// The value that the store has.
        old: &'a str,
        /// The value to put.
        new: &'a str,
    },
    /// The store has the key and is not to have it.
    Removed {
        /// The value that the store has.
        old: &'a str,
    },
}

impl fmt::Debug for Change<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Change::Added { value } => write!(f, "Added({} bytes)", value.len()),
            Change::Changed { old, new } => write!(f, "Changed({} to {} bytes)", old.len(), new.len()),
            Change::Removed { old } => write!(f, "Removed({} bytes)", old.len()),
        }
    }
}

/// A key and what happens to it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Entry<'a> {
    /// The key.
    pub key: &'a str,
    /// What happens to it.
    pub change: Change<'a>,
}

impl<'a> Entry<'a> {
    /// What the pair adds to a store's size before, in bytes.
    fn bytes_before(&self) -> u64 {
        match self.change {
            Change::Added { .. } => 0,
            Change::Changed { old, .. } | Change::Removed { old } => size(self.key, old),
        }
    }

    /// What the pair adds to a store's size afterwards, in bytes.
    fn bytes_after(&self) -> u64 {
        self.wanted().map_or(0, |value| size(self.key, value))
    }

    /// What the pair costs in a request, in bytes: a removal names the key alone.
    fn bytes_sent(&self) -> u64 {
        size(self.key, self.wanted().unwrap_or_default())
    }

    /// The value to put; none for a removal.
    fn wanted(&self) -> Option<&'a str> {
        match self.change {
            Change::Added { value } => Some(value),
            Change::Changed { new, .. } => Some(new),
            Change::Removed { .. } => None,
        }
    }
}

/// How many keys a plan changes, and how many it leaves.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Counts {
    /// Keys that the store does not have yet.
    pub added: usize,
    /// Keys that get another value.
    pub changed: usize,
    /// Keys that go.
    pub removed: usize,
    /// Wanted keys that have their value already.
    pub unchanged: usize,
    /// Keys of the store that are not wanted and stay: they are not owned, or nothing is removed.
    pub kept: usize,
}

/// What is to be written so that a store holds what is wanted.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Plan<'a> {
    entries: Vec<Entry<'a>>,
    counts: Counts,
    before: Totals,
    after: Totals,
}

impl<'a> Plan<'a> {
    /// Compares everything that a store holds with what is wanted.
    pub fn new(
        current: &'a Pairs,
        wanted: &'a Pairs,
        ownership: &Ownership,
    ) -> Result<Plan<'a>, NotUnderPrefix> {
        let foreign = wanted.iter().map(|(key, _)| key).filter(|key| !ownership.covers(key));
        let foreign: Vec<String> = foreign.map(str::to_owned).collect();
        if !foreign.is_empty() {
            return Err(NotUnderPrefix { prefix: ownership.prefix.clone(), keys: foreign });
        }
        let mut counts = Counts::default();
        let mut entries = Vec::new();
        for (key, value) in wanted {
            let change = match current.get(key) {
                None => Change::Added { value },
                Some(old) if old != value => Change::Changed { old, new: value },
                Some(_) => {
                    counts.unchanged += 1;
                    continue;
                }
            };
            entries.push(Entry { key, change });
        }
        for (key, old) in current.iter().filter(|(key, _)| wanted.get(key).is_none()) {
            if ownership.exclusive && ownership.covers(key) {
                entries.push(Entry { key, change: Change::Removed { old } });
            } else {
                counts.kept += 1;
            }
        }
        entries.sort_unstable_by_key(|entry| entry.key);
        let before = current.totals();
        let mut after = before;
        for entry in &entries {
            match entry.change {
                Change::Added { .. } => {
                    counts.added += 1;
                    after.item_count += 1;
                }
                Change::Changed { .. } => counts.changed += 1,
                Change::Removed { .. } => {
                    counts.removed += 1;
                    after.item_count -= 1;
                }
            }
            after.total_size_in_bytes += entry.bytes_after();
            after.total_size_in_bytes -= entry.bytes_before();
        }
        Ok(Plan { entries, counts, before, after })
    }

    /// The keys that change, in the order of their bytes.
    pub fn entries(&self) -> &[Entry<'a>] {
        &self.entries
    }

    /// Whether there is nothing to write.
    pub fn is_empty(&self) -> bool {
        self.entries.is_empty()
    }

    /// How many keys change, and how many do not.
    pub fn counts(&self) -> Counts {
        self.counts
    }

    /// The whole store's number and size of pairs before anything is written.
    pub fn before(&self) -> Totals {
        self.before
    }

    /// The whole store's number and size of pairs when everything is written.
    pub fn after(&self) -> Totals {
        self.after
    }
}

#[cfg(test)]
mod tests;

//! The difference between what a store holds and what it is to hold.

use keyfront_domain::pairs::Totals;

use super::change::{Change, PlannedChange};
use super::error::NotUnderPrefix;
use crate::pairs::Pairs;

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
    pub(super) changes: Vec<PlannedChange<'a>>,
    counts: Counts,
    pub(super) before: Totals,
    pub(super) after: Totals,
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
        let mut changes = Vec::new();
        for (key, value) in wanted {
            let change = match current.get(key) {
                None => Change::Added { value },
                Some(old) if old != value => Change::Changed { old, new: value },
                Some(_) => {
                    counts.unchanged += 1;
                    continue;
                }
            };
            changes.push(PlannedChange { key, change });
        }
        for (key, old) in current.iter().filter(|(key, _)| wanted.get(key).is_none()) {
            if ownership.exclusive && ownership.covers(key) {
                changes.push(PlannedChange { key, change: Change::Removed { old } });
            } else {
                counts.kept += 1;
            }
        }
        changes.sort_unstable_by_key(|planned| planned.key);
        let before = current.totals();
        let mut after = before;
        for planned in &changes {
            match planned.change {
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
            after.total_size_in_bytes += planned.bytes_after();
            after.total_size_in_bytes -= planned.bytes_before();
        }
        Ok(Plan { changes, counts, before, after })
    }

    /// The keys that change, in the order of their bytes.
    pub fn changes(&self) -> &[PlannedChange<'a>] {
        &self.changes
    }

    /// Whether the store already holds what it is to hold.
    pub fn is_empty(&self) -> bool {
        self.changes.is_empty()
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

//! Reads what the engine holds in the form of a saved state, in which all pairs are of the first generation.

use std::collections::HashMap;

use keyfront_domain::arn::KeyValueStoreArn;

use crate::records::{Generation, PairsRecord, damaged};
use crate::{Engine, Entry, Range, StoreError, Version, keyspace};

/// What the engine holds at one moment.
pub(super) struct HeldEntries {
    /// That of the last commit then.
    pub(super) version: Version,
    /// The entries of [`keyspace::restorable`], with pairs and heads as of the first generation.
    pub(super) entries: Vec<Vec<Entry>>,
    /// The generation of each store that has another than the first.
    pub(super) generations: HashMap<KeyValueStoreArn, Generation>,
}

impl HeldEntries {
    pub(super) async fn read(engine: &dyn Engine) -> Result<HeldEntries, StoreError> {
        let mut ranges = keyspace::restorable();
        ranges.push(Range::prefix(keyspace::staged_pairs()));
        ranges.push(Range::key(keyspace::restoring()));
        let mut snapshot = engine.read(&ranges).await?;
        if snapshot.ranges.pop().is_some_and(|mark| !mark.is_empty()) {
            let message = "another saved state is being put back; try again".to_owned();
            return Err(StoreError::Read { message, source: None });
        }
        let staged = snapshot.ranges.pop().unwrap_or_default();
        let version = snapshot.version;
        let mut held = HeldEntries { version, entries: snapshot.ranges, generations: HashMap::new() };
        held.note_generations()?;
        if !held.generations.is_empty() {
            held.take_current(staged)?;
        }
        Ok(held)
    }

    /// The version at which the engine still holds this; `None` when it holds something else.
    pub(super) async fn last_version(&self, engine: &dyn Engine) -> Result<Option<Version>, StoreError> {
        let again = HeldEntries::read(engine).await?;
        let is_same = again.entries == self.entries && again.generations == self.generations;
        Ok(is_same.then_some(again.version))
    }

    /// Finds the stores whose generation is not the first, and writes their heads as if it were.
    fn note_generations(&mut self) -> Result<(), StoreError> {
        let heads = self.entries.iter_mut().flatten().filter(|entry| keyspace::is_pairs(&entry.key));
        for entry in heads {
            let head = PairsRecord::decode(&entry.value)?;
            if head.generation != Generation::FIRST {
                let store = keyspace::store_of(&entry.key).ok_or_else(|| damaged("pairs"))?;
                self.generations.insert(store, head.generation);
                entry.value = PairsRecord { generation: Generation::FIRST, ..head }.encode();
            }
        }
        Ok(())
    }

    /// Puts the current pairs of those stores where those of the first generation would be.
    fn take_current(&mut self, staged: Vec<Entry>) -> Result<(), StoreError> {
        let ranges = keyspace::restorable();
        let mut entries = Vec::new();
        for entry in std::mem::take(&mut self.entries).into_iter().flatten() {
            let owner =
                if keyspace::is_pair(&entry.key) { keyspace::owner_of_pair(&entry.key) } else { None };
            // Of those stores the first generation is a leftover.
            if owner.is_none_or(|(store, _)| !self.generations.contains_key(&store)) {
                entries.push(entry);
            }
        }
        for entry in staged {
            let (store, generation) = keyspace::owner_of_pair(&entry.key).ok_or_else(|| damaged("pair"))?;
            if self.generations.get(&store) == Some(&generation) {
                let key = keyspace::pair_key(&entry.key).ok_or_else(|| damaged("pair"))?;
                let key = keyspace::pair(&store, Generation::FIRST, key);
                entries.push(Entry { key, ..entry });
            }
        }
        entries.sort_unstable_by(|a, b| a.key.cmp(&b.key));
        self.entries = ranges.iter().map(|range| within(&entries, range)).collect();
        Ok(())
    }
}

/// The entries of a range, out of sorted ones.
pub(super) fn within(entries: &[Entry], range: &Range) -> Vec<Entry> {
    let first = entries.partition_point(|entry| entry.key < range.start);
    let rest = entries.get(first..).unwrap_or_default();
    rest.iter().take_while(|entry| range.end.is_empty() || entry.key < range.end).cloned().collect()
}

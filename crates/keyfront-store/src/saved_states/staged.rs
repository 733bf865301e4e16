//! A restore that is larger than a batch: pairs are staged, and one batch of records makes everything visible. Where
//! the records are more than a batch too, it is made in steps.

use std::collections::BTreeMap;

use keyfront_domain::arn::KeyValueStoreArn;

use super::SavedEntries;
use super::difference::difference;
use super::held::{HeldEntries, within};
use super::journal;
use crate::records::{PairsRecord, damaged, decode_pair};
use crate::stores::leftovers;
use crate::stores::staging::Stage;
use crate::{Batch, Engine, Entry, Outcome, StoreError, Version, apart_from_restores, keyspace};

/// Pairs by store: keys and values, in order.
type PairsByStore<'a> = BTreeMap<KeyValueStoreArn, Vec<(&'a str, &'a str)>>;

/// Makes the engine hold what was saved, unless something changed since `now` was read; `false` then.
///
/// Stores whose pairs are the same keep them. The batch that makes the rest visible holds the records that
/// differ, all others, and a few entries for each store.
pub(super) async fn restore(
    engine: &dyn Engine,
    saved: &SavedEntries,
    now: &HeldEntries,
) -> Result<bool, StoreError> {
    let mut stages = Vec::new();
    let restored = restore_with(engine, saved, now, &mut stages).await;
    if !matches!(restored, Ok(true)) {
        for stage in &stages {
            stage.give_up().await;
        }
    }
    // What cannot be collected now is recorded, and is collected with the next.
    drop(leftovers::collect(engine).await);
    restored
}

async fn restore_with<'e>(
    engine: &'e dyn Engine,
    saved: &SavedEntries,
    now: &HeldEntries,
    stages: &mut Vec<Stage<'e>>,
) -> Result<bool, StoreError> {
    let held: Vec<Entry> = now.entries.iter().flatten().cloned().collect();
    let wanted: Vec<Entry> = saved
        .entries()
        .iter()
        .map(|(key, value)| Entry { key: key.clone(), value: value.clone(), version: Version::NEVER })
        .collect();
    let (held_pairs, mut wanted_pairs) = (by_store(&held)?, by_store(&wanted)?);
    let held_generation = |store: &KeyValueStoreArn| now.generations.get(store).copied().unwrap_or_default();
    let mut batch = Batch::default();
    let mut records = Vec::new();
    for mut entry in wanted.iter().filter(|entry| !keyspace::is_pair(&entry.key)).cloned() {
        if keyspace::is_pairs(&entry.key) {
            let store = keyspace::store_of(&entry.key).ok_or_else(|| damaged("pairs"))?;
            let pairs = wanted_pairs.remove(&store).unwrap_or_default();
            let generation = if held_pairs.get(&store) == Some(&pairs) {
                held_generation(&store)
            } else {
                let stage = Stage::begin(engine, &store).await?;
                let generation = stage.generation();
                let filled = stage.fill(&pairs).await;
                batch = stage.end_in(batch);
                stages.push(stage);
                if !filled? {
                    return Ok(false);
                }
                if held_pairs.contains_key(&store) {
                    batch = batch.put(keyspace::leftover(&store, held_generation(&store)), "");
                }
                generation
            };
            entry.value = PairsRecord { generation, ..PairsRecord::decode(&entry.value)? }.encode();
        }
        records.push((entry.key, entry.value));
    }
    let records = SavedEntries::new(records);
    for store in held_pairs.keys().filter(|store| !records.has(&keyspace::pairs(store).bytes())) {
        batch = batch.put(keyspace::leftover(store, held_generation(store)), "");
    }
    let ranges = keyspace::restorable_records();
    let held: Vec<_> = ranges.iter().map(|range| within(&held, range)).collect();
    // The heads come before the leftovers of what they named, for a restore that is made in steps.
    let mut writes = difference(&ranges, &held, &records).writes;
    writes.append(&mut batch.writes);
    batch.writes = writes;
    let in_one = apart_from_restores(batch.clone());
    if !engine.limits().admit(&in_one) {
        return journal::restore(engine, batch, now).await;
    }
    // What was staged is new, and nothing else may be.
    let Some(version) = now.last_version(engine).await? else { return Ok(false) };
    Ok(engine.commit(in_one.unchanged_since(version)).await? != Outcome::Conflict)
}

/// The pairs of each store that has a head, in their order.
fn by_store(entries: &[Entry]) -> Result<PairsByStore<'_>, StoreError> {
    let mut stores = PairsByStore::new();
    for entry in entries {
        if keyspace::is_pairs(&entry.key) {
            stores.entry(keyspace::store_of(&entry.key).ok_or_else(|| damaged("pairs"))?).or_default();
        } else if keyspace::is_pair(&entry.key) {
            let (store, _) = keyspace::owner_of_pair(&entry.key).ok_or_else(|| damaged("pair"))?;
            let key = keyspace::pair_key(&entry.key).ok_or_else(|| damaged("pair"))?;
            stores.entry(store).or_default().push((key, decode_pair(&entry.value)?));
        }
    }
    Ok(stores)
}

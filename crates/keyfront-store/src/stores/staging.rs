//! Staging: what is larger than a batch of the engine becomes visible in one small commit.
//!
//! A stage writes all pairs of a store under a new generation, in as many batches as the engine's limits ask for;
//! nothing reads that generation yet. Then one batch makes the store's head name it, and the generation before it
//! becomes a leftover. Readers see the pairs before or those after. A stage that breaks off, at whatever commit,
//! leaves the store as it was; what it wrote is recorded before it is written, so that it can be
//! [collected](super::leftovers).

use std::collections::BTreeMap;
use std::sync::{Mutex, PoisonError};

use bytes::Bytes;
use keyfront_domain::arn::KeyValueStoreArn;

use super::entries::pair;
use super::leftovers::collect;
use crate::records::{Generation, PairsRecord, encode_pair};
use crate::{Batch, Engine, Limits, Outcome, Range, StoreError, Transaction, Version, keyspace};

/// A generation that is being written.
pub(crate) struct Stage<'e> {
    engine: &'e dyn Engine,
    store: KeyValueStoreArn,
    /// The entry that records the stage, and its version, which is the generation.
    entry: (Bytes, Version),
}

impl<'e> Stage<'e> {
    /// Begins a generation of a store, which need not exist yet.
    pub(crate) async fn begin(
        engine: &'e dyn Engine,
        store: &KeyValueStoreArn,
    ) -> Result<Stage<'e>, StoreError> {
        loop {
            let snapshot = engine.read(&[]).await?;
            let key = keyspace::stage(store, snapshot.version);
            let batch = Batch::default().absent(key.clone()).put(key.clone(), "");
            if let Outcome::Committed(version) = engine.commit(batch).await? {
                return Ok(Stage { engine, store: *store, entry: (key, version) });
            }
        }
    }

    pub(crate) fn generation(&self) -> Generation {
        Generation::of(self.entry.1)
    }

    /// Writes pairs; `false` when the stage was ended by another, who took it for a leftover.
    pub(crate) async fn fill(&self, pairs: &[(&str, &str)]) -> Result<bool, StoreError> {
        let limits = self.engine.limits();
        let mut batch = self.batch();
        let mut bytes = batch.size_bytes();
        for (key, value) in pairs {
            let key = keyspace::pair(&self.store, self.generation(), key);
            let value = encode_pair(value);
            let size = key.len() + value.len();
            if batch.writes.len() == limits.writes || bytes + size > limits.bytes {
                let full = std::mem::replace(&mut batch, self.batch());
                if self.engine.commit(full).await? == Outcome::Conflict {
                    return Ok(false);
                }
                bytes = batch.size_bytes();
            }
            bytes += size;
            batch = batch.put(key, value);
        }
        Ok(batch.writes.is_empty() || self.engine.commit(batch).await? != Outcome::Conflict)
    }

    /// A batch that commits only while the stage is there.
    fn batch(&self) -> Batch {
        let (key, version) = &self.entry;
        Batch::default().check(key.clone(), *version)
    }

    /// Adds to the batch that makes the generation visible that it is no longer a stage.
    pub(crate) fn end_in(&self, batch: Batch) -> Batch {
        let (key, version) = &self.entry;
        batch.check(key.clone(), *version).delete(key.clone())
    }

    /// Makes the generation current together with what a transaction writes, which names it in the store's head.
    ///
    /// # Errors
    /// The stage was ended by another.
    pub(super) async fn end(&self, tx: &Transaction<'_>) -> Result<(), StoreError> {
        if tx.get_raw(&self.entry.0).await?.is_none() {
            let message = "what was staged was given up meanwhile; try again".to_owned();
            return Err(StoreError::NotWritten { message, source: None });
        }
        tx.delete_raw(self.entry.0.clone());
        Ok(())
    }

    /// Ends what was begun: what was written is given up unless it became current. Then leftovers are collected.
    pub(super) async fn conclude(&self, became_current: bool) {
        if !became_current {
            self.give_up().await;
        }
        // What cannot be collected now is recorded, and is collected with the next.
        drop(collect(self.engine).await);
    }

    /// Makes a leftover of what was written. Where that fails too, the entry of the stage stays and the next start
    /// does it; where the generation became visible after all, or a restore that was decided makes it so, there is
    /// nothing to give up.
    pub(crate) async fn give_up(&self) {
        let leftover = keyspace::leftover(&self.store, self.generation());
        let batch = self.end_in(Batch::default()).absent(keyspace::restoring()).put(leftover, "");
        drop(self.engine.commit(batch).await);
    }
}

/// Room in a batch for what is written beside pairs: writes and bytes.
const OTHER_WRITES: usize = 24;
const OTHER_BYTES: usize = 16 << 10;

/// What a change of pairs writes beside them, which is the head: writes, and more than its bytes with those of the checks.
const HEAD_WRITES: usize = 1;
const HEAD_BYTES: usize = 256;

/// Stages these pairs as all pairs of a store, if they are too much for one batch, or if `always`.
pub(super) async fn stage_all<'e>(
    engine: &'e dyn Engine,
    store: &KeyValueStoreArn,
    pairs: &[(String, String)],
    always: bool,
) -> Result<Option<Stage<'e>>, StoreError> {
    let limits = engine.limits();
    let prefix = keyspace::pairs_of(store, Generation::FIRST).len();
    let bytes: usize = pairs.iter().map(|(key, value)| prefix + key.len() + 1 + value.len()).sum();
    let is_small = pairs.len().saturating_add(OTHER_WRITES) <= limits.writes
        && bytes.saturating_add(OTHER_BYTES) <= limits.bytes;
    if is_small && !always {
        return Ok(None);
    }
    let stage = Stage::begin(engine, store).await?;
    let pairs: Vec<_> = pairs.iter().map(|(key, value)| (key.as_str(), value.as_str())).collect();
    match stage.fill(&pairs).await {
        // That it was ended by another is found out when it is to become current.
        Ok(_) => Ok(Some(stage)),
        Err(error) => {
            stage.conclude(false).await;
            Err(error)
        }
    }
}

/// Stages that the runs of one transaction began. Of those at most one becomes current.
#[derive(Default)]
pub(super) struct Stages<'e>(Mutex<Vec<Stage<'e>>>);

impl<'e> Stages<'e> {
    /// Ends them: what did not become current is given up. Then leftovers are collected.
    pub(super) async fn conclude(&self, engine: &'e dyn Engine, current: Option<Generation>) {
        let stages = std::mem::take(&mut *self.0.lock().unwrap_or_else(PoisonError::into_inner));
        if stages.is_empty() {
            return;
        }
        for stage in stages.iter().filter(|stage| Some(stage.generation()) != current) {
            stage.give_up().await;
        }
        // What cannot be collected now is recorded, and is collected with the next.
        drop(collect(engine).await);
    }

    fn add(&self, stage: Stage<'e>) {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).push(stage);
    }
}

/// A change of a store's pairs, in a transaction that has read their head.
pub(super) struct Change<'a> {
    /// The store.
    pub(super) store: &'a KeyValueStoreArn,
    /// Its head before.
    pub(super) before: &'a PairsRecord,
    /// Its head afterwards, but for the generation.
    pub(super) after: PairsRecord,
    /// What becomes of which keys.
    pub(super) pairs: &'a [(&'a str, Option<&'a str>)],
}

impl Change<'_> {
    /// Writes it: in place where that is one batch of the engine, staged where it is more. Answers the head
    /// afterwards.
    pub(super) async fn write<'e>(
        self,
        tx: &Transaction<'e>,
        stages: &Stages<'e>,
    ) -> Result<PairsRecord, StoreError> {
        let mut after = self.after;
        if self.fits(tx.engine().limits()) {
            for (key, value) in self.pairs {
                let key = keyspace::pair(self.store, after.generation, key);
                match value {
                    Some(value) => tx.put_raw(key, encode_pair(value)),
                    None => tx.delete_raw(key),
                }
            }
        } else {
            after.generation = self.stage(tx, stages).await?;
        }
        tx.put(&keyspace::pairs(self.store), &after)?;
        Ok(after)
    }

    /// Whether the change is one batch: its pairs, and what is written and checked beside them.
    fn fits(&self, limits: Limits) -> bool {
        let prefix = keyspace::pairs_of(self.store, self.before.generation).len();
        let size = |(key, value): &(&str, Option<&str>)| {
            prefix + key.len() + value.map_or(0, |value| 1 + value.len())
        };
        let bytes: usize = self.pairs.iter().map(size).sum();
        self.pairs.len().saturating_add(HEAD_WRITES) <= limits.writes
            && bytes.saturating_add(HEAD_BYTES) <= limits.bytes
    }

    /// Stages the pairs as they are after the change, and makes them current with the transaction.
    async fn stage<'e>(&self, tx: &Transaction<'e>, stages: &Stages<'e>) -> Result<Generation, StoreError> {
        let old = Range::prefix(keyspace::pairs_of(self.store, self.before.generation));
        let found = tx.entries(&[old], &keyspace::pairs(self.store)).await?;
        let mut pairs = found.iter().flatten().map(pair).collect::<Result<BTreeMap<_, _>, _>>()?;
        for (key, value) in self.pairs {
            match value {
                Some(value) => pairs.insert(key, value),
                None => pairs.remove(key),
            };
        }
        let stage = Stage::begin(tx.engine(), self.store).await?;
        let generation = stage.generation();
        let filled = stage.fill(&pairs.into_iter().collect::<Vec<_>>()).await;
        let ended = stage.end(tx).await;
        stages.add(stage);
        filled?;
        ended?;
        tx.put_raw(keyspace::leftover(self.store, self.before.generation), Bytes::new());
        Ok(generation)
    }
}

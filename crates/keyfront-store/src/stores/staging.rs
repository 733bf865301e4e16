//! Staging: what is larger than a batch of the engine becomes visible in one small commit.
//!
//! A stage writes all pairs of a store under a new generation, in as many batches as the engine's limits ask for;
//! nothing reads that generation yet. Then one batch makes the store's head name it, and the generation before it
//! becomes a leftover. Readers see the pairs before or those after. A stage that breaks off, at whatever commit,
//! leaves the store as it was; what it wrote is recorded before it is written, so that it can be
//! [collected](super::leftovers).

use std::collections::BTreeMap;

use keyfront_domain::arn::KeyValueStoreArn;

use super::entries::pair;
use super::leftovers::collect;
use crate::records::{Generation, PairsRecord, encode_pair};
use crate::{Batch, Engine, Outcome, Range, StoreError, Transaction, Version, guarded, keyspace};

/// A generation that is being written.
pub(crate) struct Stage<'e> {
    engine: &'e dyn Engine,
    store: KeyValueStoreArn,
    /// The entry that records the stage, and its version, which is the generation.
    entry: (bytes::Bytes, Version),
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

    /// Writes the pairs and commits the batch that makes them visible; `false` when that conflicts. Unless it
    /// is committed, what was written is given up.
    pub(crate) async fn publish(self, pairs: &[(&str, &str)], batch: Batch) -> Result<bool, StoreError> {
        let published = match self.fill(pairs).await {
            Ok(true) => {
                let outcome = self.engine.commit(guarded(self.end_in(batch))).await;
                outcome.map(|outcome| outcome != Outcome::Conflict)
            }
            failed @ (Ok(false) | Err(_)) => failed,
        };
        self.conclude(matches!(published, Ok(true))).await;
        published
    }

    /// Makes a leftover of what was written. Where that fails too, the entry of the stage stays and the next start
    /// does it; where the generation became visible after all, there is nothing to give up.
    pub(crate) async fn give_up(&self) {
        let leftover = keyspace::leftover(&self.store, self.generation());
        drop(self.engine.commit(self.end_in(Batch::default()).put(leftover, "")).await);
    }
}

/// Room in a batch for what is written beside pairs: writes and bytes.
const OTHER_WRITES: usize = 24;
const OTHER_BYTES: usize = 16 << 10;

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

/// A change of a store's pairs that is staged.
pub(super) struct Replacement<'a> {
    /// The store.
    pub(super) store: &'a KeyValueStoreArn,
    /// Its head, which the change rests on, and the version of the head's entry.
    pub(super) before: (&'a PairsRecord, Version),
    /// Its head afterwards, but for the generation.
    pub(super) after: PairsRecord,
    /// What becomes of which keys.
    pub(super) changes: &'a [(&'a str, Option<&'a str>)],
    /// What else is committed with it.
    pub(super) batch: Batch,
}

impl Replacement<'_> {
    /// Stages the pairs as they are after the change, and makes them visible. Answers the head; nothing when
    /// the store changed meanwhile.
    pub(super) async fn publish(self, engine: &dyn Engine) -> Result<Option<PairsRecord>, StoreError> {
        let (before, version) = self.before;
        let head_key = keyspace::pairs(self.store);
        let old = Range::prefix(keyspace::pairs_of(self.store, before.generation));
        let snapshot = engine.read(&[Range::key(head_key.clone()), old]).await?;
        if snapshot.version_of(0) != version {
            return Ok(None);
        }
        let mut pairs = snapshot.range(1).iter().map(pair).collect::<Result<BTreeMap<_, _>, _>>()?;
        for (key, value) in self.changes {
            match value {
                Some(value) => pairs.insert(key, value),
                None => pairs.remove(key),
            };
        }
        let stage = Stage::begin(engine, self.store).await?;
        let after = PairsRecord { generation: stage.generation(), ..self.after };
        let batch = self
            .batch
            .check(head_key.clone(), version)
            .put(head_key, after.encode())
            .put(keyspace::leftover(self.store, before.generation), "");
        let pairs: Vec<_> = pairs.into_iter().collect();
        Ok(stage.publish(&pairs, batch).await?.then_some(after))
    }
}

//! The pairs of key value stores, which functions read.
//!
//! A function reads a store many times per request and never waits for it. The pairs of all stores would be ready a
//! little earlier, but would cost every server the memory of every store, and most stores of a developer's server
//! have no function at all; so a store is loaded when it is first asked for.

use std::collections::HashMap;
use std::sync::Arc;
use std::time::Duration;

use keyfront_domain::arn::KeyValueStoreArn;
use keyfront_domain::pairs::StorePairs;
use keyfront_store::records::{Generation, PairsRecord, Status};
use keyfront_store::stores::entries::{self, PairsEntry};
use keyfront_store::{Engine, Entry, Range, StoreError, Version};

use crate::followed::Followed;
use crate::projection::{Projection, RangeWrite, Written};

/// The pairs of key value stores that follow an engine, by store. Clones share them.
#[derive(Clone)]
pub struct Pairs {
    stores: Followed<ByStore>,
}

impl Pairs {
    /// Follows an engine. Stores that no reader takes for `forget_after` are forgotten. It has to be called on a Tokio
    /// runtime with timers.
    pub fn follow(engine: Arc<dyn Engine>, forget_after: Option<Duration>) -> Pairs {
        Pairs { stores: Followed::follow(engine, ByStore, forget_after) }
    }

    /// The pairs of a store that is loaded: all of them as one commit left them. Never waits.
    ///
    /// `None` if the store is not loaded, and if there is nothing that could be read: it is not ready, its import
    /// failed, or it was deleted.
    pub fn get(&self, store: &KeyValueStoreArn) -> Option<Arc<StorePairs>> {
        self.stores.get(store)?.readable()
    }

    /// Loads a store unless it is loaded, and follows it from now on. The answer is that of [`Pairs::get`].
    ///
    /// Many callers at once cause one read. A store that does not exist is not followed.
    ///
    /// # Errors
    /// The store could not be read. The next call tries again.
    pub async fn load(&self, store: &KeyValueStoreArn) -> Result<Option<Arc<StorePairs>>, StoreError> {
        Ok(self.stores.load(store).await?.and_then(|store| store.readable()))
    }

    /// Gives back the memory of a store now. It can be loaded again.
    pub async fn forget(&self, store: &KeyValueStoreArn) {
        self.stores.forget(store).await;
    }

    /// Whether a store is loaded. It is not kept loaded by that.
    pub fn follows(&self, store: &KeyValueStoreArn) -> bool {
        self.stores.follows(store)
    }

    /// How many stores are loaded.
    pub fn loaded(&self) -> usize {
        self.stores.loaded()
    }

    /// The last commit that is reflected; no loaded store is older.
    pub fn version(&self) -> Version {
        self.stores.version()
    }

    /// Waits until a commit is reflected: from then on readers see what it wrote.
    ///
    /// It waits for as long as the engine cannot be read.
    pub async fn reached(&self, version: Version) {
        self.stores.reached(version).await;
    }
}

/// The projection: a part is a store.
struct ByStore;

/// A store with its pairs.
#[derive(Clone)]
struct Store {
    status: Status,
    generation: Generation,
    pairs: Arc<StorePairs>,
    /// Pairs of other generations, of which the head may name one later.
    staged: HashMap<Generation, StorePairs>,
}

impl Store {
    fn readable(&self) -> Option<Arc<StorePairs>> {
        (self.status == Status::Ready).then(|| Arc::clone(&self.pairs))
    }
}

/// The ranges of a store: its head, the pairs of its first generation, the pairs of all others.
const HEAD: usize = 0;

impl Projection for ByStore {
    type Part = KeyValueStoreArn;
    type Value = Store;

    fn ranges(&self, store: &KeyValueStoreArn) -> Vec<Range> {
        let first = entries::pairs_range(store, Generation::FIRST);
        vec![Range::key(entries::head_key(store)), first, entries::later_pairs_range(store)]
    }

    fn from_snapshot(
        &self,
        _store: &KeyValueStoreArn,
        ranges: &[Vec<Entry>],
    ) -> Result<Option<Store>, StoreError> {
        let Some((head, pairs)) = ranges.split_first() else { return Ok(None) };
        let Some(head) = head.first() else { return Ok(None) };
        let PairsRecord { status, generation, created_ms, modified_ms, .. } =
            entries::read_head(&head.value)?;
        let mut by_generation: HashMap<Generation, Vec<(&str, &str)>> = HashMap::new();
        for entry in pairs.iter().flatten() {
            let pair = entries::read_pair(&entry.key, &entry.value)?;
            by_generation.entry(generation_of(&entry.key)).or_default().push(pair);
        }
        let empty = StorePairs::empty(created_ms, modified_ms);
        let pairs = empty.with(by_generation.remove(&generation).unwrap_or_default());
        let staged =
            by_generation.into_iter().map(|(generation, pairs)| (generation, empty.with(pairs))).collect();
        Ok(Some(Store { status, generation, pairs: Arc::new(pairs), staged }))
    }

    fn apply(
        &self,
        store: &KeyValueStoreArn,
        value: &Store,
        writes: &[RangeWrite<'_>],
    ) -> Result<Option<Store>, StoreError> {
        let mut draft = Draft::of(value);
        for RangeWrite { range, write } in writes {
            if *range == HEAD {
                draft.write_head(*write)?;
            } else {
                draft.write_pairs(store, *write, &self.ranges(store), *range)?;
            }
        }
        Ok(draft.finish())
    }
}

/// The generation of a pair, by the engine's key.
fn generation_of(key: &[u8]) -> Generation {
    match entries::locate(key) {
        Some((_, PairsEntry::Pair(generation))) => generation,
        Some((_, PairsEntry::Head)) | None => Generation::FIRST,
    }
}

/// A store while a commit is applied to it.
struct Draft<'c> {
    /// The generation that was current before.
    before: Generation,
    /// Status, current generation and times; nothing when the store is gone.
    head: Option<(Status, Generation, i64, i64)>,
    generations: HashMap<Generation, StorePairs>,
    /// What is still to be done to the pairs of a generation.
    changes: HashMap<Generation, Vec<(&'c str, Option<&'c str>)>>,
}

impl<'c> Draft<'c> {
    fn of(store: &Store) -> Draft<'c> {
        let Store { status, generation, pairs, staged } = store;
        let head = Some((*status, *generation, pairs.created_ms(), pairs.modified_ms()));
        let mut generations = staged.clone();
        generations.insert(*generation, StorePairs::clone(pairs));
        Draft { before: *generation, head, generations, changes: HashMap::new() }
    }

    fn write_head(&mut self, write: Written<'_>) -> Result<(), StoreError> {
        self.head = match write {
            Written::Put { value, .. } => {
                let head = entries::read_head(value)?;
                Some((head.status, head.generation, head.created_ms, head.modified_ms))
            }
            // The range has one key, so to remove any of it is to remove all.
            Written::Deleted { .. } | Written::Cleared | Written::DeletedRange { .. } => None,
        };
        Ok(())
    }

    /// What is written to the range number `index` of `ranges`.
    fn write_pairs(
        &mut self,
        store: &KeyValueStoreArn,
        write: Written<'c>,
        ranges: &[Range],
        index: usize,
    ) -> Result<(), StoreError> {
        match write {
            Written::Put { key, value } => {
                let (name, value) = entries::read_pair(key, value)?;
                self.changes.entry(generation_of(key)).or_default().push((name, Some(value)));
            }
            Written::Deleted { key } => {
                let name = entries::read_pair_key(key)?;
                self.changes.entry(generation_of(key)).or_default().push((name, None));
            }
            Written::Cleared => {
                if let Some(Range { start, end, .. }) = ranges.get(index) {
                    self.remove(store, start, end);
                }
            }
            Written::DeletedRange { start, end } => self.remove(store, start, end),
        }
        Ok(())
    }

    /// Removes the pairs whose keys in the engine lie from `start` up to, and without, `end`.
    fn remove(&mut self, store: &KeyValueStoreArn, start: &[u8], end: &[u8]) {
        self.work();
        for (generation, pairs) in &mut self.generations {
            let Range { start: first, end: after, .. } = entries::pairs_range(store, *generation);
            if start >= &*after || end <= &*first {
                continue;
            }
            // What lies between the first pair and the last begins with what the first one begins with.
            let name = |key: &[u8]| key.get(first.len()..).unwrap_or_default().to_vec();
            let from = if start > &*first { name(start) } else { Vec::new() };
            let until = (end < &*after).then(|| name(end));
            *pairs = if from.is_empty() && until.is_none() {
                StorePairs::empty(pairs.created_ms(), pairs.modified_ms())
            } else {
                without_keys(pairs, &from, until.as_deref())
            };
        }
    }

    /// Does to the pairs what is still to be done.
    fn work(&mut self) {
        for (generation, changes) in self.changes.drain() {
            let pairs = self.generations.entry(generation).or_insert_with(|| StorePairs::empty(0, 0));
            *pairs = pairs.changed(changes);
        }
    }

    fn finish(mut self) -> Option<Store> {
        self.work();
        let (status, generation, created_ms, modified_ms) = self.head?;
        if generation != self.before {
            // What was current never becomes current again; its entries are collected later.
            self.generations.remove(&self.before);
        }
        let pairs = self.generations.remove(&generation).unwrap_or_else(|| StorePairs::empty(0, 0));
        self.generations.retain(|_, staged| !staged.is_empty());
        let pairs = Arc::new(pairs.at(created_ms, modified_ms));
        Some(Store { status, generation, pairs, staged: self.generations })
    }
}

/// The pairs without the keys from `first` up to, and without, `end`. It costs what goes.
fn without_keys(pairs: &StorePairs, first: &[u8], end: Option<&[u8]>) -> StorePairs {
    // An engine's bounds are bytes; those that are no text lie between texts.
    let text = first.utf8_chunks().next().map_or("", |chunk| chunk.valid());
    let doomed = pairs
        .iter_from(text)
        .map(|(key, _)| key)
        .skip_while(|key| key.as_bytes() < first)
        .take_while(|key| end.is_none_or(|end| key.as_bytes() < end));
    pairs.changed(doomed.map(|key| (key, None)))
}

#[cfg(test)]
mod tests;

//! What the view holds after one commit, and what the next commit makes of it.

use std::collections::HashMap;
use std::sync::Arc;

use bytes::Bytes;
use keyfront_domain::arn::KeyValueStoreArn;
use keyfront_domain::pairs::StorePairs;
use keyfront_store::records::{Generation, Status};
use keyfront_store::stores::entries::{self, PairsEntry};
use keyfront_store::{Change, Entry, Range, StoreError, Version, Write};

/// The loaded stores after one commit.
#[derive(Clone, Default)]
pub(super) struct State {
    pub(super) version: Version,
    stores: Arc<HashMap<KeyValueStoreArn, Store>>,
}

/// One of them.
#[derive(Clone)]
pub(super) struct Store {
    /// The snapshot that it was read from. What was written up to then is in it, so a store may be ahead of the
    /// others until they get there.
    read_at: Version,
    status: Status,
    generation: Generation,
    pairs: Arc<StorePairs>,
}

impl Store {
    /// A store from the entries of its head and its pairs; nothing if it does not exist.
    pub(super) fn from_entries(
        read_at: Version,
        head: Option<&Entry>,
        pairs: &[Entry],
    ) -> Result<Option<Store>, StoreError> {
        let Some(head) = head else { return Ok(None) };
        let head = entries::read_head(&head.value)?;
        let pairs = pairs.iter().map(|entry| entries::read_pair(&entry.key, &entry.value));
        let pairs = pairs.collect::<Result<Vec<_>, StoreError>>()?;
        let pairs = StorePairs::empty(head.created_ms, head.modified_ms).with(pairs);
        let (status, generation) = (head.status, head.generation);
        Ok(Some(Store { read_at, status, generation, pairs: Arc::new(pairs) }))
    }
}

impl State {
    pub(super) fn new(
        version: Version,
        stores: impl IntoIterator<Item = (KeyValueStoreArn, Store)>,
    ) -> State {
        State { version, stores: Arc::new(stores.into_iter().collect()) }
    }

    /// The stores that are loaded.
    pub(super) fn stores(&self) -> impl Iterator<Item = &KeyValueStoreArn> {
        self.stores.keys()
    }

    pub(super) fn holds(&self, store: &KeyValueStoreArn) -> bool {
        self.stores.contains_key(store)
    }

    /// The pairs of a loaded store that can be read.
    pub(super) fn pairs(&self, store: &KeyValueStoreArn) -> Option<Arc<StorePairs>> {
        let store = self.stores.get(store)?;
        (store.status == Status::Ready).then(|| Arc::clone(&store.pairs))
    }

    /// The same version with the stores of another state as well.
    pub(super) fn joined(&self, other: &State) -> State {
        let mut stores = HashMap::clone(&self.stores);
        stores.extend(other.stores.iter().map(|(arn, store)| (*arn, store.clone())));
        State { version: self.version, stores: Arc::new(stores) }
    }

    /// The same version without a store.
    pub(super) fn without(&self, store: &KeyValueStoreArn) -> State {
        let mut stores = HashMap::clone(&self.stores);
        stores.remove(store);
        State { version: self.version, stores: Arc::new(stores) }
    }

    /// The state after a commit. It costs what the commit writes to loaded stores, and a pointer per loaded store.
    ///
    /// A store that is deleted, or that holds something that cannot be read, is loaded no longer: loading it again
    /// finds out which. Nothing: the commit made another generation of a loaded store's pairs current, and its
    /// pairs have to be read.
    pub(super) fn after(&self, change: &Change) -> Option<State> {
        let mut drafts = Drafts { state: self, version: change.version, begun: HashMap::new() };
        for write in &change.writes {
            drafts.apply(write);
        }
        let drafts = drafts.begun;
        if drafts.is_empty() {
            return Some(State { version: change.version, stores: Arc::clone(&self.stores) });
        }
        if drafts.values().any(|draft| draft.switched) {
            return None;
        }
        let mut stores = HashMap::clone(&self.stores);
        for (arn, draft) in drafts {
            match draft.finish() {
                Some(store) => stores.insert(arn, store),
                None => stores.remove(&arn),
            };
        }
        Some(State { version: change.version, stores: Arc::new(stores) })
    }
}

/// The stores that a commit touches, while it is applied.
struct Drafts<'a> {
    state: &'a State,
    version: Version,
    begun: HashMap<KeyValueStoreArn, Draft<'a>>,
}

impl<'a> Drafts<'a> {
    fn apply(&mut self, write: &'a Write) {
        match write {
            Write::Put { key, value } => {
                if let Some(draft) = self.draft_of_key(key) {
                    draft.put(key, Some(value));
                }
            }
            Write::Delete { key } => {
                if let Some(draft) = self.draft_of_key(key) {
                    draft.put(key, None);
                }
            }
            Write::DeleteRange { start, end } => {
                let end = (!end.is_empty()).then_some(&**end);
                for (arn, store) in &*self.state.stores {
                    let place = Place::of(arn, store.generation);
                    if place.meets(start, end)
                        && let Some(draft) = self.draft(arn)
                    {
                        draft.remove(&place, start, end);
                    }
                }
            }
        }
    }

    /// The draft of the store whose head or pair a key is, if that store is loaded.
    fn draft_of_key(&mut self, key: &[u8]) -> Option<&mut Draft<'a>> {
        let (store, _) = entries::locate(key)?;
        self.draft(&store)
    }

    fn draft(&mut self, arn: &KeyValueStoreArn) -> Option<&mut Draft<'a>> {
        let store = self.state.stores.get(arn).filter(|store| store.read_at < self.version)?;
        Some(self.begun.entry(*arn).or_insert_with(|| Draft::new(store)))
    }
}

/// Where an engine keeps a store's head and its current pairs.
struct Place {
    head: Bytes,
    pairs: Range,
}

impl Place {
    fn of(arn: &KeyValueStoreArn, generation: Generation) -> Place {
        Place { head: entries::head_key(arn), pairs: entries::pairs_range(arn, generation) }
    }

    fn head_is_in(&self, start: &[u8], end: Option<&[u8]>) -> bool {
        start <= &*self.head && end.is_none_or(|end| &*self.head < end)
    }

    fn pairs_meet(&self, start: &[u8], end: Option<&[u8]>) -> bool {
        start < &*self.pairs.end && end.is_none_or(|end| &*self.pairs.start < end && start < end)
    }

    fn meets(&self, start: &[u8], end: Option<&[u8]>) -> bool {
        self.head_is_in(start, end) || self.pairs_meet(start, end)
    }
}

/// A store while a commit is applied to it.
struct Draft<'a> {
    read_at: Version,
    /// Status and times; nothing when the store is gone, or if something in it cannot be read.
    head: Option<(Status, i64, i64)>,
    pairs: StorePairs,
    /// What is still to be done to the pairs.
    changes: Vec<(&'a str, Option<&'a str>)>,
    damaged: bool,
    generation: Generation,
    /// The head names another generation than the one that is loaded.
    switched: bool,
}

impl<'a> Draft<'a> {
    fn new(store: &Store) -> Draft<'a> {
        let Store { read_at, status, generation, ref pairs } = *store;
        Draft {
            read_at,
            head: Some((status, pairs.created_ms(), pairs.modified_ms())),
            pairs: StorePairs::clone(pairs),
            changes: Vec::new(),
            damaged: false,
            generation,
            switched: false,
        }
    }

    /// Puts the head or a pair, or removes it.
    fn put(&mut self, key: &'a [u8], value: Option<&'a [u8]>) {
        let done = if let Some((_, PairsEntry::Pair(generation))) = entries::locate(key) {
            if generation != self.generation {
                // It is being staged, or collected.
                return;
            }
            let change = match value {
                Some(value) => entries::read_pair(key, value).map(|(key, value)| (key, Some(value))),
                None => entries::read_pair_key(key).map(|key| (key, None)),
            };
            change.map(|change| self.changes.push(change))
        } else {
            value.map(entries::read_head).transpose().map(|head| {
                self.switched |= head.is_some_and(|head| head.generation != self.generation);
                self.head = head.map(|head| (head.status, head.created_ms, head.modified_ms));
            })
        };
        self.damaged |= done.is_err();
    }

    /// Removes everything of the store from `start` up to, and without, `end`.
    fn remove(&mut self, place: &Place, start: &[u8], end: Option<&[u8]>) {
        if place.head_is_in(start, end) {
            self.head = None;
        }
        let Range { start: first_pair, end: after_pairs, .. } = &place.pairs;
        let after_start = start > &**first_pair;
        let before_end = end.filter(|end| *end < &**after_pairs);
        if !after_start && before_end.is_none() {
            self.pairs = StorePairs::empty(0, 0);
            self.changes.clear();
        } else if place.pairs_meet(start, end) {
            self.work();
            // What lies between the first pair and the last has the same beginning.
            let rest = |key: &[u8]| key.get(first_pair.len()..).unwrap_or_default().to_vec();
            let first = if after_start { rest(start) } else { Vec::new() };
            self.pairs = without_keys(&self.pairs, &first, before_end.map(rest).as_deref());
        }
    }

    /// Does to the pairs what is still to be done.
    fn work(&mut self) {
        if !self.changes.is_empty() {
            self.pairs = self.pairs.changed(self.changes.drain(..));
        }
    }

    fn finish(mut self) -> Option<Store> {
        self.work();
        let (status, created_ms, modified_ms) = self.head.filter(|_| !self.damaged)?;
        let pairs = Arc::new(self.pairs.at(created_ms, modified_ms));
        Some(Store { read_at: self.read_at, status, generation: self.generation, pairs })
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

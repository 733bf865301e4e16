//! What the view holds after one commit, and what the next commit makes of it.

use std::collections::HashMap;
use std::sync::Arc;

use bytes::Bytes;
use keyfront_domain::arn::KeyValueStoreArn;
use keyfront_domain::image::Image;

use crate::engine::Change;
use crate::records::{PairsRecord, Status, damaged, decode_pair};
use crate::{Entry, Range, StoreError, Version, Write, keyspace};

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
    image: Arc<Image>,
}

impl Store {
    /// A store from the entries of its head and its pairs; nothing if it does not exist.
    pub(super) fn from_entries(
        read_at: Version,
        head: Option<&Entry>,
        pairs: &[Entry],
    ) -> Result<Option<Store>, StoreError> {
        let Some(head) = head else { return Ok(None) };
        let head = PairsRecord::decode(&head.value)?;
        let pairs = pairs.iter().map(|entry| Ok((key_of(&entry.key)?, decode_pair(&entry.value)?)));
        let pairs = pairs.collect::<Result<Vec<_>, StoreError>>()?;
        let image = Image::empty(head.created_ms, head.modified_ms).with(pairs);
        Ok(Some(Store { read_at, status: head.status, image: Arc::new(image) }))
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
    pub(super) fn image(&self, store: &KeyValueStoreArn) -> Option<Arc<Image>> {
        let store = self.stores.get(store)?;
        (store.status == Status::Ready).then(|| Arc::clone(&store.image))
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
    /// finds out which.
    pub(super) fn after(&self, change: &Change) -> State {
        let mut drafts = Drafts { state: self, version: change.version, begun: HashMap::new() };
        for write in &change.writes {
            drafts.apply(write);
        }
        let drafts = drafts.begun;
        if drafts.is_empty() {
            return State { version: change.version, stores: Arc::clone(&self.stores) };
        }
        let mut stores = HashMap::clone(&self.stores);
        for (arn, draft) in drafts {
            match draft.finish() {
                Some(store) => stores.insert(arn, store),
                None => stores.remove(&arn),
            };
        }
        State { version: change.version, stores: Arc::new(stores) }
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
                for arn in self.state.stores() {
                    let place = Place::of(arn);
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
        if keyspace::is_pair(key) {
            self.draft(&keyspace::store_of_pair(key)?)
        } else if keyspace::is_pairs(key) {
            self.draft(&keyspace::store_of(key)?)
        } else {
            None
        }
    }

    fn draft(&mut self, arn: &KeyValueStoreArn) -> Option<&mut Draft<'a>> {
        let store = self.state.stores.get(arn).filter(|store| store.read_at < self.version)?;
        Some(self.begun.entry(*arn).or_insert_with(|| Draft::new(store)))
    }
}

/// Where an engine keeps a store's head and its pairs.
struct Place {
    head: Bytes,
    pairs: Range,
}

impl Place {
    fn of(arn: &KeyValueStoreArn) -> Place {
        Place { head: keyspace::pairs(arn), pairs: Range::prefix(keyspace::pair_prefix(arn)) }
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
    image: Image,
    /// What is still to be done to the image.
    changes: Vec<(&'a str, Option<&'a str>)>,
    damaged: bool,
}

impl<'a> Draft<'a> {
    fn new(store: &Store) -> Draft<'a> {
        let Store { read_at, status, ref image } = *store;
        Draft {
            read_at,
            head: Some((status, image.created_ms(), image.modified_ms())),
            image: Image::clone(image),
            changes: Vec::new(),
            damaged: false,
        }
    }

    /// Puts the head or a pair, or removes it.
    fn put(&mut self, key: &'a [u8], value: Option<&'a [u8]>) {
        let done = if keyspace::is_pairs(key) {
            value.map(PairsRecord::decode).transpose().map(|head| {
                self.head = head.map(|head| (head.status, head.created_ms, head.modified_ms));
            })
        } else {
            key_of(key).and_then(|key| {
                self.changes.push((key, value.map(decode_pair).transpose()?));
                Ok(())
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
            self.image = Image::empty(0, 0);
            self.changes.clear();
        } else if place.pairs_meet(start, end) {
            self.work();
            // What lies between the first pair and the last has the same beginning.
            let rest = |key: &[u8]| key.get(first_pair.len()..).unwrap_or_default().to_vec();
            let first = if after_start { rest(start) } else { Vec::new() };
            self.image = without_keys(&self.image, &first, before_end.map(rest).as_deref());
        }
    }

    /// Does to the image what is still to be done.
    fn work(&mut self) {
        if !self.changes.is_empty() {
            self.image = self.image.changed(self.changes.drain(..));
        }
    }

    fn finish(mut self) -> Option<Store> {
        self.work();
        let (status, created_ms, modified_ms) = self.head.filter(|_| !self.damaged)?;
        let image = Arc::new(self.image.at(created_ms, modified_ms));
        Some(Store { read_at: self.read_at, status, image })
    }
}

/// The image without the keys from `first` up to, and without, `end`. It costs what goes.
fn without_keys(image: &Image, first: &[u8], end: Option<&[u8]>) -> Image {
    // An engine's bounds are bytes; those that are no text lie between texts.
    let text = first.utf8_chunks().next().map_or("", |chunk| chunk.valid());
    let doomed = image
        .iter_from(text)
        .map(|(key, _)| key)
        .skip_while(|key| key.as_bytes() < first)
        .take_while(|key| end.is_none_or(|end| key.as_bytes() < end));
    image.changed(doomed.map(|key| (key, None)))
}

fn key_of(key: &[u8]) -> Result<&str, StoreError> {
    keyspace::pair_key(key).ok_or_else(|| damaged("pair"))
}

#[cfg(test)]
mod tests;

//! What a worker process has read from key value stores, so that it asks the server for a pair once.

use std::collections::HashMap;
use std::sync::Arc;

use crate::message::PinnedStore;
use crate::pair_reader::StoreMeta;

/// Bytes that are kept of all stores. When they are full, all of them are forgotten.
const KEPT_BYTES: usize = 1024 * 1024;

/// What an entry takes beside its key and value.
const ENTRY_BYTES: usize = 96;

/// What is known of a key.
#[derive(Clone, PartialEq, Eq, Debug)]
pub(super) enum Known {
    Value(Arc<str>),
    /// There is a value, which was not read.
    Present,
    Absent,
}

/// What is known of stores, each as one image has it: the one that was pinned last.
#[derive(Default)]
pub(super) struct KnownPairs {
    stores: HashMap<String, KnownStore>,
    bytes: usize,
}

#[derive(Default)]
struct KnownStore {
    image: u64,
    keys: HashMap<String, Known>,
    meta: Option<StoreMeta>,
}

impl KnownPairs {
    /// What is known of a key.
    pub(super) fn get(&self, store: &PinnedStore, key: &str) -> Option<&Known> {
        self.of(store)?.keys.get(key)
    }

    /// What is known of the store itself.
    pub(super) fn meta(&self, store: &PinnedStore) -> Option<StoreMeta> {
        self.of(store)?.meta
    }

    /// Keeps what was read of a key.
    pub(super) fn keep(&mut self, store: &PinnedStore, key: &str, known: Known) {
        let value = if let Known::Value(value) = &known { value.len() } else { 0 };
        self.make_room(ENTRY_BYTES + key.len() + value);
        self.of_mut(store).keys.insert(key.to_owned(), known);
    }

    /// Keeps what was read of the store itself.
    pub(super) fn keep_meta(&mut self, store: &PinnedStore, meta: StoreMeta) {
        self.make_room(ENTRY_BYTES);
        self.of_mut(store).meta = Some(meta);
    }

    fn of(&self, store: &PinnedStore) -> Option<&KnownStore> {
        self.stores.get(&store.id).filter(|known| known.image == store.image)
    }

    /// What is known of a store, which is nothing if another image of it was pinned before.
    fn of_mut(&mut self, store: &PinnedStore) -> &mut KnownStore {
        let known = self.stores.entry(store.id.clone()).or_default();
        if known.image != store.image {
            *known = KnownStore { image: store.image, ..KnownStore::default() };
        }
        known
    }

    /// Bytes of images that were replaced count until all are forgotten.
    fn make_room(&mut self, bytes: usize) {
        self.bytes += bytes;
        if self.bytes > KEPT_BYTES {
            *self = KnownPairs { stores: HashMap::new(), bytes };
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn pinned(id: &str, image: u64) -> PinnedStore {
        PinnedStore { id: id.to_owned(), image }
    }

    fn value(text: &str) -> Known {
        Known::Value(Arc::from(text))
    }

    #[test]
    fn what_was_read_is_known_of_the_image_that_it_was_read_from() {
        let mut known = KnownPairs::default();
        let meta = StoreMeta { keys: 1, created_ms: 2, modified_ms: 3 };
        known.keep(&pinned("a", 1), "key", value("1"));
        known.keep(&pinned("b", 2), "key", Known::Absent);
        known.keep_meta(&pinned("a", 1), meta);
        assert_eq!(known.get(&pinned("a", 1), "key"), Some(&value("1")));
        assert_eq!(known.meta(&pinned("a", 1)), Some(meta));
        assert_eq!(known.get(&pinned("b", 2), "key"), Some(&Known::Absent));
        for (store, key) in [(pinned("a", 3), "key"), (pinned("b", 1), "key"), (pinned("a", 1), "other")] {
            assert_eq!(known.get(&store, key), None, "{key} of image {} of {}", store.image, store.id);
        }
        known.keep(&pinned("a", 3), "other", Known::Present);
        assert_eq!(known.get(&pinned("a", 1), "key"), None, "another image took its place");
        assert_eq!(known.meta(&pinned("a", 3)), None);
    }

    #[test]
    fn what_is_kept_has_a_bound() {
        let mut known = KnownPairs::default();
        let long = "v".repeat(KEPT_BYTES / 10);
        for number in 0..100 {
            known.keep(&pinned("a", 1), &number.to_string(), value(&long));
            let kept = known.of(&pinned("a", 1)).map_or(0, |store| store.keys.len());
            assert!((1..=10).contains(&kept), "{kept}");
        }
        known.keep(&pinned("a", 1), "more than all", value(&"v".repeat(2 * KEPT_BYTES)));
        known.keep(&pinned("a", 1), "next", Known::Present);
        assert_eq!(known.get(&pinned("a", 1), "more than all"), None);
    }
}

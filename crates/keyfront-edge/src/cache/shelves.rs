//! Where objects are kept: in memory, or with their bodies in the folder.

use std::sync::Arc;

use super::Inner;
use super::memory::Memory;
use super::object::Object;
use super::wanted::Wanted;
use crate::key::CacheKey;

impl Inner {
    /// The object of a request, if it has one that is not invalidated, however old.
    pub(super) fn find(&self, wanted: &Wanted) -> Option<Arc<Object>> {
        self.shelves().find_map(|shelf| {
            let object = shelf.get(&wanted.key)?;
            if object.is_invalidated() {
                if shelf.remove(&object) {
                    self.counters.invalidated.add();
                }
                return None;
            }
            if object.is_damaged() {
                shelf.remove(&object);
                return None;
            }
            object.answers(wanted).then_some(object)
        })
    }

    /// Where objects are kept.
    pub(super) fn shelves(&self) -> impl Iterator<Item = &Memory> + Send {
        std::iter::once(&self.memory).chain(self.disk.as_ref().map(|disk| &disk.objects))
    }

    /// Gives up an object.
    pub(super) fn forget(&self, object: &Arc<Object>) {
        self.shelves().for_each(|shelf| {
            shelf.remove(object);
        });
    }

    /// Gives up whatever a key has.
    pub(super) fn forget_key(&self, key: &CacheKey) {
        self.shelves().for_each(|shelf| shelf.remove_key(key));
    }

    /// Keeps an object where its body is; what the key had elsewhere goes.
    pub(super) fn keep(&self, object: &Arc<Object>, now_ms: u64) {
        match (&self.disk, object.is_on_disk()) {
            (Some(disk), true) => {
                disk.objects.put(Arc::clone(object), now_ms);
                self.memory.remove_key(&object.key);
            }
            (Some(disk), false) => {
                self.memory.put(Arc::clone(object), now_ms);
                disk.objects.remove_key(&object.key);
            }
            (None, _) => self.memory.put(Arc::clone(object), now_ms),
        }
    }
}

//! The pairs of a key value store, asked for one by one over the channel. The server answers from the image that it
//! pinned for the invocation; what an earlier invocation read from the same image is not asked for again.

use std::cell::RefCell;
use std::process::abort;
use std::rc::Rc;
use std::sync::Arc;

use super::known_pairs::{Known, KnownPairs};
use super::{SharedChannel, ask};
use crate::message::{FromWorker, PinnedStore, ToWorker};
use crate::pair_reader::{PairReader, StoreMeta};

/// The pairs that the server has pinned for the running invocation.
pub(super) struct RemotePairs {
    pub(super) channel: SharedChannel,
    pub(super) known: Rc<RefCell<KnownPairs>>,
    pub(super) store: PinnedStore,
}

impl RemotePairs {
    /// Asks the server. One that is gone, or answers something else, ends the process: it has no other caller.
    fn ask<T>(&self, question: &FromWorker, read: impl FnOnce(ToWorker) -> Option<T>) -> T {
        let answer = ask(&mut self.channel.borrow_mut(), question);
        answer.ok().and_then(read).unwrap_or_else(|| abort())
    }

    fn known(&self, key: &str) -> Option<Known> {
        self.known.borrow().get(&self.store, key).cloned()
    }

    fn keep(&self, key: &str, known: Known) {
        self.known.borrow_mut().keep(&self.store, key, known);
    }
}

impl PairReader for RemotePairs {
    fn get(&self, key: &str) -> Option<Arc<str>> {
        match self.known(key) {
            Some(Known::Value(value)) => return Some(value),
            Some(Known::Absent) => return None,
            Some(Known::Present) | None => {}
        }
        let value = self.ask(&FromWorker::WantsValue(key.to_owned()), |answer| {
            if let ToWorker::Value(value) = answer { Some(value.map(Arc::from)) } else { None }
        });
        self.keep(key, value.clone().map_or(Known::Absent, Known::Value));
        value
    }

    fn contains(&self, key: &str) -> bool {
        if let Some(known) = self.known(key) {
            return known != Known::Absent;
        }
        let contains = self.ask(&FromWorker::WantsContains(key.to_owned()), |answer| {
            if let ToWorker::Contains(contains) = answer { Some(contains) } else { None }
        });
        self.keep(key, if contains { Known::Present } else { Known::Absent });
        contains
    }

    fn meta(&self) -> StoreMeta {
        if let Some(meta) = self.known.borrow().meta(&self.store) {
            return meta;
        }
        let meta = self.ask(&FromWorker::WantsMeta, |answer| {
            if let ToWorker::Meta(meta) = answer { Some(meta) } else { None }
        });
        self.known.borrow_mut().keep_meta(&self.store, meta);
        meta
    }
}

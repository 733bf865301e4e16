//! The pairs of a key value store, asked for one by one over the channel. The server answers from the image that it
//! pinned for the invocation.

use std::process::abort;
use std::sync::Arc;

use super::{SharedChannel, ask};
use crate::message::{FromWorker, ToWorker};
use crate::pair_reader::{PairReader, StoreMeta};

/// The pairs that the server has pinned for the running invocation.
pub(super) struct RemotePairs {
    channel: SharedChannel,
}

impl RemotePairs {
    pub(super) fn new(channel: SharedChannel) -> RemotePairs {
        RemotePairs { channel }
    }

    /// Asks the server. One that is gone, or answers something else, ends the process: it has no other caller.
    fn ask<T>(&self, question: &FromWorker, read: impl FnOnce(ToWorker) -> Option<T>) -> T {
        let answer = ask(&mut self.channel.borrow_mut(), Some(question));
        answer.ok().and_then(read).unwrap_or_else(|| abort())
    }
}

impl PairReader for RemotePairs {
    fn get(&self, key: &str) -> Option<Arc<str>> {
        self.ask(&FromWorker::WantsValue(key.to_owned()), |answer| {
            if let ToWorker::Value(value) = answer { Some(value.map(Arc::from)) } else { None }
        })
    }

    fn contains(&self, key: &str) -> bool {
        self.ask(&FromWorker::WantsContains(key.to_owned()), |answer| {
            if let ToWorker::Contains(contains) = answer { Some(contains) } else { None }
        })
    }

    fn meta(&self) -> StoreMeta {
        self.ask(
            &FromWorker::WantsMeta,
            |answer| {
                if let ToWorker::Meta(meta) = answer { Some(meta) } else { None }
            },
        )
    }
}

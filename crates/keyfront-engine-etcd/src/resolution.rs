//! What became of a commit whose answer was lost, because a member stopped or the leader changed.
//!
//! 1. A bar is put into the slot that the commit compares. From then on the commit cannot be made any more.
//! 2. What was committed between the moment at which it was sent and the bar is looked through for its mark.
//! 3. If the mark is there, the commit was made, as the revision that has it. If it is not, it was not made and never
//!    will be, and is tried again while there is time.
//! 4. If etcd does not say, the caller is told that the outcome is unknown.
//!
//! A commit whose answer comes pays for this with one compare, and writes nothing but its mark in the head.

use std::sync::atomic::{AtomicU64, Ordering};

use bytes::Bytes;
use keyfront_engine::{Outcome, StoreError};
use tokio::time::{Instant, timeout_at};

use crate::failure::{Failure, Kind};
use crate::head::{self, Mark};
use crate::proto::etcdserverpb::{RangeRequest, TxnResponse, WatchCreateRequest};
use crate::proto::mvccpb::KeyValue;
use crate::request::{self, reads_of, revision_of};
use crate::session::Slot;
use crate::shared::{self, Shared, version_of};

/// What became of one attempt.
pub(crate) enum Attempt {
    Decided(Outcome),
    /// It was not made and never will be.
    NotMade(Failure),
}

pub(crate) const LAPSED: &str = "the session of this server had ended";

/// What the first commit of a slot leaves in it, so that the slot has a revision that it never had before.
pub(crate) const USED: &[u8] = b"used";

/// A commit that is being sent.
pub(crate) struct Sent {
    pub(crate) slot: Slot,
    pub(crate) mark: Mark,
    /// A revision of before.
    after: i64,
}

impl Sent {
    pub(crate) fn now(shared: &Shared, slot: Slot) -> Sent {
        static NUMBERS: AtomicU64 = AtomicU64::new(0);
        let mark = Mark::new(slot.session.lease, NUMBERS.fetch_add(1, Ordering::Relaxed));
        Sent { slot, mark, after: shared::revision_of(shared.reached()) }
    }

    /// Frees the slot after the commit was made as this revision.
    pub(crate) fn was_made(self, revision: i64) {
        let left = if self.slot.is_new() { revision } else { self.slot.revision };
        self.slot.give_back(left);
    }

    /// Whether this commit wrote the head.
    fn is_of(&self, head: &KeyValue) -> bool {
        head::mark_of(head.value.clone()) == Some(self.mark)
    }

    /// Frees the slot of a commit that was not made.
    pub(crate) fn was_not_made(self) {
        let left = self.slot.revision;
        self.slot.give_back(left);
    }
}

/// Finds out what became of a commit that was not answered, and sees to it that nothing becomes of it later.
pub(crate) async fn resolve(shared: &Shared, sent: Sent, failure: Failure) -> Result<Attempt, StoreError> {
    let until = Instant::now() + shared.settings.operation();
    let unknown = |second: Failure| unknown(&failure, &second);
    let (key, mark) = (sent.slot.key(&shared.keys), sent.mark);
    let bar = mark.to_bytes();
    let txn = request::when(
        vec![request::is_of(key.clone(), sent.slot.revision)],
        vec![request::put(key.clone(), bar.clone())],
    );
    let txn = request::otherwise(txn, vec![request::read(request::key(key))]);
    let answer =
        shared.cluster.repeat(until, |client| client.transact(txn.clone())).await.map_err(unknown)?;
    let barred = if answer.succeeded {
        revision_of(&answer)
    } else {
        match state_of(answer) {
            // The bar was put before, and that was not answered.
            (revision, value) if value == bar => revision,
            // Only this commit can have made it.
            (revision, value) if value == USED && sent.slot.is_new() => {
                sent.was_made(revision);
                return Ok(Attempt::Decided(Outcome::Committed(version_of(revision))));
            }
            // This process stood still for longer than its session lived, and its slots were collected.
            _ => return Err(unknown(Failure::open(LAPSED))),
        }
    };
    let found = find(shared, &sent, barred, until).await.map_err(unknown)?;
    sent.slot.give_back(barred);
    Ok(match found {
        Some(revision) => Attempt::Decided(Outcome::Committed(version_of(revision))),
        None => Attempt::NotMade(failure),
    })
}

/// The revision of the head that has the mark, among those of before the bar.
async fn find(shared: &Shared, sent: &Sent, barred: i64, until: Instant) -> Result<Option<i64>, Failure> {
    let last = RangeRequest { revision: barred, ..request::key(shared.keys.head()) };
    let last = shared.cluster.repeat(until, |client| client.range(last.clone())).await?;
    let Some(last) = request::one(last).filter(|last| last.mod_revision > sent.after) else {
        return Ok(None);
    };
    if sent.is_of(&last) {
        return Ok(Some(last.mod_revision));
    }
    let looked = timeout_at(until, look_through(shared, sent, last.mod_revision)).await;
    looked.unwrap_or_else(|_elapsed| Err(Failure::open("no answer in time")))
}

/// Looks through all heads up to and with a revision that has one.
async fn look_through(shared: &Shared, sent: &Sent, last: i64) -> Result<Option<i64>, Failure> {
    let key = shared.keys.head();
    let start_revision = sent.after.saturating_add(1);
    let watch = WatchCreateRequest { key, range_end: Bytes::new(), start_revision, fragment: true };
    let mut heads = shared.cluster.attempt(|client| client.watch(watch.clone())).await?;
    while let Some(message) = heads.message().await.map_err(Failure::from)? {
        if message.compact_revision > 0 || message.canceled {
            return Err(Failure {
                kind: Kind::Compacted,
                message: "what was committed is compacted".to_owned(),
            });
        }
        for head in message.events.into_iter().filter_map(|event| event.kv) {
            if sent.is_of(&head) {
                return Ok(Some(head.mod_revision));
            }
            if head.mod_revision >= last {
                return Ok(None);
            }
        }
    }
    Err(Failure::open("the member ended the watch"))
}

fn unknown(first: &Failure, second: &Failure) -> StoreError {
    let message = format!(
        "etcd: {}, and later: {}; read what is there before you try again, and {}",
        first.message,
        second.message,
        second.advice()
    );
    StoreError::OutcomeUnknown { message, source: None }
}

/// Revision and value of the slot that a transaction found.
pub(crate) fn state_of(answer: TxnResponse) -> (i64, Bytes) {
    let slot = reads_of(answer).next().and_then(request::one);
    slot.map_or_else(|| (0, Bytes::new()), |slot| (slot.mod_revision, slot.value))
}

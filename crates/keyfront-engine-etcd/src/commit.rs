//! Commits: one transaction of etcd each.
//!
//! The compares of the transaction are the checks of the batch, and its operations come to the steps. All
//! commits write the head, which makes their order one, and their slot, which tells what became of them: see
//! `session`.
//!
//! What happens when the answer is lost, because a member stopped or the leader changed:
//!
//! 1. The slot is asked, with a transaction that also bars the way for the commit if it is still under way.
//! 2. If the slot has the commit's mark, the commit was made, as the revision of the slot.
//! 3. If the bar stands, the commit was not made and cannot be any more. It is tried again while there is time.
//! 4. If etcd does not answer that either, the caller is told that the outcome is unknown.
//!
//! Batches that come while others are under way may share a transaction: see `group` and `turns`.

use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};

use bytes::Bytes;
use keyfront_engine::{Batch, Check, Outcome, StoreError, successor};
use tokio::sync::oneshot;
use tokio::task::JoinSet;
use tokio::time::{Instant, sleep_until, timeout_at};

use crate::cluster::pauses;
use crate::failure::{Failure, Kind};
use crate::group::{self, Waiting};
use crate::head;
use crate::plan::Plan;
use crate::proto::etcdserverpb::{Compare, TxnRequest, TxnResponse};
use crate::request::{self, reads_of, revision_of};
use crate::session::Slot;
use crate::shared::{self, Shared, count, version_of};
use crate::upkeep;

/// What a commit, or the bar against it, leaves in its slot. Both are unique in their session.
struct Mark {
    commit: Bytes,
    bar: Bytes,
}

/// What became of one attempt.
enum Attempt {
    Decided(Outcome),
    /// It was not made and never will be.
    NotMade(Failure),
}

const LAPSED: &str = "the session of this server had ended";

/// Commits a batch that is within the limits.
pub(crate) async fn commit(shared: Arc<Shared>, batch: Batch) -> Result<Outcome, StoreError> {
    let outcome =
        if batch.writes.is_empty() { assert(&shared, &batch).await } else { in_turn(&shared, batch).await };
    match &outcome {
        Ok(Outcome::Committed(version)) => {
            shared.reach(*version);
            count(&shared.counts.commits);
        }
        Ok(Outcome::Conflict) => count(&shared.counts.conflicts),
        Err(error) => {
            count(&shared.counts.failures);
            shared.note_failure(error.to_string());
        }
    }
    outcome
}

/// Whether the checks hold, and at which version. Linearizable, because the transaction reads the head so.
async fn assert(shared: &Shared, batch: &Batch) -> Result<Outcome, StoreError> {
    let head = request::read(request::keys_only(request::key(shared.keys.head())));
    let txn = request::when(compares(shared, &batch.checks), vec![head]);
    let until = Instant::now() + shared.settings.operation();
    let answer = shared.cluster.repeat(until, |client| client.transact(txn.clone())).await;
    let answer = answer.map_err(Failure::of_read)?;
    if !answer.succeeded {
        return Ok(Outcome::Conflict);
    }
    let revision = reads_of(answer).next().map_or(0, |head| request::written_at(&head));
    Ok(Outcome::Committed(version_of(revision)))
}

/// Commits a batch, with others that wait at the same time.
async fn in_turn(shared: &Arc<Shared>, batch: Batch) -> Result<Outcome, StoreError> {
    if let Some(message) = shared.refusing() {
        return Err(StoreError::Refused { message, source: None });
    }
    let until = Instant::now() + shared.settings.operation();
    let Ok(Ok(_place)) = timeout_at(until, shared.commits.acquire()).await else {
        let message = "too many commits are under way; try again later".to_owned();
        return Err(StoreError::NotWritten { message, source: None });
    };
    let (answer, answered) = oneshot::channel();
    if shared.committing.add(Waiting { batch, answer }) {
        tokio::spawn(turn(Arc::clone(shared)));
    }
    answered.await.unwrap_or_else(|_ended| {
        let message = "the store was closed meanwhile".to_owned();
        Err(StoreError::OutcomeUnknown { message, source: None })
    })
}

/// Commits groups for as long as batches wait.
async fn turn(shared: Arc<Shared>) {
    while let Some(group) = shared.committing.next(|waiting| group::choose(waiting, shared.limits)) {
        shared.note_group(group.len());
        let several = group.len() > 1;
        let batch = group::merged(group.iter().map(|one| &one.batch));
        match write(&shared, &batch).await {
            // Which of them it was, etcd does not say.
            Ok(Outcome::Conflict) if several => one_by_one(&shared, group).await,
            outcome => group.into_iter().for_each(|one| one.is(outcome.clone())),
        }
    }
}

async fn one_by_one(shared: &Arc<Shared>, group: Vec<Waiting>) {
    let commit = |one: Waiting| {
        let shared = Arc::clone(shared);
        async move {
            let outcome = write(&shared, &one.batch).await;
            one.is(outcome);
        }
    };
    group.into_iter().map(commit).collect::<JoinSet<()>>().join_all().await;
}

/// Commits one batch.
async fn write(shared: &Shared, batch: &Batch) -> Result<Outcome, StoreError> {
    let until = Instant::now() + shared.settings.operation();
    let plan = Plan::of(&batch.writes);
    let mut pauses = pauses();
    loop {
        let failure = match attempt(shared, batch, &plan).await? {
            Attempt::Decided(outcome) => return Ok(outcome),
            Attempt::NotMade(failure) => failure,
        };
        let next = Instant::now() + pauses.next().unwrap_or_default();
        if next >= until {
            return Err(failure.of_write());
        }
        sleep_until(next).await;
    }
}

async fn attempt(shared: &Shared, batch: &Batch, plan: &Plan) -> Result<Attempt, StoreError> {
    let slot = shared.sessions.slot();
    let mark = Mark::next();
    let txn = transaction(shared, batch, plan, &slot, &mark);
    match shared.cluster.attempt(|client| client.transact(txn.clone())).await {
        Ok(answer) if answer.succeeded => {
            let revision = revision_of(&answer);
            slot.give_back(revision);
            Ok(Attempt::Decided(Outcome::Committed(version_of(revision))))
        }
        Ok(answer) => match state_of(answer) {
            (revision, _) if revision == slot.revision => {
                slot.give_back(revision);
                Ok(Attempt::Decided(Outcome::Conflict))
            }
            // The transaction arrived twice, and this is the answer to the second one.
            (revision, value) if value == mark.commit => {
                slot.give_back(revision);
                Ok(Attempt::Decided(Outcome::Committed(version_of(revision))))
            }
            // The slot was collected, as those of sessions are that have ended.
            (_, _) => {
                let renewed = upkeep::renew(shared, slot.session.lease).await;
                renewed.map_err(Failure::of_write)?;
                Ok(Attempt::NotMade(Failure::open(LAPSED)))
            }
        },
        Err(failure) if failure.kind == Kind::Open => resolve(shared, slot, &mark, failure).await,
        Err(failure) => {
            let revision = slot.revision;
            slot.give_back(revision);
            Err(failure.of_write())
        }
    }
}

/// Finds out what became of a commit that was not answered, and sees to it that nothing becomes of it later.
async fn resolve(shared: &Shared, slot: Slot, mark: &Mark, failure: Failure) -> Result<Attempt, StoreError> {
    let key = slot.key(&shared.keys);
    let bar = vec![request::put(key.clone(), mark.bar.clone())];
    let txn = request::when(vec![request::is_of(key.clone(), slot.revision)], bar);
    let txn = request::otherwise(txn, vec![request::read(request::key(key))]);
    let until = Instant::now() + shared.settings.operation();
    let answer = match shared.cluster.repeat(until, |client| client.transact(txn.clone())).await {
        Ok(answer) => answer,
        Err(second) => return Err(unknown(&failure, &second)),
    };
    if answer.succeeded {
        slot.give_back(revision_of(&answer));
        return Ok(Attempt::NotMade(failure));
    }
    let (revision, value) = state_of(answer);
    if value == mark.commit {
        slot.give_back(revision);
        Ok(Attempt::Decided(Outcome::Committed(version_of(revision))))
    } else if value == mark.bar {
        slot.give_back(revision);
        Ok(Attempt::NotMade(failure))
    } else {
        // This process stood still for longer than its session lived, and its slots were collected.
        Err(unknown(&failure, &Failure::open(LAPSED)))
    }
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

fn transaction(shared: &Shared, batch: &Batch, plan: &Plan, slot: &Slot, mark: &Mark) -> TxnRequest {
    let keys = &shared.keys;
    let slot_key = slot.key(keys);
    let mut compares = compares(shared, &batch.checks);
    compares.push(request::is_of(slot_key.clone(), slot.revision));
    let deletes = plan.deletes.iter().map(|(start, end)| {
        if *end == successor(start) {
            request::delete(keys.entry(start))
        } else {
            request::delete_range((keys.entry(start), keys.end_of_entries(end)))
        }
    });
    let puts = plan.puts.iter().map(|(key, value)| request::put(keys.entry(key), value.clone()));
    let mut operations: Vec<_> = deletes.chain(puts).collect();
    operations.push(request::put(slot_key.clone(), mark.commit.clone()));
    // The last one: a watch brings the events of a revision in the order of its operations.
    operations.push(request::put(keys.head(), head::encode(&batch.writes, &plan.puts)));
    request::otherwise(request::when(compares, operations), vec![request::read(request::key(slot_key))])
}

/// The revision of an absent key is 0 for etcd, as its version is for the seam.
fn compares(shared: &Shared, checks: &[Check]) -> Vec<Compare> {
    let compare = |check: &Check| {
        let revision = shared::revision_of(check.version);
        request::is_of(shared.keys.entry(&check.key), revision)
    };
    checks.iter().map(compare).collect()
}

/// Revision and value of the slot that a transaction found.
fn state_of(answer: TxnResponse) -> (i64, Bytes) {
    let slot = reads_of(answer).next().and_then(request::one);
    slot.map_or_else(|| (0, Bytes::new()), |slot| (slot.mod_revision, slot.value))
}

impl Mark {
    fn next() -> Mark {
        static MARKS: AtomicU64 = AtomicU64::new(0);
        let number = MARKS.fetch_add(1, Ordering::Relaxed).to_be_bytes();
        Mark { commit: [&b"c"[..], &number].concat().into(), bar: [&b"b"[..], &number].concat().into() }
    }
}

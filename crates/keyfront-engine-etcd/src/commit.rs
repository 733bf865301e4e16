//! Commits: one transaction of etcd each.
//!
//! The compares of the transaction are the checks of the batch, and its operations come to the steps. All
//! commits write the head, which makes their order one and has their marks, and compare their slot, by which their way can
//! be barred: see `session`. What happens when the answer is lost: see `resolution`.
//!
//! Batches that come while others are under way may share a transaction: see `group` and `turns`.

use std::sync::Arc;

use keyfront_engine::{Batch, Check, Outcome, StoreError, successor};
use tokio::sync::oneshot;
use tokio::task::JoinSet;
use tokio::time::{Instant, sleep_until, timeout_at};

use crate::cluster::pauses;
use crate::failure::{Failure, Kind};
use crate::group::{self, Waiting};
use crate::head;
use crate::plan::Plan;
use crate::proto::etcdserverpb::{Compare, TxnRequest};
use crate::request::{self, reads_of, revision_of};
use crate::resolution::{Attempt, LAPSED, Sent, USED, resolve, state_of};
use crate::shared::{self, Shared, count, version_of};
use crate::upkeep;

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
    let txn = request::when(compares(shared, batch), vec![head]);
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
            Attempt::Decided(outcome) => {
                match outcome {
                    Outcome::Committed(version) => shared.recent.note(&batch.writes, version),
                    Outcome::Conflict => shared.recent.forget(batch),
                }
                return Ok(outcome);
            }
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
    let sent = Sent::now(shared, slot);
    let txn = transaction(shared, batch, plan, &sent);
    match shared.cluster.attempt(|client| client.transact(txn.clone())).await {
        Ok(answer) if answer.succeeded => {
            let revision = revision_of(&answer);
            sent.was_made(revision);
            Ok(Attempt::Decided(Outcome::Committed(version_of(revision))))
        }
        Ok(answer) => {
            let (revision, _) = state_of(answer);
            if revision == sent.slot.revision {
                sent.was_not_made();
                return Ok(Attempt::Decided(Outcome::Conflict));
            }
            // The slot was collected, as those of sessions are that have ended.
            let renewed = upkeep::renew(shared, sent.slot.session.lease).await;
            renewed.map_err(Failure::of_write)?;
            Ok(Attempt::NotMade(Failure::open(LAPSED)))
        }
        Err(failure) if failure.kind == Kind::Open => resolve(shared, sent, failure).await,
        Err(failure) => {
            sent.was_not_made();
            Err(failure.of_write())
        }
    }
}

fn transaction(shared: &Shared, batch: &Batch, plan: &Plan, sent: &Sent) -> TxnRequest {
    let keys = &shared.keys;
    let slot_key = sent.slot.key(keys);
    let mut compares = compares(shared, batch);
    compares.push(request::is_of(slot_key.clone(), sent.slot.revision));
    let deletes = plan.deletes.iter().map(|(start, end)| {
        if *end == successor(start) {
            request::delete(keys.entry(start))
        } else {
            request::delete_range((keys.entry(start), keys.end_of_entries(end)))
        }
    });
    let puts = plan.puts.iter().map(|(key, value)| request::put(keys.entry(key), value.clone()));
    let mut operations: Vec<_> = deletes.chain(puts).collect();
    if sent.slot.is_new() {
        operations.push(request::put(slot_key.clone(), USED.into()));
    }
    // The last one: a watch brings the events of a revision in the order of its operations.
    operations.push(request::put(keys.head(), head::encode(sent.mark, &batch.writes, &plan.puts)));
    request::otherwise(request::when(compares, operations), vec![request::read(request::key(slot_key))])
}

/// The revision of an absent key is 0 for etcd, as its version is for the seam.
fn compares(shared: &Shared, batch: &Batch) -> Vec<Compare> {
    let compare = |check: &Check| {
        let revision = shared::revision_of(check.version);
        request::is_of(shared.keys.entry(&check.key), revision)
    };
    let unchanged = |version| request::is_of(shared.keys.head(), shared::revision_of(version));
    batch.checks.iter().map(compare).chain(batch.unchanged_since.map(unchanged)).collect()
}

//! Work that one process does for all: a key with a lease, which a process takes that finds it absent.
//!
//! The holder keeps the lease. It takes itself for the holder no longer than the lease lasts for certain: when it could
//! not keep it for some seconds, it lets go before etcd does. When it is killed, the lease ends after
//! [`TIME_TO_LIVE`], and another one that [looks](BETWEEN_LOOKS) has it.

use std::sync::Arc;
use std::time::Duration;

use bytes::Bytes;
use keyfront_engine::{Grant, Hold};
use tokio::time::{Instant, sleep};

use crate::cluster::pauses;
use crate::failure::Failure;
use crate::request;
use crate::shared::Shared;

/// The time after which the work of a process that is gone can be taken. Etcd makes it longer where its election
/// timeout is above three seconds.
const TIME_TO_LIVE: Duration = Duration::from_secs(5);

/// The time after which a holder that cannot reach etcd lets go.
const PATIENCE: Duration = Duration::from_secs(4);

const BETWEEN_KEEPS: Duration = Duration::from_secs(1);

const BETWEEN_LOOKS: Duration = Duration::from_secs(1);

/// Waits for the work whose key this is.
pub(crate) async fn take(shared: Arc<Shared>, key: Bytes) -> Hold {
    let mut waits = pauses();
    loop {
        match take_now(&shared, &key).await {
            Ok(Some((lease, since))) => {
                shared.note_lease(lease);
                let (grant, hold) = Hold::shared();
                tokio::spawn(keep(shared, lease, since, grant));
                return hold;
            }
            Ok(None) => {
                waits = pauses();
                sleep(BETWEEN_LOOKS).await;
            }
            Err(failure) => {
                tracing::debug!(problem = failure.message, "etcd does not say who holds a work");
                sleep(waits.next().unwrap_or(BETWEEN_LOOKS)).await;
            }
        }
    }
}

/// The lease with which the key was taken, and since when it lasts; `None` while another process has it.
async fn take_now(shared: &Shared, key: &Bytes) -> Result<Option<(i64, Instant)>, Failure> {
    let look = request::keys_only(request::key(key.clone()));
    if !shared.cluster.attempt(|client| client.range(look.clone())).await?.kvs.is_empty() {
        return Ok(None);
    }
    let since = Instant::now();
    let lease = shared.cluster.attempt(|client| client.grant(TIME_TO_LIVE)).await?;
    let absent = vec![request::is_absent(key.clone())];
    let txn = request::when(absent, vec![request::put_leased(key.clone(), lease)]);
    let txn = request::otherwise(txn, vec![request::read(look)]);
    let answer = shared.cluster.repeat(since + PATIENCE, |client| client.transact(txn.clone())).await?;
    // What is there after a lost answer may be this process's own.
    let is_taken = answer.succeeded
        || request::reads_of(answer).next().and_then(request::one).is_some_and(|held| held.lease == lease);
    if !is_taken {
        end(shared, lease).await;
    }
    Ok(is_taken.then_some((lease, since)))
}

/// Keeps a lease until the hold is given back, or until it may be lost.
async fn keep(shared: Arc<Shared>, lease: i64, since: Instant, mut grant: Grant) {
    let mut until = since + PATIENCE;
    let keeping = async {
        loop {
            sleep(BETWEEN_KEEPS).await;
            let began = Instant::now();
            match shared.cluster.repeat(until, |client| client.keep(lease)).await {
                Ok(()) => until = began + PATIENCE,
                Err(failure) => return failure,
            }
        }
    };
    tokio::select! {
        failure = keeping => tracing::warn!(problem = failure.message, "a work is left to another server"),
        () = grant.released() => {}
    }
    drop(grant);
    end(&shared, lease).await;
    shared.forget_lease(lease);
}

async fn end(shared: &Shared, lease: i64) {
    // If it fails, the lease ends by itself.
    drop(shared.cluster.attempt(|client| client.revoke(lease)).await);
}

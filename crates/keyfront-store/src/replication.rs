//! What an edge that follows a store gets of it, and where both sides note how far they are.
//!
//! The store notes its timelines, a replica its position in them. How changes travel is not said here: see
//! `keyfront-follow`.

use bytes::Bytes;
use keyfront_domain::AccountId;
use uuid::Uuid;

use crate::records::{ReplicaMark, ReplicaRecord, Timeline, TimelinesRecord};
use crate::{Batch, Engine, Key, Outcome, Range, Record, StoreError, Unusable, Version, keyspace};

/// The timelines that are remembered. An edge that last followed an earlier one gets a fresh image.
const MOST_TIMELINES: usize = 64;

/// How often a write of the timelines is tried while others write them.
const ATTEMPTS: usize = 100;

/// What of an account travels to an edge: whole tables, in key order, and never credentials.
pub fn ranges(account: AccountId) -> Vec<Range> {
    keyspace::travelling(account)
}

/// The key of the timelines of a store.
pub fn timelines_key() -> Key<TimelinesRecord> {
    keyspace::timelines()
}

/// The key of how far a replica has followed an account.
pub fn replica_key(account: AccountId) -> Key<ReplicaRecord> {
    keyspace::replica(account)
}

/// Begins a timeline, if the store has any: a server calls it when it starts, before it takes a write. A store that
/// was never followed has none, and needs none.
///
/// # Errors
/// Storage failed.
pub async fn begin_timeline(engine: &dyn Engine, id: Uuid) -> Result<(), StoreError> {
    add_timeline(engine, id, |timelines| !timelines.0.is_empty()).await.map(|_timelines| ())
}

/// The timelines of the store. The first one, with this id, is made if there is none.
///
/// # Errors
/// Storage failed.
pub async fn timelines(engine: &dyn Engine, id: Uuid) -> Result<TimelinesRecord, StoreError> {
    add_timeline(engine, id, |timelines| timelines.0.is_empty()).await
}

/// Adds a timeline where `wanted` says so. It is no change of what a saved state holds, so it is made beside restores.
async fn add_timeline(
    engine: &dyn Engine,
    id: Uuid,
    wanted: impl Fn(&TimelinesRecord) -> bool,
) -> Result<TimelinesRecord, StoreError> {
    let key = keyspace::timelines();
    for _ in 0..ATTEMPTS {
        let snapshot = engine.read(&[Range::key(key.bytes())]).await?;
        let entry = snapshot.ranges.into_iter().flatten().next();
        let checked = entry.as_ref().map_or(Version::NEVER, |entry| entry.version);
        let mut timelines = match entry {
            Some(entry) => key.table().decode(&entry.value)?,
            None => TimelinesRecord::default(),
        };
        if !wanted(&timelines) {
            return Ok(timelines);
        }
        timelines.0.push(Timeline { id, began: snapshot.version.0 });
        timelines.0.drain(..timelines.0.len().saturating_sub(MOST_TIMELINES));
        let batch = Batch::default().check(key.bytes(), checked).put(key.bytes(), timelines.encode()?);
        if engine.commit(batch).await? != Outcome::Conflict {
            return Ok(timelines);
        }
    }
    Err(StoreError::NotWritten {
        message: "other servers wrote the timelines all the time".to_owned(),
        source: None,
    })
}

/// Makes a replica of an engine that is empty, or checks that it is one.
///
/// # Errors
/// It holds the data of a server, or storage failed.
pub async fn open_replica(engine: &dyn Engine) -> Result<(), StoreError> {
    let key = keyspace::replica_mark();
    if key.read(engine).await?.is_some() {
        return Ok(());
    }
    let all = Range::new(Bytes::new(), Bytes::new()).limit(1);
    if engine.read(&[all]).await?.ranges.iter().any(|entries| !entries.is_empty()) {
        let message = "the data folder is that of a server, and an edge needs one of its own: name another with data in \
                       [store]";
        return Err(Unusable::new(message).into());
    }
    let mark = ReplicaMark::default().encode()?;
    engine.commit(Batch::default().absent(key.bytes()).put(key.bytes(), mark)).await?;
    Ok(())
}

/// Refuses a replica as the store of a server.
///
/// # Errors
/// It is one, or storage failed.
pub async fn refuse_replica(engine: &dyn Engine) -> Result<(), StoreError> {
    if keyspace::replica_mark().read(engine).await?.is_none() {
        return Ok(());
    }
    let message = "the data folder is that of an edge, which has no credentials and takes no writes: name another with data \
                   in [store]";
    Err(Unusable::new(message).into())
}

/// The accounts that a replica has followed.
///
/// # Errors
/// Storage failed, or a record is damaged.
pub async fn replica_accounts(engine: &dyn Engine) -> Result<Vec<AccountId>, StoreError> {
    let records = keyspace::replicas().read(engine, usize::MAX).await?;
    Ok(records.iter().filter_map(|(rest, _)| keyspace::replica_account(rest)).collect())
}

/// Removes everything of an account from a replica.
///
/// # Errors
/// Storage failed.
pub async fn forget_account(engine: &dyn Engine, account: AccountId) -> Result<(), StoreError> {
    let removed = |batch: Batch, range: Range| batch.delete_range(range.start, range.end);
    let batch = ranges(account).into_iter().fold(Batch::default(), removed);
    engine.commit(batch.delete(keyspace::replica(account).bytes())).await?;
    Ok(())
}

//! Deleting a resource, which gives back all that it holds.

use keyfront_domain::arn::ResourceArn;
use keyfront_domain::etag;

use super::{held, hold};
use crate::records::{CountRecord, DeletedRecord, decode, encode};
use crate::{Batch, Engine, Outcome, Range, StoreError, keyspace, references};

/// What became of a deletion.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Delete {
    /// It is gone; its id is remembered.
    Deleted,
    /// There is no such resource.
    Absent,
    /// `if_match` is not the ETag of the resource.
    Stale,
    /// Another resource refers to it.
    InUse,
}

/// Deletes a resource whose ETag is `if_match` and to which nothing refers.
pub async fn delete(
    engine: &dyn Engine,
    arn: &ResourceArn,
    if_match: &str,
    now_ms: i64,
) -> Result<Delete, StoreError> {
    loop {
        let Some((held, version)) = held(engine, arn).await? else { return Ok(Delete::Absent) };
        if etag::control_plane(held.version) != if_match {
            return Ok(Delete::Stale);
        }
        let count_key = keyspace::resource_count(arn.account, arn.kind);
        let references_key = keyspace::references(arn.account, &arn.to_string());
        let ranges = [Range::key(count_key.clone()), Range::key(references_key.clone())];
        let snapshot = engine.read(&ranges).await?;
        if references::count(snapshot.one(1))? > 0 {
            return Ok(Delete::InUse);
        }
        let mut counted: CountRecord =
            snapshot.one(0).map(|entry| decode("count", &entry.value)).transpose()?.unwrap_or_default();
        counted.count = counted.count.saturating_sub(1);
        let created_ms = held.created_ms;
        let batch = Batch::default()
            .check(keyspace::resource(arn), version)
            .check(count_key.clone(), snapshot.version_of(0))
            .check(references_key.clone(), snapshot.version_of(1))
            .put(count_key, encode(&counted)?)
            .put(keyspace::deleted_resource(arn), encode(&DeletedRecord { created_ms, deleted_ms: now_ms })?)
            .delete(keyspace::resource(arn))
            .delete(keyspace::resource_creation(arn, created_ms))
            .delete(references_key);
        let batch = hold::give_back(engine, arn, &held, batch).await?;
        if engine.commit(batch).await? != Outcome::Conflict {
            return Ok(Delete::Deleted);
        }
    }
}

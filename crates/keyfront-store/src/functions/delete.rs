//! Deleting a function with both its stages.

use keyfront_domain::arn::{FunctionArn, ResourceKind};
use keyfront_domain::etag;
use keyfront_domain::function::Stage;

use super::{held, hold};
use crate::records::{CountRecord, damaged, decode, encode};
use crate::{Batch, Engine, Outcome, Range, StoreError, keyspace, references};

/// What became of a deletion.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Delete {
    /// It is gone, and its name is free.
    Deleted,
    /// There is no such function.
    Absent,
    /// `if_match` is not the ETag of DEVELOPMENT.
    Stale,
    /// So many others refer to it.
    InUse(u64),
}

/// Deletes a function whose DEVELOPMENT has the ETag `if_match` and to which nothing refers.
pub async fn delete(engine: &dyn Engine, arn: &FunctionArn, if_match: &str) -> Result<Delete, StoreError> {
    loop {
        let Some((record, version)) = held(engine, arn).await? else { return Ok(Delete::Absent) };
        if etag::control_plane(record.development.version) != if_match {
            return Ok(Delete::Stale);
        }
        let (account, resource) = (arn.account, arn.to_string());
        let count_key = keyspace::resource_count(account, ResourceKind::FUNCTION);
        let references_key = keyspace::references(account, &resource);
        let ranges = [Range::key(count_key.clone()), Range::key(references_key.clone())];
        let snapshot = engine.read(&ranges).await?;
        let referrers = references::count(snapshot.one(1))?;
        if referrers > 0 {
            return Ok(Delete::InUse(referrers));
        }
        let mut counted: CountRecord =
            snapshot.one(0).map(|entry| decode("count", &entry.value)).transpose()?.unwrap_or_default();
        counted.count = counted.count.saturating_sub(1);
        let batch = Batch::default()
            .check(keyspace::function(arn), version)
            .check(count_key.clone(), snapshot.version_of(0))
            .check(references_key.clone(), snapshot.version_of(1))
            .put(count_key, encode(&counted)?)
            .delete(keyspace::function(arn))
            .delete(keyspace::function_code(arn, Stage::Development))
            .delete(keyspace::function_code(arn, Stage::Live))
            .delete(keyspace::tags(account, &resource).bytes())
            .delete(references_key);
        let batch = hold::change(engine, arn, Some(&record), None, batch).await?;
        let batch = batch.map_err(|_missing| damaged("function"))?;
        if engine.commit(batch).await? != Outcome::Conflict {
            return Ok(Delete::Deleted);
        }
    }
}

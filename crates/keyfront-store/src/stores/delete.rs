//! Deleting a store with everything that belongs to it.

use keyfront_domain::arn::KeyValueStoreArn;
use keyfront_domain::etag;

use super::held;
use crate::records::{AccountRecord, DeletedRecord, decode, encode};
use crate::{Batch, Engine, Outcome, Range, StoreError, keyspace, references};

/// What became of a deletion.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Delete {
    /// It is gone; its id is remembered.
    Deleted,
    /// There is no such store.
    Absent,
    /// `if_match` is not the ETag of the store's configuration.
    Stale,
    /// Another resource refers to it.
    InUse,
}

/// Deletes a store whose configuration has the ETag `if_match` and to which nothing refers.
pub async fn delete(
    engine: &dyn Engine,
    arn: &KeyValueStoreArn,
    if_match: &str,
    now_ms: i64,
) -> Result<Delete, StoreError> {
    loop {
        let Some(held) = held(engine, arn).await? else { return Ok(Delete::Absent) };
        if etag::control_plane(held.record.version) != if_match {
            return Ok(Delete::Stale);
        }
        let (account, resource) = (arn.account, arn.to_string());
        let account_key = keyspace::account(account);
        let references_key = keyspace::references(account, &resource);
        let ranges = [Range::key(account_key.clone()), Range::key(references_key.clone())];
        let snapshot = engine.read(&ranges).await?;
        if references::count(snapshot.one(1))? > 0 {
            return Ok(Delete::InUse);
        }
        let mut owned: AccountRecord =
            snapshot.one(0).map(|entry| decode("account", &entry.value)).transpose()?.unwrap_or_default();
        owned.key_value_stores = owned.key_value_stores.saturating_sub(1);
        let created_ms = held.record.created_ms;
        let pairs = Range::prefix(keyspace::pair_prefix(arn));
        let batch = Batch::default()
            .check(keyspace::store(arn), held.version)
            .check(account_key.clone(), snapshot.version_of(0))
            .check(references_key.clone(), snapshot.version_of(1))
            .put(account_key, encode(&owned)?)
            .put(keyspace::deleted(arn), encode(&DeletedRecord { created_ms, deleted_ms: now_ms })?)
            .delete(keyspace::name(account, &held.record.name))
            .delete(keyspace::store(arn))
            .delete(keyspace::creation(arn, created_ms))
            .delete(keyspace::pairs(arn))
            .delete(keyspace::import(arn))
            .delete(keyspace::tags(account, &resource).bytes())
            .delete(references_key)
            .delete_range(pairs.start, pairs.end);
        if engine.commit(batch).await? != Outcome::Conflict {
            return Ok(Delete::Deleted);
        }
    }
}

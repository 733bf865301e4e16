//! Referring to a store, which cannot be deleted from then on.

use keyfront_domain::arn::KeyValueStoreArn;

use crate::{Batch, Engine, Range, StoreError, keyspace, references};

/// Adds to `batch` that `referrer`, an ARN of the same account, refers to the store `arn`. Nothing: there is
/// no such store.
///
/// The batch conflicts when the store changes or goes before it is committed, so a race with its deletion
/// never leaves a reference to nothing.
pub async fn refer(
    engine: &dyn Engine,
    arn: &KeyValueStoreArn,
    referrer: &str,
    batch: Batch,
) -> Result<Option<Batch>, StoreError> {
    let key = keyspace::store(arn);
    let snapshot = engine.read(&[Range::key(key.clone())]).await?;
    let Some(entry) = snapshot.one(0) else { return Ok(None) };
    let batch = batch.check(key, entry.version);
    references::add(engine, arn.account, &arn.to_string(), referrer, batch).await.map(Some)
}

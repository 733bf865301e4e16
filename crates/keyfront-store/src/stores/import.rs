//! Ending an import: all pairs appear together with the state, or the state alone says why not.

use keyfront_domain::arn::KeyValueStoreArn;
use keyfront_domain::pairs::{Totals, size};

use crate::records::{KeyValueStoreRecord, PairsRecord, Status, decode, encode, encode_pair};
use crate::{Batch, Engine, Outcome, Range, StoreError, keyspace};

/// The stores that are provisioning, of every account: after a restart somebody has to finish them.
pub async fn pending_imports(
    engine: &dyn Engine,
) -> Result<Vec<(KeyValueStoreArn, KeyValueStoreRecord)>, StoreError> {
    let pending = engine.read(&[Range::prefix(keyspace::imports())]).await?;
    let arns: Vec<_> = pending.range(0).iter().filter_map(|entry| keyspace::store_of(&entry.key)).collect();
    let keys: Vec<_> = arns.iter().map(|arn| Range::key(keyspace::store(arn))).collect();
    let records = engine.read(&keys).await?;
    let mut found = Vec::new();
    for (index, arn) in arns.into_iter().enumerate() {
        if let Some(entry) = records.one(index) {
            found.push((arn, decode("key value store", &entry.value)?));
        }
    }
    Ok(found)
}

/// Ends the provisioning of a store: with the pairs of its import, none if it has no import, or with the
/// reason why there are none.
///
/// A store that is no longer provisioning, or no longer there, is left as it is.
pub async fn finish_import(
    engine: &dyn Engine,
    arn: &KeyValueStoreArn,
    result: Result<&[(String, String)], &str>,
    now_ms: i64,
) -> Result<(), StoreError> {
    let (store_key, pairs_key) = (keyspace::store(arn), keyspace::pairs(arn));
    loop {
        let snapshot = engine.read(&[Range::key(store_key.clone()), Range::key(pairs_key.clone())]).await?;
        let (Some(store), Some(head)) = (snapshot.one(0), snapshot.one(1)) else { return Ok(()) };
        let mut record: KeyValueStoreRecord = decode("key value store", &store.value)?;
        let mut pairs = PairsRecord::decode(&head.value)?;
        if record.status != Status::Provisioning {
            return Ok(());
        }
        let mut batch = Batch::default()
            .check(store_key.clone(), store.version)
            .check(pairs_key.clone(), head.version)
            .delete(keyspace::import(arn));
        match result {
            Ok(imported) => {
                record.status = Status::Ready;
                for (key, value) in imported {
                    pairs.totals.item_count += 1;
                    pairs.totals.total_size_in_bytes += size(key, value);
                    batch = batch.put(keyspace::pair(arn, key), encode_pair(value));
                }
            }
            Err(reason) => {
                record.status = Status::ImportFailure;
                record.failure_reason = Some(reason.to_owned());
                pairs.totals = Totals::default();
            }
        }
        record.modified_ms = now_ms;
        pairs.status = record.status;
        pairs.modified_ms = now_ms;
        batch = batch.put(store_key.clone(), encode(&record)?).put(pairs_key.clone(), pairs.encode());
        if engine.commit(batch).await? != Outcome::Conflict {
            return Ok(());
        }
    }
}

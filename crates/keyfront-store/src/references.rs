//! Who refers to whom: the index behind "cannot delete while in use".
//!
//! A resource that refers to another says so in the commit that makes it so. The count of a target
//! changes with every reference, so a deletion that checks the count cannot pass beside a new one.

use keyfront_domain::AccountId;

use crate::records::{ReferencesRecord, decode, encode};
use crate::{Batch, Engine, Entry, Range, StoreError, keyspace};

/// Adds to `batch` that `referrer` refers to `target`, both ARNs of `account`.
///
/// The batch conflicts when another reference to the target appears or goes in between. That the target
/// exists is for the batch to check too; [`refer`](crate::stores::refer) does it for a key value store.
///
/// At most one change for a target goes into one batch, be it of this function or of [`remove`]. Each
/// reads the count as it was committed and does not see what the batch already holds, so a second change
/// would overwrite the count of the first, and the batch would commit with a count that is off by one.
pub async fn add(
    engine: &dyn Engine,
    account: AccountId,
    target: &str,
    referrer: &str,
    batch: Batch,
) -> Result<Batch, StoreError> {
    change(engine, account, target, referrer, batch, true).await
}

/// Adds to `batch` that `referrer` no longer refers to `target`. At most one change for a target goes
/// into one batch: see [`add`].
pub async fn remove(
    engine: &dyn Engine,
    account: AccountId,
    target: &str,
    referrer: &str,
    batch: Batch,
) -> Result<Batch, StoreError> {
    change(engine, account, target, referrer, batch, false).await
}

async fn change(
    engine: &dyn Engine,
    account: AccountId,
    target: &str,
    referrer: &str,
    batch: Batch,
    wanted: bool,
) -> Result<Batch, StoreError> {
    let count_key = keyspace::references(account, target);
    let referrer_key = keyspace::referrer(account, target, referrer);
    let snapshot = engine.read(&[Range::key(count_key.clone()), Range::key(referrer_key.clone())]).await?;
    if snapshot.one(1).is_some() == wanted {
        return Ok(batch);
    }
    let held = count(snapshot.one(0))?;
    let record = ReferencesRecord { count: if wanted { held + 1 } else { held.saturating_sub(1) } };
    let batch = batch.check(count_key.clone(), snapshot.version_of(0)).put(count_key, encode(&record)?);
    Ok(if wanted { batch.put(referrer_key, "") } else { batch.delete(referrer_key) })
}

/// The ARNs that refer to `target`, in order, at most `limit` of them.
pub async fn referrers(
    engine: &dyn Engine,
    account: AccountId,
    target: &str,
    limit: usize,
) -> Result<Vec<String>, StoreError> {
    let prefix = keyspace::referrers(account, target);
    let snapshot = engine.read(&[Range::prefix(prefix.clone()).limit(limit)]).await?;
    let arns = snapshot.range(0).iter().filter_map(|entry| entry.key.strip_prefix(&prefix[..]));
    Ok(arns.map(|arn| String::from_utf8_lossy(arn).into_owned()).collect())
}

/// The count in a target's entry.
pub(crate) fn count(entry: Option<&Entry>) -> Result<u64, StoreError> {
    let record: Option<ReferencesRecord> =
        entry.map(|entry| decode("references", &entry.value)).transpose()?;
    Ok(record.unwrap_or_default().count)
}

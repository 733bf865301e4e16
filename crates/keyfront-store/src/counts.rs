//! How many resources of a kind an account has.

use keyfront_domain::AccountId;
use keyfront_domain::arn::ResourceKind;

use crate::records::{CountRecord, damaged, next};
use crate::{Abort, Engine, StoreError, Transaction, keyspace};

/// The account has as many resources of a kind as it may have.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct LimitReached;

/// Counts one more, unless there are `limit` already.
pub(crate) async fn add(
    tx: &Transaction<'_>,
    account: AccountId,
    kind: ResourceKind,
    limit: u64,
) -> Result<(), Abort<LimitReached>> {
    let key = keyspace::count(account, kind);
    let CountRecord { count } = tx.get(&key).await?.unwrap_or_default();
    if count >= limit {
        return Err(Abort::Refused(LimitReached));
    }
    tx.put(&key, &CountRecord { count: next(count, "count")? })?;
    Ok(())
}

/// Counts one less.
pub(crate) async fn subtract(
    tx: &Transaction<'_>,
    account: AccountId,
    kind: ResourceKind,
) -> Result<(), StoreError> {
    let key = keyspace::count(account, kind);
    let CountRecord { count } = tx.get(&key).await?.unwrap_or_default();
    tx.put(&key, &CountRecord { count: count.saturating_sub(1) })
}

/// How many resources of a kind the account has.
pub async fn of(engine: &dyn Engine, account: AccountId, kind: ResourceKind) -> Result<u64, StoreError> {
    let record = keyspace::count(account, kind).read(engine).await?;
    Ok(record.unwrap_or_default().count)
}

/// How many resources of a kind all accounts have together.
pub async fn total(engine: &dyn Engine, kind: ResourceKind) -> Result<u64, StoreError> {
    let counts = keyspace::counts().read(engine, usize::MAX).await?;
    let mut of_kind = counts.into_iter().filter(|(rest, _)| rest.get(12..) == Some(kind.as_str().as_bytes()));
    let add = |sum: u64, (_, record): (_, CountRecord)| sum.checked_add(record.count);
    of_kind.try_fold(0, add).ok_or_else(|| damaged("count"))
}

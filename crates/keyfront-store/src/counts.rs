//! How many resources of a kind an account has.

use keyfront_domain::AccountId;
use keyfront_domain::arn::ResourceKind;

use crate::records::{CountRecord, ResourceRecord, damaged, next};
use crate::{Abort, Engine, Key, StoreError, Transaction, keyspace, resources};

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

/// A part of a kind that has a quota of its own, such as the distributions for staging. A resource never changes its part.
#[derive(Clone, Copy)]
pub struct Part {
    /// The kind.
    pub kind: ResourceKind,
    /// The part among those of the kind.
    pub name: &'static str,
    /// Whether a resource is of it.
    pub has: fn(&ResourceRecord) -> bool,
}

impl Part {
    /// Beside the count of the whole kind, of which it is not a kind.
    fn key(self, account: AccountId) -> Key<CountRecord> {
        keyspace::count_of_part(account, self.kind, self.name)
    }
}

/// Counts a resource that was just created, and gives how many the part has with it.
///
/// Data of versions without these counts has none, so the first creation looks at all resources of the kind.
pub async fn add_to_part(tx: &Transaction<'_>, account: AccountId, part: Part) -> Result<u64, StoreError> {
    let key = part.key(account);
    let count = if let Some(CountRecord { count }) = tx.get(&key).await? {
        next(count, "count")?
    } else {
        let all = resources::all(tx, account, part.kind).await?;
        let of_part = all.iter().filter(|record| (part.has)(record)).count();
        u64::try_from(of_part).map_err(|_too_many| damaged("count"))?
    };
    tx.put(&key, &CountRecord { count })?;
    Ok(count)
}

/// Counts a resource of a part no more that is about to be deleted. A part that was never counted is not counted now.
pub async fn subtract_from_part(
    tx: &Transaction<'_>,
    account: AccountId,
    part: Part,
) -> Result<(), StoreError> {
    let key = part.key(account);
    match tx.get(&key).await? {
        Some(CountRecord { count }) => tx.put(&key, &CountRecord { count: count.saturating_sub(1) }),
        None => Ok(()),
    }
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

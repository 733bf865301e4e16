//! Tags of any resource that can have some.

use std::collections::BTreeMap;

use keyfront_domain::arn::Arn;

use crate::records::TagsRecord;
use crate::{Abort, Engine, StoreError, Transaction, keyspace, references, transact};

/// Why tags are not changed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Refused {
    /// The resource does not exist.
    Absent,
    /// The resource would have more tags than it may have.
    LimitReached,
}

/// The tags of a resource; none when it has none, whether it exists or not.
pub async fn get(engine: &dyn Engine, resource: &Arn) -> Result<BTreeMap<String, String>, StoreError> {
    Ok(keyspace::tags(resource).read(engine).await?.unwrap_or_default().tags)
}

/// The tags of a resource that exists; nothing when it does not.
pub async fn of(engine: &dyn Engine, resource: &Arn) -> Result<Option<BTreeMap<String, String>>, StoreError> {
    transact(engine, |tx| async move {
        let tags = tx.get(&keyspace::tags(resource)).await?.unwrap_or_default().tags;
        Ok(references::exists(&tx, resource).await?.then_some(tags))
    })
    .await
}

/// Changes the tags of a resource, if it exists and has at most `limit` tags afterwards. `edit` may be called more
/// than once, each time with what the tags are then.
pub async fn change(
    engine: &dyn Engine,
    resource: &Arn,
    limit: u64,
    edit: impl Fn(&mut BTreeMap<String, String>) + Send + Sync,
) -> Result<(), Abort<Refused>> {
    let edit = &edit;
    transact(engine, |tx| async move {
        if !references::exists(&tx, resource).await? {
            return Err(Abort::Refused(Refused::Absent));
        }
        let key = keyspace::tags(resource);
        let mut record = tx.get(&key).await?.unwrap_or_default();
        edit(&mut record.tags);
        if u64::try_from(record.tags.len()).unwrap_or(u64::MAX) > limit {
            return Err(Abort::Refused(Refused::LimitReached));
        }
        Ok(tx.put(&key, &record)?)
    })
    .await
}

/// Gives a resource that is being created its first tags.
pub(crate) fn put(tx: &Transaction<'_>, resource: &Arn, tags: &TagsRecord) -> Result<(), StoreError> {
    if tags.tags.is_empty() { Ok(()) } else { tx.put(&keyspace::tags(resource), tags) }
}

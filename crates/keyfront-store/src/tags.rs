//! Tags of any resource that has an ARN.

use std::collections::BTreeMap;

use keyfront_domain::AccountId;
use keyfront_domain::arn::KeyValueStoreArn;

use crate::records::{TagsRecord, decode, encode};
use crate::{Batch, Engine, Outcome, Range, StoreError, keyspace};

/// What became of a change of tags.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ChangeTags {
    /// It was made.
    Changed,
    /// The resource does not exist.
    Absent,
    /// The resource would have more tags than it may have.
    LimitReached,
}

/// The tags of a resource; none when it has none, whether it exists or not.
pub async fn get(
    engine: &dyn Engine,
    account: AccountId,
    resource: &str,
) -> Result<BTreeMap<String, String>, StoreError> {
    let snapshot = engine.read(&[Range::key(keyspace::tags(account, resource))]).await?;
    let record: Option<TagsRecord> = snapshot.one(0).map(|entry| decode("tags", &entry.value)).transpose()?;
    Ok(record.unwrap_or_default().tags)
}

/// Changes the tags of a key value store, if it exists and has at most `limit` tags afterwards.
pub async fn change(
    engine: &dyn Engine,
    store: &KeyValueStoreArn,
    limit: u64,
    edit: impl Fn(&mut BTreeMap<String, String>),
) -> Result<ChangeTags, StoreError> {
    let tags_key = keyspace::tags(store.account, &store.to_string());
    let store_key = keyspace::store(store);
    loop {
        let snapshot = engine.read(&[Range::key(tags_key.clone()), Range::key(store_key.clone())]).await?;
        if snapshot.one(1).is_none() {
            return Ok(ChangeTags::Absent);
        }
        let mut record: TagsRecord =
            snapshot.one(0).map(|entry| decode("tags", &entry.value)).transpose()?.unwrap_or_default();
        edit(&mut record.tags);
        if u64::try_from(record.tags.len()).unwrap_or(u64::MAX) > limit {
            return Ok(ChangeTags::LimitReached);
        }
        let batch = Batch::default()
            .check(tags_key.clone(), snapshot.version_of(0))
            .check(store_key.clone(), snapshot.version_of(1))
            .put(tags_key.clone(), encode(&record)?);
        if engine.commit(batch).await? != Outcome::Conflict {
            return Ok(ChangeTags::Changed);
        }
    }
}

//! Tags of any resource that has an ARN.

use std::collections::BTreeMap;
use std::fmt;

use bytes::Bytes;
use keyfront_domain::AccountId;
use keyfront_domain::arn::{FunctionArn, KeyValueStoreArn};

use crate::records::{TagsRecord, decode, encode};
use crate::{Batch, Engine, Outcome, Range, StoreError, keyspace};

/// A resource that can have tags.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Tagged {
    /// A key value store.
    KeyValueStore(KeyValueStoreArn),
    /// A function.
    Function(FunctionArn),
}

impl Tagged {
    /// The resource of an ARN; nothing when resources of its kind have no tags here.
    pub fn parse(arn: &str) -> Option<Tagged> {
        let store = arn.parse().map(Tagged::KeyValueStore).ok();
        store.or_else(|| arn.parse().map(Tagged::Function).ok())
    }

    /// The account that owns it.
    pub fn account(&self) -> AccountId {
        match self {
            Tagged::KeyValueStore(arn) => arn.account,
            Tagged::Function(arn) => arn.account,
        }
    }

    /// The key of its record, which is there as long as it exists.
    fn record(&self) -> Bytes {
        match self {
            Tagged::KeyValueStore(arn) => keyspace::store(arn),
            Tagged::Function(arn) => keyspace::function(arn),
        }
    }
}

/// Its ARN, as it stands in keys.
impl fmt::Display for Tagged {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Tagged::KeyValueStore(arn) => arn.fmt(f),
            Tagged::Function(arn) => arn.fmt(f),
        }
    }
}

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
    let record = keyspace::tags(account, resource).read(engine).await?;
    Ok(record.unwrap_or_default().tags)
}

/// The tags of a resource that exists; nothing when it does not.
pub async fn of(
    engine: &dyn Engine,
    resource: &Tagged,
) -> Result<Option<BTreeMap<String, String>>, StoreError> {
    if engine.read(&[Range::key(resource.record())]).await?.one(0).is_none() {
        return Ok(None);
    }
    get(engine, resource.account(), &resource.to_string()).await.map(Some)
}

/// Changes the tags of a resource, if it exists and has at most `limit` tags afterwards.
pub async fn change(
    engine: &dyn Engine,
    resource: &Tagged,
    limit: u64,
    edit: impl Fn(&mut BTreeMap<String, String>),
) -> Result<ChangeTags, StoreError> {
    let tags_key = keyspace::tags(resource.account(), &resource.to_string()).bytes();
    let record_key = resource.record();
    loop {
        let snapshot = engine.read(&[Range::key(tags_key.clone()), Range::key(record_key.clone())]).await?;
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
            .check(record_key.clone(), snapshot.version_of(1))
            .put(tags_key.clone(), encode(&record)?);
        if engine.commit(batch).await? != Outcome::Conflict {
            return Ok(ChangeTags::Changed);
        }
    }
}

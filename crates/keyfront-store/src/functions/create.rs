//! Creating a function.

use keyfront_domain::arn::{FunctionArn, KeyValueStoreArn, ResourceKind};
use keyfront_domain::function::Stage;

use super::{Draft, hold};
use crate::records::{CountRecord, FunctionRecord, TagsRecord, decode, encode, encode_code};
use crate::{Batch, Engine, Outcome, Range, StoreError, keyspace};

/// A function to create.
#[derive(Clone)]
pub struct NewFunction {
    /// What it is, in the stage DEVELOPMENT.
    pub draft: Draft,
    /// Its tags.
    pub tags: TagsRecord,
    /// Now, in milliseconds since the epoch.
    pub now_ms: i64,
}

/// What became of it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Create {
    /// It exists.
    Created(FunctionRecord),
    /// Another function of the account has the name.
    NameTaken,
    /// The account has as many functions as it may have.
    LimitReached,
    /// It names a key value store that does not exist.
    NoSuchStore(KeyValueStoreArn),
}

/// Creates a function, unless the name is taken or the account has `limit` functions already.
pub async fn create(
    engine: &dyn Engine,
    arn: &FunctionArn,
    new: &NewFunction,
    limit: u64,
) -> Result<Create, StoreError> {
    let key = keyspace::function(arn);
    let count_key = keyspace::resource_count(arn.account, ResourceKind::FUNCTION);
    let record = FunctionRecord {
        name: arn.name.clone(),
        development: new.draft.stage(new.now_ms, new.now_ms, 1),
        live: None,
        published: None,
    };
    loop {
        let snapshot = engine.read(&[Range::key(count_key.clone()), Range::key(key.clone())]).await?;
        if snapshot.one(1).is_some() {
            return Ok(Create::NameTaken);
        }
        let mut counted: CountRecord =
            snapshot.one(0).map(|entry| decode("count", &entry.value)).transpose()?.unwrap_or_default();
        if counted.count >= limit {
            return Ok(Create::LimitReached);
        }
        counted.count += 1;
        let mut batch = Batch::default()
            .check(count_key.clone(), snapshot.version_of(0))
            .absent(key.clone())
            .put(count_key.clone(), encode(&counted)?)
            .put(key.clone(), encode(&record)?)
            .put(keyspace::function_code(arn, Stage::Development), encode_code(&new.draft.code));
        if !new.tags.tags.is_empty() {
            batch = batch.put(keyspace::tags(arn.account, &arn.to_string()).bytes(), encode(&new.tags)?);
        }
        let batch = match hold::change(engine, arn, None, Some(&record), batch).await? {
            Ok(batch) => batch,
            Err(store) => return Ok(Create::NoSuchStore(store)),
        };
        if engine.commit(batch).await? != Outcome::Conflict {
            return Ok(Create::Created(record));
        }
    }
}

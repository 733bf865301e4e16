//! Creating a resource.

use keyfront_domain::arn::ResourceArn;

use super::hold::{self, Refused};
use super::{Content, first_version};
use crate::records::{CountRecord, ResourceRecord, decode, encode};
use crate::{Batch, Engine, Outcome, Range, StoreError, keyspace};

/// What became of it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Create {
    /// It exists.
    Created(ResourceRecord),
    /// It cannot have its name, its caller reference or its references.
    Refused(Refused),
    /// The account has as many of its kind as it may have.
    LimitReached,
    /// A resource has the id, or had it once; another one must be drawn.
    IdUsed,
}

/// Creates a resource, unless the account has `limit` of its kind already.
pub async fn create(
    engine: &dyn Engine,
    arn: &ResourceArn,
    content: &Content,
    limit: u64,
    now_ms: i64,
) -> Result<Create, StoreError> {
    let count_key = keyspace::resource_count(arn.account, arn.kind);
    let (key, deleted_key) = (keyspace::resource(arn), keyspace::deleted_resource(arn));
    let record = first_version(arn, content, now_ms);
    loop {
        let ranges = [&count_key, &key, &deleted_key].map(|key| Range::key(key.clone()));
        let snapshot = engine.read(&ranges).await?;
        if snapshot.one(1).is_some() || snapshot.one(2).is_some() {
            return Ok(Create::IdUsed);
        }
        let mut counted: CountRecord =
            snapshot.one(0).map(|entry| decode("count", &entry.value)).transpose()?.unwrap_or_default();
        let full = counted.count >= limit;
        counted.count += 1;
        let batch = Batch::default()
            .check(count_key.clone(), snapshot.version_of(0))
            .absent(key.clone())
            .absent(deleted_key.clone())
            .put(count_key.clone(), encode(&counted)?)
            .put(key.clone(), encode(&record)?)
            .put(keyspace::resource_creation(arn, now_ms), "");
        let batch = match hold::change(engine, arn, None, content, batch).await? {
            Ok(batch) => batch,
            Err(refused) => return Ok(Create::Refused(refused)),
        };
        if full {
            return Ok(Create::LimitReached);
        }
        if engine.commit(batch).await? != Outcome::Conflict {
            return Ok(Create::Created(record));
        }
    }
}

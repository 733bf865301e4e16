//! Changing a store's configuration, which is its comment.

use keyfront_domain::arn::KeyValueStoreArn;
use keyfront_domain::etag;

use super::held;
use crate::records::{KeyValueStoreRecord, encode};
use crate::{Batch, Engine, Outcome, StoreError, keyspace};

/// What became of an update.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Update {
    /// It was made.
    Updated(KeyValueStoreRecord),
    /// There is no such store.
    Absent,
    /// `if_match` is not the ETag of the store's configuration.
    Stale,
}

/// Sets the comment of a store whose configuration has the ETag `if_match`.
pub async fn update_comment(
    engine: &dyn Engine,
    arn: &KeyValueStoreArn,
    if_match: &str,
    comment: &str,
    now_ms: i64,
) -> Result<Update, StoreError> {
    loop {
        let Some(held) = held(engine, arn).await? else { return Ok(Update::Absent) };
        if etag::control_plane(held.record.version) != if_match {
            return Ok(Update::Stale);
        }
        let mut record = held.record;
        record.comment = Some(comment.to_owned());
        record.version += 1;
        record.modified_ms = now_ms;
        let key = keyspace::store(arn);
        let batch = Batch::default().check(key.clone(), held.version).put(key, encode(&record)?);
        if engine.commit(batch).await? != Outcome::Conflict {
            return Ok(Update::Updated(record));
        }
    }
}

//! Changing a store's configuration, which is its comment.

use keyfront_domain::arn::KeyValueStoreArn;

use super::{Refused, matching};
use crate::records::{KeyValueStoreRecord, next};
use crate::{Abort, Engine, keyspace, transact};

/// Sets the comment of a store whose configuration has the ETag `if_match`.
///
/// # Errors
/// [`Refused::Absent`] and [`Refused::Stale`], the first of them in this order.
pub async fn update_comment(
    engine: &dyn Engine,
    arn: &KeyValueStoreArn,
    if_match: &str,
    comment: &str,
    now_ms: i64,
) -> Result<KeyValueStoreRecord, Abort<Refused>> {
    transact(engine, |tx| async move {
        let mut record = matching(&tx, arn, if_match).await?;
        record.comment = Some(comment.to_owned());
        record.version = next(record.version, "key value store")?;
        record.modified_ms = now_ms;
        tx.put(&keyspace::store(arn), &record)?;
        Ok(record)
    })
    .await
}

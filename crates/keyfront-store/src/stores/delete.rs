//! Deleting a store with everything that belongs to it.

use keyfront_domain::arn::{Arn, KeyValueStoreArn, ResourceKind};

use super::{Refused, matching};
use crate::records::DeletedRecord;
use crate::{Abort, Engine, Range, counts, keyspace, references, transact};

/// Deletes a store whose configuration has the ETag `if_match` and to which nothing refers. Its id is remembered.
///
/// # Errors
/// [`Refused::Absent`], [`Refused::Stale`] and [`Refused::InUse`], the first of them in this order.
pub async fn delete(
    engine: &dyn Engine,
    arn: &KeyValueStoreArn,
    if_match: &str,
    now_ms: i64,
) -> Result<(), Abort<Refused>> {
    transact(engine, |tx| async move {
        let record = matching(&tx, arn, if_match).await?;
        let resource = Arn::from(*arn);
        references::forget(&tx, &resource).await.map_err(|refused| refused.map(Refused::InUse))?;
        counts::subtract(&tx, arn.account, ResourceKind::KEY_VALUE_STORE).await?;
        let created_ms = record.created_ms;
        tx.put(&keyspace::deleted(&resource), &DeletedRecord { created_ms, deleted_ms: now_ms })?;
        tx.delete(&keyspace::name(arn.account, ResourceKind::KEY_VALUE_STORE, &record.name));
        tx.delete(&keyspace::store(arn));
        tx.delete(&keyspace::creation(&resource, created_ms));
        tx.delete(&keyspace::import(arn));
        tx.delete(&keyspace::tags(&resource));
        tx.delete_raw(keyspace::pairs(arn));
        tx.delete_range(Range::prefix(keyspace::pair_prefix(arn)));
        Ok(())
    })
    .await
}

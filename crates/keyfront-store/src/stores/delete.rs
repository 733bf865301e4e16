//! Deleting a store with everything that belongs to it.

use bytes::Bytes;
use keyfront_domain::arn::{Arn, KeyValueStoreArn, ResourceKind};

use super::leftovers::collect;
use super::{Refused, matching};
use crate::records::{DeletedRecord, Generation};
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
    let few = u64::try_from(engine.limits().writes).unwrap_or(u64::MAX);
    let head_key = &keyspace::pairs(arn);
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
        let Some(head) = tx.get(head_key).await? else { return Ok::<_, Abort<Refused>>(()) };
        tx.delete(head_key);
        if head.generation == Generation::FIRST && head.totals.item_count <= few {
            tx.delete_range(Range::prefix(keyspace::pairs_of(arn, Generation::FIRST)));
        } else {
            tx.put_raw(keyspace::leftover(arn, head.generation), Bytes::new());
        }
        Ok(())
    })
    .await?;
    // What cannot be collected now is recorded, and is collected with the next.
    drop(collect(engine).await);
    Ok(())
}

//! Deleting a resource, which gives back all that it holds.

use keyfront_domain::arn::{Arn, ResourceKind};

use super::{Content, Refused, change};
use crate::records::{DeletedRecord, ResourceRecord};
use crate::{Abort, Transaction, counts, invalidations, keyspace, references};

/// Deletes a resource, to which nothing refers, and gives what it was. `if_match` is its ETag; without one any
/// version is deleted. Its id is remembered.
///
/// # Errors
/// [`Refused::Absent`], [`Refused::Stale`] and [`Refused::InUse`], the first of them in this order.
pub async fn delete(
    tx: &Transaction<'_>,
    arn: &Arn,
    if_match: Option<&str>,
    now_ms: i64,
) -> Result<ResourceRecord, Abort<Refused>> {
    let record = change::matching(tx, arn, if_match).await?;
    references::forget(tx, arn).await.map_err(|refused| refused.map(Refused::InUse))?;
    change::hold(tx, arn, Some(&record), &Content::default()).await?;
    counts::subtract(tx, arn.account, arn.kind()).await?;
    tx.put(&keyspace::deleted(arn), &DeletedRecord { created_ms: record.created_ms, deleted_ms: now_ms })?;
    tx.delete(&keyspace::resource(arn));
    tx.delete(&keyspace::creation(arn, record.created_ms));
    tx.delete(&keyspace::tags(arn));
    if matches!(arn.kind(), ResourceKind::DISTRIBUTION | ResourceKind::DISTRIBUTION_TENANT) {
        invalidations::end(tx, arn);
    }
    Ok(record)
}

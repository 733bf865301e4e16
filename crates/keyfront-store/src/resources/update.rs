//! Replacing a resource's content.

use keyfront_domain::arn::Arn;

use super::{Content, Refused, change};
use crate::records::{ResourceRecord, next};
use crate::{Abort, Transaction, keyspace};

/// Replaces everything that a resource holds. `if_match` is its ETag; without one any version is replaced.
///
/// # Errors
/// [`Refused::Absent`], [`Refused::Stale`], [`Refused::NameTaken`], [`Refused::CallerReferenceUsed`],
/// [`Refused::DomainNameTaken`] and [`Refused::NoSuchTarget`], the first of them in this order.
pub async fn update(
    tx: &Transaction<'_>,
    arn: &Arn,
    if_match: Option<&str>,
    content: &Content,
    now_ms: i64,
) -> Result<ResourceRecord, Abort<Refused>> {
    let before = change::matching(tx, arn, if_match).await?;
    change::hold(tx, arn, Some(&before), content).await?;
    let record = ResourceRecord {
        name: content.name.clone(),
        caller_reference: content.caller_reference.clone(),
        config: content.config.clone(),
        shown: content.shown.clone(),
        state: content.state.clone(),
        references: content.references.clone(),
        domain_names: content.domain_names.clone(),
        modified_ms: now_ms,
        version: next(before.version, "resource")?,
        ..before
    };
    tx.put(&keyspace::resource(arn), &record)?;
    Ok(record)
}

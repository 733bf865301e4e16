//! Creating a resource.

use keyfront_domain::arn::Arn;

use super::{Content, Refused, change};
use crate::records::{Present, ResourceRecord, TagsRecord};
use crate::{Abort, Transaction, counts, keyspace, tags};

/// A resource to create.
#[derive(Clone, Debug)]
pub struct NewResource {
    /// What it is to hold.
    pub content: Content,
    /// Its tags.
    pub tags: TagsRecord,
    /// The version that it begins with, which its first ETag is made of.
    pub version: u64,
    /// How many of its kind the account may have.
    pub limit: u64,
    /// Now, in milliseconds since the epoch.
    pub now_ms: i64,
}

/// Creates a resource with the id that its ARN has.
///
/// # Errors
/// [`Refused::IdUsed`], [`Refused::NameTaken`], [`Refused::CallerReferenceUsed`], [`Refused::DomainNameTaken`],
/// [`Refused::NoSuchTarget`] and [`Refused::LimitReached`], the first of them in this order.
pub async fn create(
    tx: &Transaction<'_>,
    arn: &Arn,
    new: &NewResource,
) -> Result<ResourceRecord, Abort<Refused>> {
    let (key, deleted_key) = (keyspace::resource(arn), keyspace::deleted(arn));
    let count_key = keyspace::count(arn.account, arn.kind());
    tx.fetch([key.bytes(), deleted_key.bytes(), count_key.bytes()]).await?;
    if tx.contains(&key).await? {
        return Err(Abort::Refused(Refused::IdUsed));
    }
    if tx.contains(&deleted_key).await? {
        if !arn.kind().is_known_by_name() {
            return Err(Abort::Refused(Refused::IdUsed));
        }
        tx.delete(&deleted_key);
    }
    let content = &new.content;
    let record = ResourceRecord {
        id: arn.id().to_owned(),
        name: content.name.clone(),
        caller_reference: content.caller_reference.clone(),
        config: content.config.clone(),
        shown: content.shown.clone(),
        state: content.state.clone(),
        references: content.references.clone(),
        domain_names: content.domain_names.clone(),
        attached: serde_json::Map::new(),
        created_ms: new.now_ms,
        modified_ms: new.now_ms,
        version: new.version,
    };
    change::hold(tx, arn, None, content).await?;
    let counted = counts::add(tx, arn.account, arn.kind(), new.limit).await;
    counted.map_err(|refused| refused.map(|counts::LimitReached| Refused::LimitReached))?;
    tags::put(tx, arn, &new.tags)?;
    tx.put(&key, &record)?;
    tx.put(&keyspace::creation(arn, new.now_ms), &Present)?;
    Ok(record)
}

//! Creating a function.

use keyfront_domain::arn::{Arn, FunctionArn, ResourceKind};
use keyfront_domain::function::Stage;

use super::{Draft, Refused, hold};
use crate::records::{Code, FunctionRecord, TagsRecord};
use crate::{Abort, Engine, counts, keyspace, tags, transact};

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

/// Creates a function.
///
/// # Errors
/// [`Refused::NameTaken`], [`Refused::LimitReached`] when the account has `limit` functions already, and
/// [`Refused::NoSuchStore`], the first of them in this order.
pub async fn create(
    engine: &dyn Engine,
    arn: &FunctionArn,
    new: &NewFunction,
    limit: u64,
) -> Result<FunctionRecord, Abort<Refused>> {
    let key = &keyspace::function(arn);
    let count_key = &keyspace::count(arn.account, ResourceKind::FUNCTION);
    transact(engine, |tx| async move {
        tx.fetch([key.bytes(), count_key.bytes()]).await?;
        if tx.contains(key).await? {
            return Err(Abort::Refused(Refused::NameTaken));
        }
        let counted = counts::add(&tx, arn.account, ResourceKind::FUNCTION, limit).await;
        counted.map_err(|refused| refused.map(|counts::LimitReached| Refused::LimitReached))?;
        let record = FunctionRecord {
            name: arn.name.clone(),
            development: new.draft.stage(new.now_ms, new.now_ms, 1),
            live: None,
            published: None,
        };
        hold(&tx, arn, None, Some(&record)).await?;
        tags::put(&tx, &Arn::from(arn.clone()), &new.tags)?;
        tx.put(&keyspace::function_code(arn, Stage::Development), &Code(new.draft.code.clone()))?;
        tx.put(key, &record)?;
        Ok(record)
    })
    .await
}

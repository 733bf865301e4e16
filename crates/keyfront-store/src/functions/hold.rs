//! What a function holds: the key value stores that its stages name, which cannot be deleted meanwhile.

use std::collections::BTreeSet;

use keyfront_domain::arn::{FunctionArn, KeyValueStoreArn};

use crate::records::FunctionRecord;
use crate::{Batch, Engine, StoreError, references, stores};

/// Adds to `batch` that the function refers to the stores that `after` names, and no longer to those that only
/// `before` named. Instead of a batch it gives a store that does not exist.
///
/// The batch conflicts when somebody deletes one of the stores in between.
pub(super) async fn change(
    engine: &dyn Engine,
    arn: &FunctionArn,
    before: Option<&FunctionRecord>,
    after: Option<&FunctionRecord>,
    mut batch: Batch,
) -> Result<Result<Batch, KeyValueStoreArn>, StoreError> {
    let referrer = arn.to_string();
    let (held, wanted) = (stores(arn, before), stores(arn, after));
    // A store that is held already cannot have gone.
    for store in wanted.difference(&held) {
        batch = match stores::refer(engine, store, &referrer, batch).await? {
            Some(batch) => batch,
            None => return Ok(Err(*store)),
        };
    }
    for store in held.difference(&wanted) {
        batch = references::remove(engine, arn.account, &store.to_string(), &referrer, batch).await?;
    }
    Ok(Ok(batch))
}

/// The stores that the stages name.
pub(super) fn stores(arn: &FunctionArn, record: Option<&FunctionRecord>) -> BTreeSet<KeyValueStoreArn> {
    let stages = record.into_iter().flat_map(|record| [Some(&record.development), record.live.as_ref()]);
    let ids = stages.flatten().filter_map(|stage| stage.store);
    ids.map(|id| KeyValueStoreArn { account: arn.account, id }).collect()
}

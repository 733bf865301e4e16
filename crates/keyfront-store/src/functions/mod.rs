//! Functions: records, code and what they refer to.
//!
//! A function has two stages. What is created and changed is DEVELOPMENT; publishing copies it to LIVE. Each has a
//! version, and so an ETag, of its own. What a configuration may say is for the caller to check; here are the
//! promises that need the store: names are unique, a key value store that either stage names exists and stays, an
//! account has no more functions than its quota. Each verb is one [transaction](crate::transact).

mod audit;
mod create;
mod delete;
pub mod entries;
mod list;
mod publish;
mod update;

use std::collections::BTreeSet;

use bytes::Bytes;
use keyfront_domain::arn::{Arn, FunctionArn, KeyValueStoreArn};
use keyfront_domain::etag;
use keyfront_domain::function::Stage;
use serde_json::{Map, Value};

pub use audit::audit;
pub use create::{NewFunction, create};
pub use delete::delete;
pub use list::list;
pub use publish::publish;
pub use update::update;

use crate::records::{Code, FunctionRecord, StageRecord, Status, damaged};
use crate::references::{self, InUse};
use crate::{Abort, Engine, StoreError, Transaction, keyspace, transact};

/// Why a function is not created, changed, published or deleted.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Refused {
    /// The function does not exist.
    Absent,
    /// The ETag that was given is not that of DEVELOPMENT, or what has that ETag is published already.
    Stale,
    /// Another function of the account has the name.
    NameTaken,
    /// The account has as many functions as it may have.
    LimitReached,
    /// It names a key value store that does not exist.
    NoSuchStore(Arn),
    /// It names a key value store that is not ready.
    StoreNotReady(Arn),
    /// Others refer to it.
    InUse(InUse),
}

/// What a client gives. It does not print the code.
#[derive(Clone, PartialEq, Eq)]
pub struct Draft {
    /// The whole configuration, by the model's names.
    pub config: Map<String, Value>,
    /// The key value store that it names, one of the function's account.
    pub store: Option<KeyValueStoreArn>,
    /// The code, to the byte.
    pub code: Bytes,
}

impl Draft {
    /// The stage that it becomes.
    fn stage(&self, created_ms: i64, modified_ms: i64, version: u64) -> StageRecord {
        let store = self.store.map(|arn| arn.id);
        StageRecord { config: self.config.clone(), store, created_ms, modified_ms, version }
    }
}

/// The function of this ARN.
pub async fn find(engine: &dyn Engine, arn: &FunctionArn) -> Result<Option<FunctionRecord>, StoreError> {
    keyspace::function(arn).read(engine).await
}

/// The function of this ARN with the code of one of its stages, both of the same moment. Nothing: there is no
/// such function, or it was never published.
pub async fn find_code(
    engine: &dyn Engine,
    arn: &FunctionArn,
    stage: Stage,
) -> Result<Option<(FunctionRecord, Bytes)>, StoreError> {
    let (key, code_key) = (&keyspace::function(arn), &keyspace::function_code(arn, stage));
    transact(engine, |tx| async move {
        tx.fetch([key.bytes(), code_key.bytes()]).await?;
        let Some(record) = tx.get(key).await? else { return Ok(None) };
        if record.stage(stage).is_none() {
            return Ok(None);
        }
        let Code(code) = tx.get(code_key).await?.ok_or_else(|| damaged("code"))?;
        Ok(Some((record, code)))
    })
    .await
}

/// The function of this ARN, if `if_match` is the ETag of its stage DEVELOPMENT.
async fn matching(
    tx: &Transaction<'_>,
    arn: &FunctionArn,
    if_match: &str,
) -> Result<FunctionRecord, Abort<Refused>> {
    let record = tx.get(&keyspace::function(arn)).await?.ok_or(Abort::Refused(Refused::Absent))?;
    if etag::control_plane(record.development.version) == if_match {
        Ok(record)
    } else {
        Err(Abort::Refused(Refused::Stale))
    }
}

/// Makes the function refer to the stores that `after` names, and no longer to those that only `before` named. A
/// store that is referred to anew must be ready.
async fn hold(
    tx: &Transaction<'_>,
    arn: &FunctionArn,
    before: Option<&FunctionRecord>,
    after: Option<&FunctionRecord>,
) -> Result<(), Abort<Refused>> {
    let (held, wanted) = (stores(arn, before), stores(arn, after));
    let referrer = Arn::from(arn.clone());
    let changed = references::change(tx, &referrer, &held, &wanted, &BTreeSet::new()).await;
    changed.map_err(|refused| refused.map(|missing| Refused::NoSuchStore(missing.target)))?;
    for store in wanted.difference(&held) {
        let arn = KeyValueStoreArn::try_from(store).map_err(|_no_store| damaged("function"))?;
        let record = tx.get(&keyspace::store(&arn)).await?;
        if record.is_some_and(|record| record.status != Status::Ready) {
            return Err(Abort::Refused(Refused::StoreNotReady(store.clone())));
        }
    }
    Ok(())
}

/// The stores that the stages name.
fn stores(arn: &FunctionArn, record: Option<&FunctionRecord>) -> BTreeSet<Arn> {
    let stages = record.into_iter().flat_map(|record| [Some(&record.development), record.live.as_ref()]);
    let ids = stages.flatten().filter_map(|stage| stage.store);
    ids.map(|id| KeyValueStoreArn { account: arn.account, id }.into()).collect()
}

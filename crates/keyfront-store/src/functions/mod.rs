//! Functions: records, code and what they refer to, each verb as one checked commit.
//!
//! A function has two stages. What is created and changed is DEVELOPMENT; publishing copies it to LIVE. Each
//! has a version, and so an ETag, of its own. What a configuration may say is for the caller to check; here are
//! the promises that need the store: names are unique, a key value store that either stage names exists and
//! stays, an account has no more functions than its quota. As with [stores](crate::stores), *absent*, *stale*
//! and the like are values, and every loop ends because each round rests on a commit that another caller made.

mod audit;
mod create;
mod delete;
mod hold;
mod list;
mod publish;
mod update;

use bytes::Bytes;
use keyfront_domain::arn::{FunctionArn, KeyValueStoreArn};
use keyfront_domain::function::Stage;
use serde_json::{Map, Value};

pub use audit::audit;
pub use create::{Create, NewFunction, create};
pub use delete::{Delete, delete};
pub use list::list;
pub use publish::{Publish, publish};
pub use update::{Update, update};

use crate::records::{FunctionRecord, StageRecord, damaged, decode, decode_code};
use crate::{Engine, Entry, Range, StoreError, Version, keyspace};

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
    Ok(held(engine, arn).await?.map(|(record, _)| record))
}

/// The function of this ARN with the code of one of its stages, both of the same moment. Nothing: there is no
/// such function, or it was never published.
pub async fn find_code(
    engine: &dyn Engine,
    arn: &FunctionArn,
    stage: Stage,
) -> Result<Option<(FunctionRecord, Bytes)>, StoreError> {
    let keys = [keyspace::function(arn), keyspace::function_code(arn, stage)];
    let snapshot = engine.read(&keys.map(Range::key)).await?;
    let Some(record) = snapshot.one(0).map(record).transpose()? else { return Ok(None) };
    if record.stage(stage).is_none() {
        return Ok(None);
    }
    let code = snapshot.one(1).ok_or_else(|| damaged("code"))?;
    Ok(Some((record, decode_code(&code.value)?)))
}

/// The function of this ARN, together with the version of its entry, which a commit can check.
async fn held(
    engine: &dyn Engine,
    arn: &FunctionArn,
) -> Result<Option<(FunctionRecord, Version)>, StoreError> {
    let snapshot = engine.read(&[Range::key(keyspace::function(arn))]).await?;
    let Some(entry) = snapshot.one(0) else { return Ok(None) };
    Ok(Some((record(entry)?, entry.version)))
}

fn record(entry: &Entry) -> Result<FunctionRecord, StoreError> {
    decode("function", &entry.value)
}

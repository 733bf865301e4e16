//! Whether what functions rest on is there.

use std::collections::BTreeMap;

use keyfront_domain::AccountId;
use keyfront_domain::arn::{FunctionArn, ResourceKind};
use keyfront_domain::function::Stage;

use super::{hold, record};
use crate::records::{CountRecord, FunctionRecord, damaged, decode, decode_code};
use crate::{Engine, Range, StoreError, keyspace};

/// Functions that are read at a time.
const FUNCTIONS_AT_ONCE: usize = 256;

/// Reads every function and looks for its code and for the key value stores that it refers to; and compares
/// how many there are with what the accounts have counted. Gives how many there are.
///
/// # Errors
/// A record that cannot be read, or something that is missing, with the function's ARN.
pub async fn audit(engine: &dyn Engine) -> Result<u64, StoreError> {
    let mut found: BTreeMap<AccountId, u64> = BTreeMap::new();
    let mut functions = Range::prefix(keyspace::all_functions()).limit(FUNCTIONS_AT_ONCE);
    loop {
        let snapshot = engine.read(&[functions.clone()]).await?;
        let Some(last) = snapshot.range(0).last() else { break };
        functions = functions.after(&last.key);
        for entry in snapshot.range(0) {
            let arn = keyspace::function_of(&entry.key).ok_or_else(|| damaged("function"))?;
            audit_one(engine, &arn, &record(entry)?).await?;
            *found.entry(arn.account).or_default() += 1;
        }
    }
    for (account, found) in &found {
        let key = keyspace::resource_count(*account, ResourceKind::FUNCTION);
        let snapshot = engine.read(&[Range::key(key)]).await?;
        let counted: CountRecord =
            snapshot.one(0).map(|entry| decode("count", &entry.value)).transpose()?.unwrap_or_default();
        if counted.count != *found {
            let counted = counted.count;
            return Err(unsound(&format!("account {account} has {found} functions and counts {counted}")));
        }
    }
    Ok(found.values().sum())
}

async fn audit_one(
    engine: &dyn Engine,
    arn: &FunctionArn,
    record: &FunctionRecord,
) -> Result<(), StoreError> {
    for stage in [Stage::Development, Stage::Live] {
        let snapshot = engine.read(&[Range::key(keyspace::function_code(arn, stage))]).await?;
        let code = snapshot.one(0).map(|entry| decode_code(&entry.value)).transpose()?;
        if code.is_some() != record.stage(stage).is_some() {
            return Err(unsound(&format!("the code of {arn} in {} is missing or left over", stage.as_str())));
        }
    }
    for store in hold::stores(arn, Some(record)) {
        let referrer = keyspace::referrer(arn.account, &store.to_string(), &arn.to_string());
        let snapshot = engine.read(&[keyspace::store(&store), referrer].map(Range::key)).await?;
        if snapshot.one(0).is_none() || snapshot.one(1).is_none() {
            return Err(unsound(&format!("{arn} rests on {store}, which is missing or does not know it")));
        }
    }
    Ok(())
}

fn unsound(what: &str) -> StoreError {
    StoreError::Read { message: format!("{what}; restore a backup"), source: None }
}

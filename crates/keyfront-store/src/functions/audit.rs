//! Checks that every function has its code and the store that it names, and that accounts count their functions right.

use std::collections::BTreeMap;

use keyfront_domain::AccountId;
use keyfront_domain::arn::{Arn, FunctionArn, ResourceKind};
use keyfront_domain::function::Stage;

use crate::records::{FunctionRecord, damaged};
use crate::{Engine, StoreError, counts, keyspace, references, transact};

/// Functions that are read at a time.
const FUNCTIONS_AT_ONCE: usize = 256;

/// Reads every function and looks for its code and for the key value stores that it refers to; and compares
/// how many there are with what the accounts have counted. Gives how many there are.
///
/// # Errors
/// A record that cannot be read, or something that is missing, with the function's ARN.
pub async fn audit(engine: &dyn Engine) -> Result<u64, StoreError> {
    let mut found: BTreeMap<AccountId, u64> = BTreeMap::new();
    let functions = keyspace::all_functions();
    let mut range = functions.range().limit(FUNCTIONS_AT_ONCE);
    loop {
        let snapshot = engine.read(&[range.clone()]).await?;
        let Some(last) = snapshot.ranges.first().and_then(|entries| entries.last()) else { break };
        range = range.after(&last.key);
        for entry in snapshot.ranges.iter().flatten() {
            let arn = keyspace::function_of(&entry.key).ok_or_else(|| damaged("function"))?;
            audit_one(engine, &arn, &functions.table().decode(&entry.value)?).await?;
            *found.entry(arn.account).or_default() += 1;
        }
    }
    for (account, found) in &found {
        let counted = counts::of(engine, *account, ResourceKind::FUNCTION).await?;
        if counted != *found {
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
        let code = keyspace::function_code(arn, stage).read(engine).await?;
        if code.is_some() != record.stage(stage).is_some() {
            return Err(unsound(&format!("the code of {arn} in {} is missing or left over", stage.as_str())));
        }
    }
    let referrer = &Arn::from(arn.clone());
    for store in &super::stores(arn, Some(record)) {
        let whole = transact(engine, |tx| async move {
            let known = tx.contains(&keyspace::referrer(store, referrer)).await?;
            Ok::<_, StoreError>(known && references::exists(&tx, store).await?)
        });
        if !whole.await? {
            return Err(unsound(&format!("{arn} rests on {store}, which is missing or does not know it")));
        }
    }
    Ok(())
}

fn unsound(what: &str) -> StoreError {
    StoreError::Read { message: format!("{what}; restore a backup"), source: None }
}

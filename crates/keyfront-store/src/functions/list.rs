//! Listing an account's functions in the order of their names.

use keyfront_domain::AccountId;
use keyfront_domain::arn::FunctionArn;
use keyfront_domain::function::Stage;

use super::record;
use crate::records::FunctionRecord;
use crate::{Engine, Range, StoreError, keyspace};

/// Lists up to `max_items` functions that have the stage, after the one named `after`, which need not exist;
/// and whether there are more after them.
pub async fn list(
    engine: &dyn Engine,
    account: AccountId,
    stage: Stage,
    after: Option<&str>,
    max_items: usize,
) -> Result<(Vec<FunctionRecord>, bool), StoreError> {
    let mut range = Range::prefix(keyspace::functions(account));
    if let Some(name) = after {
        range = range.after(&keyspace::function(&FunctionArn { account, name: name.to_owned() }));
    }
    // One more than asked tells whether there is another page.
    let wanted = max_items.saturating_add(1);
    let mut functions = Vec::new();
    while functions.len() < wanted {
        let snapshot = engine.read(&[range.clone().limit(wanted)]).await?;
        let Some(last) = snapshot.range(0).last() else { break };
        range = range.after(&last.key);
        for entry in snapshot.range(0) {
            let function = record(entry)?;
            if function.stage(stage).is_some() {
                functions.push(function);
            }
        }
    }
    let more = functions.len() > max_items;
    functions.truncate(max_items);
    Ok((functions, more))
}

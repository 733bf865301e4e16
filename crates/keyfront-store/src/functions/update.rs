//! Changes a function: replaces its stage DEVELOPMENT.

use keyfront_domain::arn::FunctionArn;
use keyfront_domain::function::Stage;

use super::{Draft, Refused, hold, matching};
use crate::records::{Code, FunctionRecord, next};
use crate::{Abort, Engine, keyspace, transact};

/// Replaces configuration and code of a function whose DEVELOPMENT has the ETag `if_match`. What is LIVE stays.
///
/// # Errors
/// [`Refused::Absent`], [`Refused::Stale`] and [`Refused::NoSuchStore`], the first of them in this order.
pub async fn update(
    engine: &dyn Engine,
    arn: &FunctionArn,
    if_match: &str,
    draft: &Draft,
    now_ms: i64,
) -> Result<FunctionRecord, Abort<Refused>> {
    transact(engine, |tx| async move {
        let before = matching(&tx, arn, if_match).await?;
        let development = &before.development;
        let version = next(development.version, "function")?;
        let development = draft.stage(development.created_ms, now_ms, version);
        let record = FunctionRecord { development, ..before.clone() };
        hold(&tx, arn, Some(&before), Some(&record)).await?;
        tx.put(&keyspace::function_code(arn, Stage::Development), &Code(draft.code.clone()))?;
        tx.put(&keyspace::function(arn), &record)?;
        Ok(record)
    })
    .await
}

//! Publishing a function, which copies DEVELOPMENT to LIVE.

use keyfront_domain::arn::FunctionArn;
use keyfront_domain::function::Stage;

use super::{Refused, hold, matching};
use crate::records::{FunctionRecord, StageRecord, damaged, next};
use crate::{Abort, Engine, keyspace, transact};

/// Publishes a function whose DEVELOPMENT has the ETag `if_match`.
///
/// # Errors
/// [`Refused::Absent`], or [`Refused::Stale`], also for what is published already.
pub async fn publish(
    engine: &dyn Engine,
    arn: &FunctionArn,
    if_match: &str,
    now_ms: i64,
) -> Result<FunctionRecord, Abort<Refused>> {
    let code_key = &keyspace::function_code(arn, Stage::Development);
    transact(engine, |tx| async move {
        tx.fetch([keyspace::function(arn).bytes(), code_key.bytes()]).await?;
        let before = matching(&tx, arn, if_match).await?;
        if before.is_published() {
            return Err(Abort::Refused(Refused::Stale));
        }
        let code = tx.get(code_key).await?.ok_or_else(|| damaged("code"))?;
        let development = &before.development;
        let version = before.live.as_ref().map_or(Ok(1), |live| next(live.version, "function"))?;
        let live = StageRecord {
            created_ms: before.live.as_ref().map_or(now_ms, |live| live.created_ms),
            modified_ms: now_ms,
            version,
            ..development.clone()
        };
        let published = Some(development.version);
        let after = FunctionRecord { live: Some(live), published, ..before.clone() };
        hold(&tx, arn, Some(&before), Some(&after)).await?;
        tx.put(&keyspace::function_code(arn, Stage::Live), &code)?;
        tx.put(&keyspace::function(arn), &after)?;
        Ok(after)
    })
    .await
}

//! Publishing a function, which copies DEVELOPMENT to LIVE.

use keyfront_domain::arn::FunctionArn;
use keyfront_domain::etag;
use keyfront_domain::function::Stage;

use super::{hold, record};
use crate::records::{FunctionRecord, StageRecord, damaged, decode_code, encode, encode_code};
use crate::{Batch, Engine, Outcome, Range, StoreError, keyspace};

/// What became of it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Publish {
    /// It is LIVE.
    Published(FunctionRecord),
    /// There is no such function.
    Absent,
    /// `if_match` is not the ETag of DEVELOPMENT, or what has that ETag is published already.
    Stale,
}

/// Publishes a function whose DEVELOPMENT has the ETag `if_match`.
pub async fn publish(
    engine: &dyn Engine,
    arn: &FunctionArn,
    if_match: &str,
    now_ms: i64,
) -> Result<Publish, StoreError> {
    let key = keyspace::function(arn);
    let code_key = keyspace::function_code(arn, Stage::Development);
    loop {
        let snapshot = engine.read(&[Range::key(key.clone()), Range::key(code_key.clone())]).await?;
        let Some(before) = snapshot.one(0).map(record).transpose()? else { return Ok(Publish::Absent) };
        let development = &before.development;
        if before.is_published() || etag::control_plane(development.version) != if_match {
            return Ok(Publish::Stale);
        }
        let code = decode_code(&snapshot.one(1).ok_or_else(|| damaged("code"))?.value)?;
        let live = StageRecord {
            created_ms: before.live.as_ref().map_or(now_ms, |live| live.created_ms),
            modified_ms: now_ms,
            version: before.live.as_ref().map_or(1, |live| live.version + 1),
            ..development.clone()
        };
        let after =
            FunctionRecord { live: Some(live), published: Some(development.version), ..before.clone() };
        // Whoever changes the code changes the record too, so the check on the record is one on the code.
        let batch = Batch::default()
            .check(key.clone(), snapshot.version_of(0))
            .put(key.clone(), encode(&after)?)
            .put(keyspace::function_code(arn, Stage::Live), encode_code(&code));
        // What DEVELOPMENT names is held already, so nothing can be missing.
        let batch = hold::change(engine, arn, Some(&before), Some(&after), batch).await?;
        let batch = batch.map_err(|_missing| damaged("function"))?;
        if engine.commit(batch).await? != Outcome::Conflict {
            return Ok(Publish::Published(after));
        }
    }
}

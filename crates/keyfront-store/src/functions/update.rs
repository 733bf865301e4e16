//! Changing a function, which is replacing what is in DEVELOPMENT.

use keyfront_domain::arn::{FunctionArn, KeyValueStoreArn};
use keyfront_domain::etag;
use keyfront_domain::function::Stage;

use super::{Draft, held, hold};
use crate::records::{FunctionRecord, encode, encode_code};
use crate::{Batch, Engine, Outcome, StoreError, keyspace};

/// What became of an update.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Update {
    /// It was made.
    Updated(FunctionRecord),
    /// There is no such function.
    Absent,
    /// `if_match` is not the ETag of DEVELOPMENT.
    Stale,
    /// It names a key value store that does not exist.
    NoSuchStore(KeyValueStoreArn),
}

/// Replaces configuration and code of a function whose DEVELOPMENT has the ETag `if_match`. What is LIVE stays.
pub async fn update(
    engine: &dyn Engine,
    arn: &FunctionArn,
    if_match: &str,
    draft: &Draft,
    now_ms: i64,
) -> Result<Update, StoreError> {
    loop {
        let Some((before, version)) = held(engine, arn).await? else { return Ok(Update::Absent) };
        let development = &before.development;
        if etag::control_plane(development.version) != if_match {
            return Ok(Update::Stale);
        }
        let development = draft.stage(development.created_ms, now_ms, development.version + 1);
        let record = FunctionRecord { development, ..before.clone() };
        let key = keyspace::function(arn);
        let batch = Batch::default()
            .check(key.clone(), version)
            .put(key, encode(&record)?)
            .put(keyspace::function_code(arn, Stage::Development), encode_code(&draft.code));
        let batch = match hold::change(engine, arn, Some(&before), Some(&record), batch).await? {
            Ok(batch) => batch,
            Err(store) => return Ok(Update::NoSuchStore(store)),
        };
        if engine.commit(batch).await? != Outcome::Conflict {
            return Ok(Update::Updated(record));
        }
    }
}

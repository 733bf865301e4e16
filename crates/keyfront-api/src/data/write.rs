//! What all writing operations share: one checked update, one answer.

use keyfront_domain::etag;
use keyfront_domain::pairs::{QuotaExceeded, Update};
use keyfront_error::{Code, ServiceError};
use keyfront_store::stores::{self, WriteOutcome};
use serde::Serialize;

use super::store::{self, StoreByArn};
use crate::context::Context;

/// The codes that writes refuse with.
pub(crate) const ERRORS: &[Code] = &[
    Code::ConflictException,
    Code::ResourceNotFoundException,
    Code::ServiceQuotaExceededException,
    Code::ValidationException,
];

/// The answer to a write: the store's totals and the ETag afterwards.
#[derive(Serialize)]
#[serde(rename_all = "PascalCase")]
pub(crate) struct Written {
    item_count: u64,
    total_size_in_bytes: u64,
    #[serde(rename = "ETag")]
    etag: String,
}

/// Applies `update` to the store, whose ETag must be `if_match`. With `must_exist`, a store
/// without that key refuses.
pub(crate) async fn apply(
    cx: &Context,
    store: &StoreByArn,
    if_match: &str,
    update: Result<Update<'_>, QuotaExceeded>,
    must_exist: Option<&str>,
) -> Result<Written, ServiceError> {
    let arn = store.named()?;
    let update = update.map_err(quota_exceeded)?;
    let written =
        stores::write_pairs(&*cx.engine, &arn, if_match, &update, must_exist, &cx.quotas, cx.now_ms());
    match written.await? {
        WriteOutcome::Written(head) => Ok(Written {
            item_count: head.totals.item_count,
            total_size_in_bytes: head.totals.total_size_in_bytes,
            etag: etag::data_plane(head.version),
        }),
        WriteOutcome::Stale => Err(stale()),
        WriteOutcome::NoSuchKey => Err(store::no_such_key(must_exist.unwrap_or_default())),
        WriteOutcome::QuotaExceeded(refusal) => Err(quota_exceeded(refusal)),
        WriteOutcome::Unwritable(head) => Err(store::unusable(&head)),
    }
}

/// The refusal of an ETag that is not the pairs'. The type and the text are what SST and others match on to
/// try again.
pub(crate) fn stale() -> ServiceError {
    ServiceError::new(Code::ValidationException, "Pre-Condition failed during update of Key-Value-Store")
}

fn quota_exceeded(refusal: QuotaExceeded) -> ServiceError {
    ServiceError::with(Code::ServiceQuotaExceededException, refusal.to_string())
}

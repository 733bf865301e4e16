//! What all writing operations share: one checked update, one answer.

use std::time::Duration;

use keyfront_domain::arn::KeyValueStoreArn;
use keyfront_domain::etag;
use keyfront_domain::pairs::{QuotaExceeded, Update};
use keyfront_error::{Code, ServiceError};
use keyfront_store::stores::{self, WriteOutcome};
use serde::Serialize;

use super::store::{self, StoreByArn};
use crate::context::Context;

/// How long the answer to a write waits for the functions of this process to see it. A view that cannot read the engine
/// serves what it had, and must not hold writers up.
const IN_FORCE_WITHIN: Duration = Duration::from_secs(2);

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
    let (rules, now_ms) = (cx.rules(), cx.now_ms());
    let written =
        stores::write_pairs(&*cx.engine, &arn, if_match, &update, must_exist, &rules.quotas, now_ms);
    match written.await? {
        WriteOutcome::Written(head) => {
            in_force(cx, &arn).await;
            Ok(Written {
                item_count: head.totals.item_count,
                total_size_in_bytes: head.totals.total_size_in_bytes,
                etag: etag::data_plane(head.version),
            })
        }
        WriteOutcome::Stale => Err(stale()),
        WriteOutcome::NoSuchKey => Err(store::no_such_key(must_exist.unwrap_or_default())),
        WriteOutcome::QuotaExceeded(refusal) => Err(quota_exceeded(refusal)),
        WriteOutcome::Unwritable(head) => Err(store::unusable(&head)),
    }
}

/// Waits until functions of this process see what was written. A function never waits for the store, so the writer does:
/// for as long as it takes to put the write into the pairs in memory, which is microseconds for a few pairs and a part of
/// a second for tens of thousands. Where no function has the store, there is nothing to wait for.
async fn in_force(cx: &Context, arn: &KeyValueStoreArn) {
    let pairs = &cx.view.pairs;
    if !pairs.follows(arn) {
        return;
    }
    let seen = pairs.reached(cx.engine.stats().version);
    if tokio::time::timeout(IN_FORCE_WITHIN, seen).await.is_err() {
        tracing::warn!(store = %arn.id, "a write was acknowledged before functions see it: the view is behind");
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

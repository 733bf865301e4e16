//! States that change with time: from the moment of a change until it has settled.

use std::time::Duration;

use keyfront_store::records::{NextState, ResourceRecord, StateRecord};
use serde_json::Value;

use super::Resource;

/// The state after a change at `now_ms`, in milliseconds since the epoch, which settles that much later.
pub(super) fn changing(changing: &str, settled: &str, now_ms: i64, lasts: Duration) -> StateRecord {
    let lasts_ms = i64::try_from(lasts.as_millis()).unwrap_or(i64::MAX);
    let next = Some(NextState { name: settled.to_owned(), at_ms: now_ms.saturating_add(lasts_ms) });
    StateRecord { name: changing.to_owned(), next }
}

/// A resource as it is at a moment, in milliseconds since the epoch, with the version that it has then.
pub(super) fn at<R: Resource>(record: ResourceRecord, now_ms: i64) -> ResourceRecord {
    if R::SETTLING_COUNTS { record.settled_at(now_ms) } else { record }
}

/// Whether a resource is enabled, where its kind can be.
pub(crate) fn is_enabled(record: &ResourceRecord) -> bool {
    record.config.get("Enabled").and_then(Value::as_bool) == Some(true)
}

/// Whether the last change of a resource has settled by `now_ms`, in milliseconds since the epoch.
pub(crate) fn settled(record: &ResourceRecord, now_ms: i64) -> bool {
    let next = record.state.as_ref().and_then(|state| state.next.as_ref());
    next.is_none_or(|next| next.at_ms <= now_ms)
}

//! How an invalidation is shown.

use keyfront_store::records::InvalidationRecord;
use serde::Serialize;

use super::batch::Shown;

/// `Invalidation`.
#[derive(Debug, Serialize)]
#[serde(rename_all = "PascalCase")]
pub(super) struct Invalidation {
    id: String,
    status: String,
    create_time: i64,
    #[serde(rename = "InvalidationBatch")]
    batch: Shown,
}

/// `InvalidationSummary`.
#[derive(Debug, Serialize)]
#[serde(rename_all = "PascalCase")]
pub(super) struct InvalidationSummary {
    id: String,
    create_time: i64,
    status: String,
}

impl Invalidation {
    /// As the answer to the request that made it shows it: nothing is completed yet.
    pub(super) fn just_created(record: InvalidationRecord) -> Invalidation {
        Invalidation::at(record, i64::MIN)
    }

    /// At a moment in milliseconds since the epoch.
    pub(super) fn at(record: InvalidationRecord, now_ms: i64) -> Invalidation {
        Invalidation {
            status: record.state.at(now_ms).to_owned(),
            create_time: record.created_ms,
            batch: Shown::new(record.paths, record.caller_reference),
            id: record.id,
        }
    }
}

impl InvalidationSummary {
    /// At a moment in milliseconds since the epoch.
    pub(super) fn at(record: &InvalidationRecord, now_ms: i64) -> InvalidationSummary {
        InvalidationSummary {
            id: record.id.clone(),
            create_time: record.created_ms,
            status: record.state.at(now_ms).to_owned(),
        }
    }
}

//! What the record of a distribution says, for the other modules of its family.

use keyfront_domain::AccountId;
use keyfront_domain::arn::{Arn, ResourceKind};
use keyfront_domain::distribution::{self, DistributionConfig};
use keyfront_error::ServiceError;
use keyfront_store::records::ResourceRecord;
use serde::Deserialize;
use serde_json::{Value, json};

use crate::operation::{Members, text};

/// The state of a distribution that every edge has.
pub(super) const DEPLOYED: &str = "Deployed";

/// The configuration, as the rules see it.
pub(super) fn view(record: &ResourceRecord) -> Result<DistributionConfig, ServiceError> {
    DistributionConfig::deserialize(&record.config).map_err(ServiceError::internal)
}

/// Whether it is served to the tenants of distributions alone.
pub(super) fn is_multi_tenant(record: &ResourceRecord) -> bool {
    text(&record.config, "ConnectionMode") == "tenant-only"
}

/// Whether it is a staging distribution.
pub(super) fn is_staging(record: &ResourceRecord) -> bool {
    record.config.get("Staging").and_then(Value::as_bool) == Some(true)
}

/// The state, at a moment in milliseconds since the epoch.
pub(super) fn status(record: &ResourceRecord, now_ms: i64) -> &str {
    record.state.as_ref().map_or(DEPLOYED, |state| state.at(now_ms))
}

/// The ARN.
pub(super) fn arn(account: AccountId, record: &ResourceRecord) -> String {
    Arn::new(account, ResourceKind::DISTRIBUTION, record.id.as_str()).to_string()
}

/// The members that stand beside the configuration and follow from it.
pub(super) fn computed(account: AccountId, record: &ResourceRecord) -> Members {
    let arn = arn(account, record);
    let recordals = distribution::alias_icp_recordals(&record.config);
    let recordals = recordals.map(|recordals| ("AliasICPRecordals".to_owned(), recordals));
    [("ARN".to_owned(), json!(arn))].into_iter().chain(recordals).collect()
}

//! A distribution as an item of a list.

use keyfront_domain::{AccountId, distribution, etag};
use keyfront_store::records::ResourceRecord;
use serde_json::{Value, json};

use super::document;
use crate::operation::text;

/// What a multi-tenant distribution shows in place of its domain name, which no viewer can use.
const NO_DOMAIN_NAME: &str = "-";

/// The item, at a moment in milliseconds since the epoch.
pub(super) fn summary(account: AccountId, record: ResourceRecord, now_ms: i64) -> Value {
    let domain_name =
        if document::is_multi_tenant(&record) { NO_DOMAIN_NAME } else { text(&record.shown, "DomainName") };
    let beside = [
        ("Id", json!(record.id)),
        ("ARN", json!(document::arn(account, &record))),
        ("ETag", json!(etag::control_plane(record.version))),
        ("Status", json!(document::status(&record, now_ms))),
        ("LastModifiedTime", json!(record.modified_ms)),
        ("DomainName", json!(domain_name)),
    ];
    let mut summary = distribution::summary_config(record.config);
    summary.extend(beside.map(|(member, value)| (member.to_owned(), value)));
    Value::Object(summary)
}

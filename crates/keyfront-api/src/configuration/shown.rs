//! How a resource is shown: in answers of its own, and as an item of a page.

use keyfront_domain::AccountId;
use keyfront_domain::arn::Arn;
use keyfront_domain::etag;
use keyfront_error::ServiceError;
use keyfront_store::records::ResourceRecord;
use serde_json::{Value, json};

use super::{Resource, Summary, Time, is_managed, moment, states};
use crate::context::Context;
use crate::operation::Members;

/// Before anything has settled.
pub(super) const NOTHING_SETTLED: i64 = i64::MIN;

/// The answer to a change: the whole resource and its ETag. However soon the change settles, it has not yet.
pub(crate) async fn written<R: Resource>(
    cx: &Context,
    arn: &Arn,
    record: ResourceRecord,
) -> Result<Members, ServiceError> {
    let record = R::as_shown(cx, arn.account, record).await?;
    let related = R::related(cx, arn, &record).await?;
    Ok(whole::<R>(arn.account, record, related, NOTHING_SETTLED))
}

/// The answer to a look: the whole resource and its ETag.
pub(super) async fn read<R: Resource>(
    cx: &Context,
    arn: &Arn,
    record: ResourceRecord,
) -> Result<Members, ServiceError> {
    let now_ms = moment(cx, arn);
    let record = R::as_shown(cx, arn.account, states::at::<R>(record, now_ms)).await?;
    let related = R::related(cx, arn, &record).await?;
    Ok(whole::<R>(arn.account, record, related, now_ms))
}

/// The whole resource and its ETag, at a time in milliseconds since the epoch.
pub(super) fn whole<R: Resource>(
    account: AccountId,
    record: ResourceRecord,
    related: Members,
    now_ms: i64,
) -> Members {
    let etag = etag::control_plane(record.version);
    let mut document = document::<R>(account, record, now_ms);
    document.extend(related);
    members([(R::NAMES.document, Value::Object(document)), ("ETag", etag.into())])
}

/// An answer with the configuration alone and its ETag.
pub(super) fn config<R: Resource>(record: ResourceRecord) -> Members {
    let etag = etag::control_plane(record.version);
    let config = R::NAMES.config.map(|member| (member.to_owned(), Value::Object(record.config)));
    config.into_iter().chain([("ETag".to_owned(), etag.into())]).collect()
}

/// An item of a page.
pub(super) fn summary<R: Resource>(account: AccountId, mut record: ResourceRecord, now_ms: i64) -> Value {
    match R::LAYOUT.summary {
        Summary::Whole => json!({ R::NAMES.document: document::<R>(account, record, now_ms) }),
        Summary::WholeWithType => {
            let kind = if is_managed::<R>(&record.id) { "managed" } else { "custom" };
            json!({ "Type": kind, R::NAMES.document: document::<R>(account, record, now_ms) })
        }
        Summary::Flat => {
            let mut item = around::<R>(account, &record, now_ms);
            item.append(&mut record.config);
            item.insert("ETag".to_owned(), etag::control_plane(record.version).into());
            R::present(&mut item);
            Value::Object(item)
        }
        Summary::Own(item) => item(account, record, now_ms),
    }
}

/// Where a new resource is found.
pub(super) fn location<R: Resource>(id: &str) -> String {
    format!("https://cloudfront.amazonaws.com/2020-05-31/{}/{id}", R::NAMES.path)
}

fn document<R: Resource>(account: AccountId, mut record: ResourceRecord, now_ms: i64) -> Members {
    let mut document = around::<R>(account, &record, now_ms);
    match R::NAMES.config {
        Some(member) => {
            document.insert(member.to_owned(), Value::Object(record.config));
        }
        None => document.append(&mut record.config),
    }
    R::present(&mut document);
    document
}

/// What is shown beside the configuration.
fn around<R: Resource>(account: AccountId, record: &ResourceRecord, now_ms: i64) -> Members {
    let mut around = R::computed(account, record);
    around.extend(record.shown.clone());
    around.insert("Id".to_owned(), record.id.clone().into());
    if let Some(state) = &record.state {
        around.insert("Status".to_owned(), state.at(now_ms).into());
    }
    for time in R::LAYOUT.times {
        let (member, moment_ms) = match time {
            Time::Created => ("CreatedTime", record.created_ms),
            Time::LastModified => ("LastModifiedTime", record.modified_ms),
        };
        around.insert(member.to_owned(), moment_ms.into());
    }
    around
}

fn members<const N: usize>(members: [(&str, Value); N]) -> Members {
    members.into_iter().map(|(name, value)| (name.to_owned(), value)).collect()
}

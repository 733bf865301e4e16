//! How a resource is shown.

use keyfront_domain::etag;
use keyfront_store::records::ResourceRecord;
use serde_json::{Value, json};

use super::{Members, Resource, Summary, Time};

/// An answer with the whole resource and its ETag.
pub(super) fn whole<R: Resource>(record: ResourceRecord) -> Members {
    let etag = etag::control_plane(record.version);
    members([(R::NAMES.document, Value::Object(document::<R>(record))), ("ETag", etag.into())])
}

/// An answer with the configuration alone and its ETag.
pub(super) fn config<R: Resource>(record: ResourceRecord) -> Members {
    let etag = etag::control_plane(record.version);
    members([(R::NAMES.config, Value::Object(record.config)), ("ETag", etag.into())])
}

/// An item of a page.
pub(super) fn summary<R: Resource>(record: ResourceRecord) -> Value {
    match R::NAMES.summary {
        Summary::Whole => json!({ R::NAMES.document: document::<R>(record) }),
        Summary::Flat => {
            let (member, moment_ms) = time::<R>(&record);
            let mut item = record.config;
            item.insert("Id".to_owned(), record.id.into());
            item.insert(member.to_owned(), moment_ms.into());
            Value::Object(item)
        }
    }
}

/// Where a new resource is found.
pub(super) fn location<R: Resource>(id: &str) -> String {
    format!("https://cloudfront.amazonaws.com/2020-05-31/{}/{id}", R::NAMES.path)
}

fn document<R: Resource>(record: ResourceRecord) -> Members {
    let (member, moment_ms) = time::<R>(&record);
    members([
        ("Id", record.id.into()),
        (member, moment_ms.into()),
        (R::NAMES.config, Value::Object(record.config)),
    ])
}

fn time<R: Resource>(record: &ResourceRecord) -> (&'static str, i64) {
    match R::NAMES.time {
        Time::Created => ("CreatedTime", record.created_ms),
        Time::LastModified => ("LastModifiedTime", record.modified_ms),
    }
}

fn members<const N: usize>(members: [(&str, Value); N]) -> Members {
    members.into_iter().map(|(name, value)| (name.to_owned(), value)).collect()
}

//! Renders a function as text and as JSON.

use keyfront_client::StoredFunction;
use serde_json::{Value, json};

/// A line that says what was done to a function: `done` is a participle.
pub(super) fn outcome(done: &str, function: &StoredFunction) -> String {
    format!("{done} {} ({})", function.name, function.stage)
}

/// A function as the control plane describes it, by the service's names.
pub(super) fn as_json(function: &StoredFunction) -> Value {
    json!({
        "Name": function.name,
        "FunctionARN": function.arn,
        "Stage": function.stage,
        "Status": function.status,
        "Comment": function.config.comment,
        "Runtime": function.config.runtime.as_str(),
        "KeyValueStoreARN": function.config.store,
        "CreatedTime": function.created,
        "LastModifiedTime": function.modified,
        "ETag": function.etag,
    })
}

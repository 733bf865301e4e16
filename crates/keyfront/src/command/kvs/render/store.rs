//! Renders a store as JSON.

use keyfront_client::Store;
use serde_json::{Value, json};

/// A store as the control plane describes it, by the service's names.
pub(crate) fn as_json(store: &Store) -> Value {
    json!({
        "Name": store.name,
        "ARN": store.arn,
        "Comment": store.comment,
        "Status": store.status,
        "LastModifiedTime": store.modified,
    })
}

//! Renders the answer to a write: what the store holds now.

use keyfront_client::Written;
use serde_json::{Value, json};

use crate::terminal::{count, number};

/// What the store holds after a write, as the end of a sentence.
pub(crate) fn holds(written: &Written) -> String {
    format!("holds {} of {} bytes", count(written.item_count, "pair"), number(written.total_size_in_bytes))
}

/// The answer by the service's names.
pub(crate) fn as_json(written: &Written) -> Value {
    json!({
        "ItemCount": written.item_count,
        "TotalSizeInBytes": written.total_size_in_bytes,
        "ETag": written.etag,
    })
}

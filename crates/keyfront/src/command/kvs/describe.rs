//! `keyfront kvs describe`.

use std::process::ExitCode;

use clap::Args;
use keyfront_client::{Client, Store, StoreMetadata};
use serde_json::{Value, json};

use crate::failure::Failure;
use crate::terminal::{Output, number, one_line};

/// Show a store: its settings, status, size and ETags
#[derive(Args)]
pub(super) struct Describe {
    /// The store's name or ARN
    name: String,
}

impl Describe {
    pub(super) async fn run(self, client: &Client, output: Output) -> Result<ExitCode, Failure> {
        let store = client.store(&self.name).await?;
        let metadata = client.metadata(&store.arn).await?;
        output.print(|| table(&store, &metadata), || as_json(&store, &metadata));
        Ok(ExitCode::SUCCESS)
    }
}

fn table(store: &Store, metadata: &StoreMetadata) -> String {
    let mut lines = vec![
        ("name", store.name.clone()),
        ("arn", store.arn.clone()),
        ("comment", one_line(&store.comment)),
        ("status", store.status.clone()),
        ("pairs", number(metadata.item_count)),
        ("bytes", number(metadata.total_size_in_bytes)),
        ("created", metadata.created.clone()),
        ("pairs modified", metadata.modified.clone().unwrap_or_default()),
        ("store modified", store.modified.clone()),
        ("pairs ETag", metadata.etag.clone()),
        ("store ETag", store.etag.clone()),
    ];
    if let Some(reason) = &metadata.failure_reason {
        lines.push(("failure", one_line(reason)));
    }
    let lines = lines.iter().map(|(name, value)| format!("{name:14}  {value}").trim_end().to_owned());
    lines.collect::<Vec<_>>().join("\n")
}

fn as_json(store: &Store, metadata: &StoreMetadata) -> Value {
    json!({
        "Name": store.name,
        "ARN": store.arn,
        "Comment": store.comment,
        "Status": store.status,
        "FailureReason": metadata.failure_reason,
        "ItemCount": metadata.item_count,
        "TotalSizeInBytes": metadata.total_size_in_bytes,
        "Created": metadata.created,
        "LastModified": metadata.modified,
        "LastModifiedTime": store.modified,
        "KeyValueStoreETag": store.etag,
        "ETag": metadata.etag,
    })
}

//! `keyfront kvs describe`.

use std::process::ExitCode;

use clap::Args;
use keyfront_client::{Client, Head, Store};
use serde_json::{Value, json};

use super::output::{Output, number, one_line};
use crate::failure::Failure;

/// Show what both planes say of a store
#[derive(Args)]
pub(super) struct Describe {
    /// The store's name or ARN
    name: String,
}

impl Describe {
    pub(super) async fn run(self, client: &Client, output: Output) -> Result<ExitCode, Failure> {
        let store = client.store(&self.name).await?;
        let head = client.head(&store.arn).await?;
        output.print(|| table(&store, &head), || as_json(&store, &head));
        Ok(ExitCode::SUCCESS)
    }
}

fn table(store: &Store, head: &Head) -> String {
    let mut lines = vec![
        ("name", store.name.clone()),
        ("arn", store.arn.clone()),
        ("comment", one_line(&store.comment)),
        ("status", store.status.clone()),
        ("pairs", number(head.item_count)),
        ("bytes", number(head.total_size_in_bytes)),
        ("created", head.created.clone()),
        ("pairs modified", head.modified.clone().unwrap_or_default()),
        ("store modified", store.modified.clone()),
        ("pairs ETag", head.etag.clone()),
        ("store ETag", store.etag.clone()),
    ];
    if let Some(reason) = &head.failure_reason {
        lines.push(("failure", one_line(reason)));
    }
    let lines = lines.iter().map(|(name, value)| format!("{name:14}  {value}").trim_end().to_owned());
    lines.collect::<Vec<_>>().join("\n")
}

fn as_json(store: &Store, head: &Head) -> Value {
    json!({
        "Name": store.name,
        "ARN": store.arn,
        "Comment": store.comment,
        "Status": store.status,
        "FailureReason": head.failure_reason,
        "ItemCount": head.item_count,
        "TotalSizeInBytes": head.total_size_in_bytes,
        "Created": head.created,
        "LastModified": head.modified,
        "LastModifiedTime": store.modified,
        "KeyValueStoreETag": store.etag,
        "ETag": head.etag,
    })
}

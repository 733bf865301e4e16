//! `keyfront kvs list` and `keyfront kvs delete`.

use std::process::ExitCode;

use clap::Args;
use keyfront_client::{Client, Store};
use serde_json::{Value, json};

use super::output::{Output, one_line};
use crate::failure::Failure;

/// List the stores of the account
#[derive(Args)]
pub(super) struct List {}

impl List {
    pub(super) async fn run(self, client: &Client, output: Output) -> Result<ExitCode, Failure> {
        let stores = client.stores().await?;
        output.print(|| table(&stores), || Value::Array(stores.iter().map(as_json).collect()));
        Ok(ExitCode::SUCCESS)
    }
}

fn table(stores: &[Store]) -> String {
    let width = stores.iter().map(|store| store.name.len()).max().unwrap_or_default();
    let lines = stores.iter().map(|store| {
        let Store { name, status, modified, comment, .. } = store;
        format!("{name:width$}  {status:12}  {modified:24}  {}", one_line(comment)).trim_end().to_owned()
    });
    lines.collect::<Vec<_>>().join("\n")
}

/// What the control plane says of a store, by the service's names.
pub(super) fn as_json(store: &Store) -> Value {
    json!({
        "Name": store.name,
        "ARN": store.arn,
        "Comment": store.comment,
        "Status": store.status,
        "LastModifiedTime": store.modified,
    })
}

/// Delete a store with all its pairs, without asking
#[derive(Args)]
pub(super) struct Delete {
    /// The store's name or ARN
    name: String,
}

impl Delete {
    pub(super) async fn run(self, client: &Client, output: Output) -> Result<ExitCode, Failure> {
        let Store { name, arn, .. } = client.delete(&self.name).await?;
        output.print(|| format!("deleted {name}"), || json!({ "Name": name, "ARN": arn }));
        Ok(ExitCode::SUCCESS)
    }
}

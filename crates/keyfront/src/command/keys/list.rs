//! `keyfront keys list`.

use std::process::ExitCode;

use clap::Args;
use keyfront_client::{Client, StoredPublicKey};
use serde_json::Value;

use super::render::{as_json, kind};
use crate::failure::Failure;
use crate::terminal::{Output, one_line};

/// List the public keys of the account
#[derive(Args)]
pub(super) struct List {}

impl List {
    pub(super) async fn run(self, client: &Client, output: Output) -> Result<ExitCode, Failure> {
        let keys = client.public_keys().await?;
        output.print(|| table(&keys), || Value::Array(keys.iter().map(as_json).collect()));
        Ok(ExitCode::SUCCESS)
    }
}

fn table(keys: &[StoredPublicKey]) -> String {
    let width = keys.iter().map(|key| key.name.len()).max().unwrap_or_default();
    let lines = keys.iter().map(|key| {
        let StoredPublicKey { id, name, comment, created, .. } = key;
        let line = format!("{id:14}  {name:width$}  {:11}  {created:24}  {}", kind(key), one_line(comment));
        line.trim_end().to_owned()
    });
    lines.collect::<Vec<_>>().join("\n")
}

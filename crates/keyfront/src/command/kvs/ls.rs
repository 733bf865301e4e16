//! `keyfront kvs ls`.

use std::process::ExitCode;

use clap::Args;
use keyfront_client::Client;
use serde_json::{Value, json};

use crate::failure::Failure;
use crate::terminal::{Output, Progress, one_line};

/// List pairs, in the order of their keys' bytes
///
/// A line is a key, a tab and a value. Line breaks and other control characters are shown escaped; --output
/// json has everything as it is.
#[derive(Args)]
pub(super) struct Ls {
    /// The store's name or ARN
    name: String,
    /// Only keys that begin with this
    #[arg(long, value_name = "PREFIX", default_value = "", hide_default_value = true)]
    prefix: String,
    /// Only the keys
    #[arg(long)]
    keys_only: bool,
}

impl Ls {
    pub(super) async fn run(self, client: &Client, output: Output) -> Result<ExitCode, Failure> {
        let arn = client.arn(&self.name).await?;
        let progress = Progress::begin("reading");
        let stored = client.read_all(&arn, &|done, of| progress.set(done, of)).await;
        progress.end();
        let stored = stored?;
        let wanted: Vec<(&str, &str)> =
            stored.pairs.iter().filter(|(key, _)| key.starts_with(&self.prefix)).collect();
        let line = |(key, value): &(&str, &str)| {
            if self.keys_only { one_line(key) } else { format!("{}\t{}", one_line(key), one_line(value)) }
        };
        let item = |(key, value): &(&str, &str)| {
            if self.keys_only { json!(key) } else { json!({ "Key": key, "Value": value }) }
        };
        output.print(
            || wanted.iter().map(line).collect::<Vec<_>>().join("\n"),
            || Value::Array(wanted.iter().map(item).collect()),
        );
        Ok(ExitCode::SUCCESS)
    }
}

//! `keyfront kvs get`, `put`, `rm` and `ls`: pairs by hand.

use std::process::ExitCode;

use clap::Args;
use keyfront_client::{Client, Written};
use serde_json::{Value, json};

use super::output::{Output, Progress, count, number, one_line};
use crate::failure::Failure;

/// Print the value of a key
///
/// A key that begins with - goes behind --, as in: keyfront kvs get NAME -- -key
#[derive(Args)]
pub(super) struct Get {
    /// The store's name or ARN
    name: String,
    /// The key
    key: String,
}

impl Get {
    pub(super) async fn run(self, client: &Client, output: Output) -> Result<ExitCode, Failure> {
        let arn = client.arn(&self.name).await?;
        let value = client.get(&arn, &self.key).await?;
        output.print(|| value.clone(), || json!({ "Key": self.key, "Value": value }));
        Ok(ExitCode::SUCCESS)
    }
}

/// Put a pair, whoever else writes to the store
///
/// A key that begins with - goes behind --, as in: keyfront kvs put NAME -- -key value
#[derive(Args)]
pub(super) struct Put {
    /// The store's name or ARN
    name: String,
    /// The key
    key: String,
    /// The value, as it is; it may be empty or begin with -
    #[arg(allow_hyphen_values = true)]
    value: String,
}

impl Put {
    pub(super) async fn run(self, client: &Client, output: Output) -> Result<ExitCode, Failure> {
        let arn = client.arn(&self.name).await?;
        let written = client.put(&arn, &self.key, &self.value).await?;
        output.print(
            || format!("put {} into {}, which {}", one_line(&self.key), self.name, holds(&written)),
            || as_json(&written),
        );
        Ok(ExitCode::SUCCESS)
    }
}

fn holds(written: &Written) -> String {
    format!("holds {} of {} bytes", count(written.item_count, "pair"), number(written.total_size_in_bytes))
}

fn as_json(written: &Written) -> Value {
    json!({
        "ItemCount": written.item_count,
        "TotalSizeInBytes": written.total_size_in_bytes,
        "ETag": written.etag,
    })
}

/// Remove pairs; a key that is not there is no failure
#[derive(Args)]
pub(super) struct Rm {
    /// The store's name or ARN
    name: String,
    /// The keys
    #[arg(required = true)]
    keys: Vec<String>,
}

impl Rm {
    pub(super) async fn run(self, client: &Client, output: Output) -> Result<ExitCode, Failure> {
        let arn = client.arn(&self.name).await?;
        let keys: Vec<&str> = self.keys.iter().map(String::as_str).collect();
        let (removed, written) = client.remove(&arn, &keys).await?;
        let text = || {
            let text = format!("removed {} from {}", count(removed, "pair"), self.name);
            let absent = u64::try_from(keys.len()).unwrap_or(u64::MAX).saturating_sub(removed);
            let absent = if absent == 0 { String::new() } else { format!(" ({} not there)", number(absent)) };
            format!("{text}{absent}, which {}", holds(&written))
        };
        let json = || {
            let mut answer = as_json(&written);
            if let Value::Object(members) = &mut answer {
                members.insert("Removed".to_owned(), json!(removed));
            }
            answer
        };
        output.print(text, json);
        Ok(ExitCode::SUCCESS)
    }
}

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
        let image = client.read_all(&arn, &|done, of| progress.set(done, of)).await;
        progress.end();
        let image = image?;
        let wanted: Vec<(&str, &str)> =
            image.pairs.iter().filter(|(key, _)| key.starts_with(&self.prefix)).collect();
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

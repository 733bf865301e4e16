//! `keyfront kvs rm`.

use std::process::ExitCode;

use clap::Args;
use keyfront_client::Client;
use serde_json::{Value, json};

use super::render::written;
use crate::failure::Failure;
use crate::terminal::{Output, count, number};

/// Remove pairs; absent keys are ignored
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
            format!("{text}{absent}, which {}", written::holds(&written))
        };
        let json = || {
            let mut answer = written::as_json(&written);
            if let Value::Object(members) = &mut answer {
                members.insert("Removed".to_owned(), json!(removed));
            }
            answer
        };
        output.print(text, json);
        Ok(ExitCode::SUCCESS)
    }
}

//! `keyfront kvs get`.

use std::process::ExitCode;

use clap::Args;
use keyfront_client::Client;
use serde_json::json;

use crate::failure::Failure;
use crate::terminal::Output;

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
        output.print_content(&value, || json!({ "Key": self.key, "Value": value }));
        Ok(ExitCode::SUCCESS)
    }
}

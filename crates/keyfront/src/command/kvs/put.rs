//! `keyfront kvs put`.

use std::process::ExitCode;

use clap::Args;
use keyfront_client::Client;

use super::render::written;
use crate::failure::Failure;
use crate::terminal::{Output, one_line};

/// Put a pair, also while other clients write to the store
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
            || format!("put {} into {}, which {}", one_line(&self.key), self.name, written::holds(&written)),
            || written::as_json(&written),
        );
        Ok(ExitCode::SUCCESS)
    }
}

//! `keyfront kvs delete`.

use std::process::ExitCode;

use clap::Args;
use keyfront_client::{Client, Store};
use serde_json::json;

use crate::failure::Failure;
use crate::terminal::Output;

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

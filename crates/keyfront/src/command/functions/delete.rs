//! `keyfront fn delete`.

use std::process::ExitCode;

use clap::Args;
use keyfront_client::Client;
use serde_json::json;

use crate::failure::Failure;
use crate::terminal::Output;

/// Delete both stages of a function; no distribution may use it
#[derive(Args)]
pub(super) struct Delete {
    /// The function's name
    name: String,
}

impl Delete {
    pub(super) async fn run(self, client: &Client, output: Output) -> Result<ExitCode, Failure> {
        client.delete_function(&self.name).await?;
        output.print(|| format!("deleted {}", self.name), || json!({ "Deleted": self.name }));
        Ok(ExitCode::SUCCESS)
    }
}

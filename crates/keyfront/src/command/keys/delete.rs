//! `keyfront keys delete`.

use std::process::ExitCode;

use clap::Args;
use keyfront_client::Client;
use serde_json::json;

use crate::failure::Failure;
use crate::terminal::Output;

/// Delete a public key; no key group may contain it
#[derive(Args)]
pub(super) struct Delete {
    /// The key's id, such as K2JCJMDEHXQW5F
    id: String,
}

impl Delete {
    pub(super) async fn run(self, client: &Client, output: Output) -> Result<ExitCode, Failure> {
        client.delete_public_key(&self.id).await?;
        output.print(|| format!("deleted {}", self.id), || json!({ "Deleted": self.id }));
        Ok(ExitCode::SUCCESS)
    }
}

//! `keyfront keys group delete`.

use std::process::ExitCode;

use clap::Args;
use keyfront_client::Client;
use serde_json::json;

use crate::failure::Failure;
use crate::terminal::{Output, one_line};

/// Delete a key group; its public keys stay
#[derive(Args)]
pub(in crate::command::keys) struct Delete {
    /// The group's name or id
    group: String,
}

impl Delete {
    pub(super) async fn run(self, client: &Client, output: Output) -> Result<ExitCode, Failure> {
        let deleted = client.delete_key_group(&self.group).await?;
        output.print(|| format!("deleted {}", one_line(&deleted.name)), || json!({ "Deleted": deleted.id }));
        Ok(ExitCode::SUCCESS)
    }
}

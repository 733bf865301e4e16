//! `keyfront keys group create`.

use std::process::ExitCode;

use clap::Args;
use keyfront_client::Client;

use super::render::show;
use crate::failure::Failure;
use crate::terminal::Output;

/// Create a key group of public keys
#[derive(Args)]
pub(in crate::command::keys) struct Create {
    /// The group's name, up to 128 characters
    name: String,
    /// The id of a public key; give it once for each key, up to five
    #[arg(long = "key", value_name = "ID", required = true)]
    keys: Vec<String>,
    /// What the group is for, up to 128 characters
    #[arg(long, value_name = "TEXT")]
    comment: Option<String>,
}

impl Create {
    pub(super) async fn run(self, client: &Client, output: Output) -> Result<ExitCode, Failure> {
        let group = client.create_key_group(&self.name, &self.keys, self.comment.as_deref()).await?;
        show(&group, output);
        Ok(ExitCode::SUCCESS)
    }
}

//! `keyfront keys group list`.

use std::process::ExitCode;

use clap::Args;
use keyfront_client::Client;
use serde_json::Value;

use super::render::{as_json, table};
use crate::failure::Failure;
use crate::terminal::Output;

/// List the key groups of the account
#[derive(Args)]
pub(in crate::command::keys) struct List {}

impl List {
    pub(super) async fn run(self, client: &Client, output: Output) -> Result<ExitCode, Failure> {
        let groups = client.key_groups().await?;
        output.print(|| table(&groups), || Value::Array(groups.iter().map(as_json).collect()));
        Ok(ExitCode::SUCCESS)
    }
}

//! `keyfront fn publish`.

use std::process::ExitCode;

use clap::Args;
use keyfront_client::Client;

use super::render::{as_json, outcome};
use crate::failure::Failure;
use crate::terminal::Output;

/// Publish a function: copy the stage DEVELOPMENT to LIVE
#[derive(Args)]
pub(super) struct Publish {
    /// The function's name
    name: String,
}

impl Publish {
    pub(super) async fn run(self, client: &Client, output: Output) -> Result<ExitCode, Failure> {
        let function = client.publish_function(&self.name).await?;
        output.print(|| outcome("published", &function), || as_json(&function));
        Ok(ExitCode::SUCCESS)
    }
}

//! `keyfront fn publish`.

use std::process::ExitCode;

use clap::Args;
use keyfront_client::Client;

use super::super::output::Output;
use super::list::{as_json, told};
use crate::failure::Failure;

/// Publish a function: copy the stage DEVELOPMENT to LIVE
#[derive(Args)]
pub(super) struct Publish {
    /// The function's name
    name: String,
}

impl Publish {
    pub(super) async fn run(self, client: &Client, output: Output) -> Result<ExitCode, Failure> {
        let function = client.publish_function(&self.name).await?;
        output.print(|| told("published", &function), || as_json(&function));
        Ok(ExitCode::SUCCESS)
    }
}

//! `keyfront fn create`.

use std::process::ExitCode;

use clap::Args;
use keyfront_client::{Client, FunctionConfig};

use super::render::{as_json, outcome};
use super::source::Source;
use crate::failure::Failure;
use crate::terminal::Output;

/// Create a function from a file
///
/// It is created in the stage DEVELOPMENT; `publish` makes it LIVE.
#[derive(Args)]
pub(super) struct Create {
    /// The function's name: letters, digits, - and _, up to 64
    name: String,
    #[command(flatten)]
    source: Source,
    /// What the function is for, up to 128 characters
    #[arg(long, value_name = "TEXT", default_value = "")]
    comment: String,
    /// The key value store that the function reads, by name or ARN
    #[arg(long, value_name = "NAME")]
    kvs: Option<String>,
    /// Publish it at once
    #[arg(long)]
    publish: bool,
}

impl Create {
    pub(super) async fn run(self, client: &Client, output: Output) -> Result<ExitCode, Failure> {
        let code = self.source.read()?;
        let store = match &self.kvs {
            Some(name) => Some(client.arn(name).await?),
            None => None,
        };
        let config = FunctionConfig { comment: self.comment, runtime: self.source.runtime.get(), store };
        let mut function = client.create_function(&self.name, &config, &code).await?;
        let mut done = "created";
        if self.publish {
            function = client.publish_function(&self.name).await?;
            done = "created and published";
        }
        output.print(|| outcome(done, &function), || as_json(&function));
        Ok(ExitCode::SUCCESS)
    }
}

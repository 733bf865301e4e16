//! `keyfront fn update`.

use std::path::PathBuf;
use std::process::ExitCode;

use clap::Args;
use keyfront_client::{Client, FunctionConfig};
use keyfront_domain::function::Stage;

use super::file;
use super::render::{as_json, outcome};
use super::source::Version;
use crate::failure::Failure;
use crate::terminal::Output;

/// Change a function: its code and its settings
///
/// Everything else stays as it is. The stage DEVELOPMENT changes; `publish` makes the change LIVE.
#[derive(Args)]
pub(super) struct Update {
    /// The function's name
    name: String,
    /// The file with the new code; without it, the code stays
    #[arg(value_name = "FILE")]
    file: Option<PathBuf>,
    /// The JavaScript runtime
    #[arg(long, value_enum)]
    runtime: Option<Version>,
    /// What the function is for, up to 128 characters
    #[arg(long, value_name = "TEXT")]
    comment: Option<String>,
    /// The key value store that the function reads, by name or ARN
    #[arg(long, value_name = "NAME", conflicts_with = "no_kvs")]
    kvs: Option<String>,
    /// Remove the association with a key value store
    #[arg(long)]
    no_kvs: bool,
    /// Publish the change at once
    #[arg(long)]
    publish: bool,
}

impl Update {
    pub(super) async fn run(self, client: &Client, output: Output) -> Result<ExitCode, Failure> {
        let now = client.function(&self.name, Stage::Development).await?;
        let code = match &self.file {
            Some(path) => file::read(path, "code")?,
            None => client.function_code(&self.name, Stage::Development).await?,
        };
        let store = match &self.kvs {
            Some(name) => Some(client.arn(name).await?),
            None if self.no_kvs => None,
            None => now.config.store.clone(),
        };
        let config = FunctionConfig {
            comment: self.comment.unwrap_or_else(|| now.config.comment.clone()),
            runtime: self.runtime.map_or(now.config.runtime, Version::runtime),
            store,
        };
        let mut function = client.update_function(&now, &config, &code).await?;
        let mut done = "updated";
        if self.publish {
            function = client.publish_function(&self.name).await?;
            done = "updated and published";
        }
        output.print(|| outcome(done, &function), || as_json(&function));
        Ok(ExitCode::SUCCESS)
    }
}

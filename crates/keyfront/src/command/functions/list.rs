//! `keyfront fn list`.

use std::process::ExitCode;

use clap::Args;
use keyfront_client::{Client, StoredFunction};
use serde_json::Value;

use super::render::as_json;
use crate::failure::Failure;
use crate::terminal::{Output, one_line};

/// List the functions of the account
#[derive(Args)]
pub(super) struct List {}

impl List {
    pub(super) async fn run(self, client: &Client, output: Output) -> Result<ExitCode, Failure> {
        let functions = client.functions().await?;
        output.print(|| table(&functions), || Value::Array(functions.iter().map(as_json).collect()));
        Ok(ExitCode::SUCCESS)
    }
}

fn table(functions: &[StoredFunction]) -> String {
    let width = functions.iter().map(|function| function.name.len()).max().unwrap_or_default();
    let lines = functions.iter().map(|function| {
        let StoredFunction { name, status, config, modified, .. } = function;
        let comment = one_line(&config.comment);
        let line = format!("{name:width$}  {status:12}  {}  {modified:24}  {comment}", config.runtime);
        line.trim_end().to_owned()
    });
    lines.collect::<Vec<_>>().join("\n")
}

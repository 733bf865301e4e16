//! `keyfront kvs list`.

use std::process::ExitCode;

use clap::Args;
use keyfront_client::{Client, Store};
use serde_json::{Value, json};

use super::render::store::as_json;
use crate::failure::Failure;
use crate::terminal::{Output, one_line};

/// List the stores of the account
#[derive(Args)]
pub(super) struct List {
    /// Only the names, one a line
    #[arg(long)]
    names_only: bool,
}

impl List {
    pub(super) async fn run(self, client: &Client, output: Output) -> Result<ExitCode, Failure> {
        let stores = client.stores().await?;
        if self.names_only {
            let names: Vec<&str> = stores.iter().map(|store| store.name.as_str()).collect();
            output.print(|| names.join("\n"), || json!(names));
            return Ok(ExitCode::SUCCESS);
        }
        output.print(|| table(&stores), || Value::Array(stores.iter().map(as_json).collect()));
        Ok(ExitCode::SUCCESS)
    }
}

fn table(stores: &[Store]) -> String {
    let width = stores.iter().map(|store| store.name.len()).max().unwrap_or_default();
    let lines = stores.iter().map(|store| {
        let Store { name, status, modified, comment, .. } = store;
        format!("{name:width$}  {status:12}  {modified:24}  {}", one_line(comment)).trim_end().to_owned()
    });
    lines.collect::<Vec<_>>().join("\n")
}

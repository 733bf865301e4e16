//! `keyfront kvs diff`.

use std::path::PathBuf;
use std::process::ExitCode;

use clap::Args;
use keyfront_client::Client;
use keyfront_client::plan::Ownership;

use super::comparison::{self, Comparison};
use super::render::plan;
use crate::failure::Failure;
use crate::terminal::Output;

/// Show the difference between a file and a store; exit code 3 if there is one
///
/// All pairs are compared, so a pair that only the store has is shown as removed, as `sync --exclusive --dry-run`
/// shows it.
#[derive(Args)]
pub(super) struct Diff {
    /// The store's name or ARN
    name: String,
    /// The file: import JSON, flat JSON, CSV, NDJSON, YAML, or - for standard input
    #[arg(long, visible_alias = "from", value_name = "FILE")]
    file: PathBuf,
    /// Compare only the keys that begin with this; the file may have no others
    #[arg(long, value_name = "PREFIX", default_value = "", hide_default_value = true)]
    prefix: String,
}

impl Diff {
    pub(super) async fn run(self, client: &Client, output: Output) -> Result<ExitCode, Failure> {
        let ownership = Ownership { exclusive: true, prefix: self.prefix };
        let compared = Comparison::read(client, &self.name, &self.file).await?;
        let difference = compared.plan(&ownership)?;
        output.print_plan(|| plan::text(&difference, &compared.quotas, None), || plan::as_json(&difference));
        Ok(comparison::exit_code(&difference))
    }
}

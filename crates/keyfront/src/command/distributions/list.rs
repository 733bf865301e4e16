//! `keyfront distributions list`.

use std::process::ExitCode;

use clap::Args;
use keyfront_client::{Client, StoredDistribution};
use serde_json::Value;

use super::render::{as_json, served};
use crate::failure::Failure;
use crate::terminal::{Output, one_line};

/// List the distributions of the account
#[derive(Args)]
pub(super) struct List {}

impl List {
    pub(super) async fn run(self, client: &Client, output: Output) -> Result<ExitCode, Failure> {
        let distributions = client.distributions().await?;
        output.print(|| table(&distributions), || Value::Array(distributions.iter().map(as_json).collect()));
        Ok(ExitCode::SUCCESS)
    }
}

fn table(distributions: &[StoredDistribution]) -> String {
    let widest = |text: fn(&StoredDistribution) -> &str| {
        distributions.iter().map(|distribution| text(distribution).len()).max().unwrap_or_default()
    };
    let ids = widest(|distribution| &distribution.id);
    let domains = widest(|distribution| &distribution.domain_name);
    let lines = distributions.iter().map(|distribution| {
        let StoredDistribution { id, domain_name, status, .. } = distribution;
        let aliases = distribution.aliases.join(",");
        let names = if aliases.is_empty() { one_line(&distribution.comment) } else { aliases };
        let line =
            format!("{id:ids$}  {domain_name:domains$}  {status:10}  {:8}  {names}", served(distribution));
        line.trim_end().to_owned()
    });
    lines.collect::<Vec<_>>().join("\n")
}

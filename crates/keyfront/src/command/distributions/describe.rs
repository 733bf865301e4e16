//! `keyfront distributions describe`.

use std::process::ExitCode;

use clap::Args;
use keyfront_client::{Client, StoredDistribution};

use super::render::{as_json, served};
use crate::failure::Failure;
use crate::terminal::{Output, one_line};

/// Show a distribution with its names, origins and behaviors
#[derive(Args)]
pub(super) struct Describe {
    /// The distribution's id, domain name or alias
    distribution: String,
}

impl Describe {
    pub(super) async fn run(self, client: &Client, output: Output) -> Result<ExitCode, Failure> {
        let distribution = client.distribution(&self.distribution).await?;
        output.print(|| described(&distribution), || as_json(&distribution));
        Ok(ExitCode::SUCCESS)
    }
}

fn described(distribution: &StoredDistribution) -> String {
    let origins: Vec<_> =
        distribution.origins.iter().map(|origin| format!("{}  {}", origin.id, origin.domain_name)).collect();
    let behaviors = distribution.behaviors.iter().map(|behavior| {
        let pattern = behavior.path_pattern.as_deref().unwrap_or("*");
        let caching = match &behavior.cache_policy {
            Some(policy) => format!("cache policy {policy}"),
            None => "forwarded values".to_owned(),
        };
        format!("{pattern}  {}  {}  {caching}", behavior.target, behavior.viewer_protocol_policy)
    });
    let staging = if distribution.staging { ", staging" } else { "" };
    let rows = [
        ("id", vec![distribution.id.clone()]),
        ("domain", vec![distribution.domain_name.clone()]),
        ("aliases", distribution.aliases.clone()),
        ("status", vec![format!("{}, {}{staging}", distribution.status, served(distribution))]),
        ("comment", vec![one_line(&distribution.comment)]),
        ("origins", origins),
        ("behaviors", behaviors.collect()),
        ("modified", vec![distribution.modified.clone()]),
        ("etag", vec![distribution.etag.clone().unwrap_or_default()]),
        ("arn", vec![distribution.arn.clone()]),
    ];
    let row = |(name, values): (&str, Vec<String>)| {
        let values = if values.is_empty() { vec![String::new()] } else { values };
        let names = std::iter::once(name).chain(std::iter::repeat(""));
        let lines = names.zip(values).map(|(name, value)| format!("{name:9}  {value}").trim_end().to_owned());
        lines.collect::<Vec<_>>().join("\n")
    };
    rows.map(row).join("\n")
}

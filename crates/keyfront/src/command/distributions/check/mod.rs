//! `keyfront distributions check`: what CloudFront would refuse in a configuration, and what it would fill in.

mod candidate;
mod difference;
mod document;
mod finding;
mod judgement;
mod model;
mod render;
mod terraform;

use std::path::PathBuf;
use std::process::ExitCode;

use clap::Args;

use self::judgement::{Judge, Judgement};
use crate::failure::Failure;
use crate::terminal::Output;

/// Find everything that CloudFront would refuse in the configuration of a distribution, and show what it would fill in
///
/// FILE is JSON in one of these forms: a DistributionConfig, what `aws cloudfront get-distribution-config` or
/// `get-distribution` prints, what `--cli-input-json` takes, or what `terraform show -json` prints of a plan or a
/// state, of which every aws_cloudfront_distribution is looked at.
///
/// Nothing is asked of any server, so what a configuration refers to may not exist. What Terraform does not know
/// before it applies is left out of account. An ETag in the document, or the state of Terraform, says that the
/// distribution exists, so that the configuration is judged as an update, which must say far more than a create.
///
/// Exit code 1 if anything would be refused.
#[derive(Args)]
pub(in crate::command) struct Check {
    /// Files with configurations; - for standard input
    #[arg(value_name = "FILE", required = true)]
    files: Vec<PathBuf>,
    /// Judge as an update, whatever the document says
    #[arg(long)]
    update: bool,
    /// Show only what would be refused, and not what would be filled in
    #[arg(long)]
    refused_only: bool,
}

/// A configuration of a file, and what became of it.
struct Checked {
    file: String,
    /// The address in Terraform, of one that comes from there.
    resource: Option<String>,
    judgement: Judgement,
}

impl Check {
    pub(in crate::command) fn run(self, output: Output) -> Result<ExitCode, Failure> {
        let judge = Judge::new()?;
        let mut checked = Vec::new();
        for path in &self.files {
            let file = document::name(path);
            for mut candidate in document::read(path)? {
                candidate.exists |= self.update;
                let mut judgement = judge.judge(&candidate);
                if self.refused_only {
                    judgement.differences.clear();
                }
                checked.push(Checked { file: file.clone(), resource: candidate.resource, judgement });
            }
        }
        output.print(|| render::text(&checked), || render::json(&checked));
        let refused = checked.iter().any(|checked| !checked.judgement.findings.is_empty());
        Ok(if refused { ExitCode::FAILURE } else { ExitCode::SUCCESS })
    }
}

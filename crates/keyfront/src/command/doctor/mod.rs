//! `keyfront doctor`: what on this machine keeps an AWS client from a server, from the failures that people report.
//!
//! Each check looks and changes nothing. What it runs of other programs has a limit in time.

mod aws_cli;
mod environment;
mod finding;
mod node;
mod program;
mod python;
mod server;
mod terraform;

use std::path::Path;
use std::process::ExitCode;

use clap::Args;
use serde_json::Value;

use crate::endpoint::{ServerArguments, own_variable};
use crate::exit_code;
use crate::failure::Failure;
use crate::runtime;
use crate::terminal::Output;
use finding::{Finding, Level};

/// Find what on this machine keeps AWS clients from a server, and how to fix it
///
/// Looks at the server, the clock, the AWS CLI, Python and Terraform on PATH, the Node packages and the provider of the
/// current folder, and at the environment: proxies, endpoints, credentials and certificates. Nothing is changed.
///
/// Exit code 1 if there is a problem; notes alone are none.
#[derive(Args)]
pub(super) struct Doctor {
    #[command(flatten)]
    server: ServerArguments,
}

impl Doctor {
    pub(super) fn run(self, output: Output) -> Result<ExitCode, Failure> {
        let (host, port, _plain) = self.server.authority()?;
        let here = Path::new(".");
        let findings = runtime::single_threaded()?.block_on(async {
            let mut findings = server::findings(&self.server.endpoint, &host, port).await;
            findings.extend(aws_cli::findings().await);
            findings.extend(python::findings().await);
            findings.extend(node::findings(here).await);
            findings.extend(terraform::findings(here).await);
            findings.extend(environment::findings(&self.server.endpoint, &host, own_variable));
            findings
        });
        output.print(
            || finding::text(&findings),
            || findings.iter().map(Finding::as_json).collect::<Vec<Value>>().into(),
        );
        let problem = findings.iter().any(|finding| finding.level == Level::Problem);
        Ok(if problem { ExitCode::from(exit_code::FAILED) } else { ExitCode::SUCCESS })
    }
}

//! `cargo xtask bench`: builds the release binary and measures it.
//!
//! What is measured and how is keyfront-bench's part; here it gets a binary and a disk.

use std::path::PathBuf;

use crate::command::{self, Failure};
use crate::workspace::Workspace;

#[derive(clap::Args)]
pub(crate) struct Arguments {
    /// Measure this binary instead of building one
    #[arg(long, value_name = "FILE")]
    server: Option<PathBuf>,
    /// Measure the parts of a request in process instead
    #[arg(long, conflicts_with = "server")]
    micro: bool,
    /// Measure the functions' sandbox instead, beside njs and miniflare
    #[arg(long, conflicts_with_all = ["server", "micro"])]
    functions: bool,
    /// What keyfront-bench, or with --micro its benchmarks, is given beyond that
    #[arg(last = true)]
    further: Vec<String>,
}

/// Builds and measures.
pub(crate) fn run(workspace: &Workspace, arguments: &Arguments) -> Result<(), Failure> {
    let in_process = [(arguments.micro, "micro"), (arguments.functions, "functions")];
    if let Some((_, bench)) = in_process.into_iter().find(|(wanted, _)| *wanted) {
        let mut bench = workspace.cargo(&["bench", "--package", "keyfront-bench", "--bench", bench, "--"]);
        return command::run(bench.args(&arguments.further));
    }
    let server = match &arguments.server {
        Some(server) => server.clone(),
        // Built by itself, so that it has the features of a released one and no others.
        None => build(workspace, "keyfront")?,
    };
    let mut measure = command::command(
        build(workspace, "keyfront-bench")?,
        &["--data".as_ref(), workspace.target.as_os_str()],
        &workspace.root,
    );
    measure.arg("--server").arg(server).args(&arguments.further);
    command::run(&mut measure)
}

fn build(workspace: &Workspace, package: &str) -> Result<PathBuf, Failure> {
    command::run(&mut workspace.cargo(&["build", "--release", "--package", package]))?;
    Ok(workspace.target.join("release").join(package))
}

//! `cargo xtask bench`: builds the release binary and measures it.
//!
//! What is measured and how is keyfront-bench's part; here it gets a binary and a disk.

use std::path::PathBuf;

use crate::command::{self, Failure};
use crate::peers;
use crate::workspace::Workspace;

#[derive(clap::Args)]
#[expect(clippy::struct_excessive_bools, reason = "each is a flag of the command line")]
pub(crate) struct Arguments {
    /// Measure this binary instead of building one
    #[arg(long, value_name = "FILE")]
    server: Option<PathBuf>,
    /// Measure the parts of a request in process instead
    #[arg(long, conflicts_with = "server")]
    micro: bool,
    /// Measure the proof of a SigV4A signature instead, beside its verification
    #[arg(long, conflicts_with_all = ["server", "micro", "functions"])]
    proof: bool,
    /// Measure the functions' sandbox instead, beside njs and miniflare
    #[arg(long, conflicts_with_all = ["server", "micro"])]
    functions: bool,
    /// Count the instructions of requests instead, under Callgrind, and compare them with benches/instructions.txt
    #[arg(long, conflicts_with_all = ["micro", "proof", "functions", "peers"])]
    instructions: bool,
    /// Measure beside MiniStack, moto, etcd, Redis, nginx and miniflare, in ten minutes, and write docs/performance.md
    #[arg(long, conflicts_with_all = ["micro", "proof", "functions"])]
    peers: bool,
    /// Measure PutKey through three servers over three members of etcd instead, beside etcd's own puts
    #[arg(long, conflicts_with_all = ["micro", "proof", "functions", "peers", "instructions"])]
    cluster: bool,
    /// Measure how soon a PutKey is visible at 1, 10 and 100 edges instead, and what they cost
    #[arg(long, conflicts_with_all = ["micro", "proof", "functions", "peers", "instructions", "cluster"])]
    propagation: bool,
    /// Simulate how changes spread over relays to 10,000 edges instead, from measured costs
    #[arg(long, conflicts_with_all = ["server", "micro", "proof", "functions", "peers", "instructions", "cluster"])]
    fanout: bool,
    /// What keyfront-bench, or with --micro its benchmarks, is given beyond that
    #[arg(last = true)]
    further: Vec<String>,
}

/// Builds and measures.
pub(crate) fn run(workspace: &Workspace, arguments: &Arguments) -> Result<(), Failure> {
    let in_process =
        [(arguments.micro, "micro"), (arguments.functions, "functions"), (arguments.proof, "proof")];
    if let Some((_, bench)) = in_process.into_iter().find(|(wanted, _)| *wanted) {
        let mut bench = workspace.cargo(&["bench", "--package", "keyfront-bench", "--bench", bench, "--"]);
        return command::run(bench.args(&arguments.further));
    }
    if arguments.fanout {
        let program = build(workspace, "keyfront-bench")?;
        let mut simulate = command::command(program, &["--fanout"], &workspace.root);
        return command::run(simulate.args(&arguments.further));
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
    measure.arg("--server").arg(server);
    if arguments.instructions {
        install_valgrind(workspace)?;
        measure.args(["--instructions", INSTRUCTIONS]);
    }
    if arguments.peers {
        measure.arg("--peers").arg(peers::install(workspace)?);
        measure.args(["--document", "docs/performance.md"]);
    }
    if arguments.cluster {
        measure.arg("--cluster").arg(etcd(workspace));
    }
    if arguments.propagation {
        measure.args(["--propagation", "1", "10", "100"]);
    }
    measure.args(&arguments.further);
    command::run(&mut measure)
}

/// What requests took when they were last looked at.
const INSTRUCTIONS: &str = "benches/instructions.txt";

/// The step of the test command: the release binary, which the step before it has built.
pub(crate) fn count_instructions(workspace: &Workspace) -> Result<(), Failure> {
    install_valgrind(workspace)?;
    command::run(&mut workspace.cargo(&["build", "--workspace", "--bin", "keyfront-bench"]))?;
    let server = workspace.target.join("release/keyfront");
    let mut count = command::command(
        workspace.target.join("debug/keyfront-bench"),
        &["--instructions", INSTRUCTIONS],
        &workspace.root,
    );
    command::run(count.arg("--server").arg(server).arg("--data").arg(&workspace.target))
}

/// Where the tests or the comparison with other servers have unpacked it; or else an installed one.
fn etcd(workspace: &Workspace) -> PathBuf {
    let unpacked = ["tools/etcd/usr/bin/etcd", "peers/debian/usr/bin/etcd"];
    let mut unpacked = unpacked.into_iter().map(|program| workspace.target.join(program));
    unpacked.find(|program| program.is_file()).unwrap_or_else(|| "etcd".into())
}

fn install_valgrind(workspace: &Workspace) -> Result<(), Failure> {
    let succeeds = |program: &str, arguments: &[&str]| {
        command::succeeds(&mut command::command(program, arguments, &workspace.root))
    };
    let install = ["install", "--yes", "--no-install-recommends", "valgrind"];
    if succeeds("valgrind", &["--version"])
        || succeeds("apt-get", &install)
        || succeeds("sudo", &[&["--non-interactive", "apt-get"], install.as_slice()].concat())
    {
        return Ok(());
    }
    Err(Failure("valgrind is not installed (Debian: apt-get install valgrind)".to_owned()))
}

fn build(workspace: &Workspace, package: &str) -> Result<PathBuf, Failure> {
    command::run(&mut workspace.cargo(&["build", "--release", "--package", package]))?;
    Ok(workspace.target.join("release").join(package))
}

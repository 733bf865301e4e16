//! `cargo xtask fuzz`: builds the fuzz targets with coverage, and runs one of them, or each for a moment.

use std::fs;
use std::path::Path;
use std::process::Command;

use crate::command::{self, Failure, command};
use crate::workspace::Workspace;

#[derive(clap::Args)]
pub(crate) struct Arguments {
    /// The target to run: a file of fuzz/fuzz_targets
    target: String,
    /// What libFuzzer is given beyond that, such as -max_total_time=600
    #[arg(last = true)]
    further: Vec<String>,
}

/// Seconds that each target runs in the test command.
const MOMENT: u32 = 3;

/// Builds all targets and runs one until it is stopped or finds something.
pub(crate) fn run(workspace: &Workspace, arguments: &Arguments) -> Result<(), Failure> {
    build(workspace)?;
    command::run(target(workspace, &arguments.target)?.args(&arguments.further))
}

/// Builds all targets and runs each for a moment, as many at a time as there are processors. Returns a closing line.
pub(crate) fn smoke(workspace: &Workspace) -> Result<String, Failure> {
    build(workspace)?;
    let names = targets(workspace)?;
    let log = workspace.target.join("fuzz/log");
    fs::create_dir_all(&log).map_err(|error| failed("make", &log, &error))?;
    let mut found = Vec::new();
    for some in names.chunks(Workspace::processors()) {
        let mut running = Vec::new();
        for name in some {
            let log = log.join(name);
            let output = fs::File::create(&log).map_err(|error| failed("write", &log, &error))?;
            let mut target = target(workspace, name)?;
            // The same beginning in each run; what a slow machine leaves out, a fast one reaches.
            target.args([&format!("-max_total_time={MOMENT}"), "-seed=1"]).stderr(output);
            let child = target.spawn().map_err(|error| failed("run", Path::new(name), &error))?;
            running.push((name, log, child));
        }
        for (name, log, mut child) in running {
            let status = child.wait().map_err(|error| failed("run", Path::new(name), &error))?;
            if !status.success() {
                let log = fs::read_to_string(&log).unwrap_or_default();
                found.push(format!("fuzz target {name} found something:\n{log}"));
            }
        }
    }
    if found.is_empty() {
        return Ok(format!("{} targets ran for {MOMENT} s each and found nothing", names.len()));
    }
    Err(Failure(found.join("\n")))
}

/// Only our own crates are compiled with coverage. All others are those that the tests' build has made, which has the
/// features of the whole workspace.
fn build(workspace: &Workspace) -> Result<(), Failure> {
    let mut build = workspace.cargo(&["build", "--workspace"]);
    for name in targets(workspace)? {
        build.args(["--bin", &name]);
    }
    command::run(build.env("RUSTC_WORKSPACE_WRAPPER", workspace.root.join("fuzz/coverage.sh")))
}

/// The names of all targets.
fn targets(workspace: &Workspace) -> Result<Vec<String>, Failure> {
    let folder = workspace.root.join("fuzz/fuzz_targets");
    let entries = fs::read_dir(&folder).map_err(|error| failed("read", &folder, &error))?;
    let mut names: Vec<String> =
        entries.filter_map(|entry| Some(entry.ok()?.path().file_stem()?.to_str()?.to_owned())).collect();
    names.sort();
    Ok(names)
}

/// A target with its folders: inputs that it finds are kept beside those that it begins with.
fn target(workspace: &Workspace, name: &str) -> Result<Command, Failure> {
    let [corpus, artifacts] =
        ["corpus", "artifacts"].map(|kind| workspace.target.join("fuzz").join(kind).join(name));
    for folder in [&corpus, &artifacts] {
        fs::create_dir_all(folder).map_err(|error| failed("make", folder, &error))?;
    }
    let program = workspace.target.join("debug").join(name);
    let mut target = command::<&str>(program, &[], &workspace.root);
    target.arg(format!("-artifact_prefix={}/", artifacts.display())).arg(&corpus);
    let seeds = workspace.root.join("fuzz/seeds").join(name);
    if seeds.is_dir() {
        target.arg(seeds);
    }
    Ok(target)
}

fn failed(verb: &str, path: &Path, error: &std::io::Error) -> Failure {
    Failure(format!("cannot {verb} {}: {error}", path.display()))
}

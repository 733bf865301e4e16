//! The steps of `cargo xtask test`: which program each one runs.

use std::fs;
use std::path::PathBuf;
use std::process::Command;

use clap::ValueEnum;

use super::{Report, tools};
use crate::command::{self, Failure, command};
use crate::workspace::Workspace;
use crate::{bench, fuzz, python, sanitize, tidy};

/// One step. The order here is the order in which they run.
#[derive(Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(crate) enum Step {
    Fmt,
    Tidy,
    Clippy,
    Test,
    Doctest,
    Doc,
    Deny,
    Model,
    Proto,
    Sanitize,
    Fuzz,
    Build,
    Instructions,
    Compat,
}

impl Step {
    /// The name on the command line.
    pub(crate) fn name(self) -> &'static str {
        match self {
            Self::Fmt => "fmt",
            Self::Tidy => "tidy",
            Self::Clippy => "clippy",
            Self::Test => "test",
            Self::Doctest => "doctest",
            Self::Doc => "doc",
            Self::Deny => "deny",
            Self::Model => "model",
            Self::Proto => "proto",
            Self::Sanitize => "sanitize",
            Self::Fuzz => "fuzz",
            Self::Build => "build",
            Self::Instructions => "instructions",
            Self::Compat => "compat",
        }
    }

    /// What it checks, in a few words.
    pub(crate) fn meaning(self) -> &'static str {
        match self {
            Self::Fmt => "the code is formatted",
            Self::Tidy => "dependency directions and the form of the source files",
            Self::Clippy => "no compiler or clippy warning",
            Self::Test => "unit and integration tests",
            Self::Doctest => "the examples in the documentation",
            Self::Doc => "the documentation builds without a warning",
            Self::Deny => "licences, bans and sources of the dependencies",
            Self::Model => "the service facts are those of the pinned botocore",
            Self::Proto => "the code that speaks with etcd is what its generator writes",
            Self::Sanitize => "hostile functions make the engine access no memory but its own",
            Self::Fuzz => "inputs from strangers, at random",
            Self::Build => {
                "the program that clients are tried with, and the Rust SDK client that is one of them"
            }
            Self::Instructions => "no request takes five percent more instructions than before",
            Self::Compat => "real clients against the program",
        }
    }

    /// Whether it is left out of a quick run.
    pub(crate) fn is_slow(self) -> bool {
        matches!(
            self,
            Self::Doctest
                | Self::Doc
                | Self::Model
                | Self::Proto
                | Self::Sanitize
                | Self::Fuzz
                | Self::Build
                | Self::Instructions
                | Self::Compat
        )
    }

    /// Whether only a long run has it: what it compares depends on the machine, or costs more than it finds in most runs.
    pub(crate) fn is_long(self) -> bool {
        matches!(self, Self::Proto | Self::Sanitize | Self::Instructions)
    }

    /// Runs it, with `long` also what only a long run has.
    pub(crate) fn run(self, workspace: &Workspace, long: bool, report: &mut Report) -> Result<(), Failure> {
        let cargo = |arguments: &[&str]| command::run(&mut workspace.cargo(arguments));
        match self {
            Self::Fmt => cargo(&["fmt", "--all", "--check"]),
            Self::Tidy => tidy::run(workspace).map(|warnings| report.closing = warnings),
            Self::Clippy => cargo(&["clippy", "--workspace", "--all-targets", "--", "-D", "warnings"]),
            Self::Test => {
                tools::install(workspace, ("njs", &["-v"]), "njs");
                tools::unpack_etcd(workspace);
                tools::unpack_pebble(workspace);
                let mut test = workspace.cargo(&["test", "--workspace", "--tests", "--no-fail-fast"]);
                if long {
                    test.env("KEYFRONT_HOSTILE_INVOCATIONS", LONG_HOSTILE_INVOCATIONS);
                }
                cargo_test(test, report)
            }
            Self::Doctest => {
                let test = workspace.cargo(&["test", "--workspace", "--doc", "--no-fail-fast"]);
                cargo_test(test, report)
            }
            Self::Doc => {
                let mut doc = workspace.cargo(&["doc", "--workspace", "--no-deps"]);
                command::run(doc.env("RUSTDOCFLAGS", "-D warnings"))
            }
            Self::Deny => deny(workspace, report),
            Self::Model => python::model(workspace, true),
            Self::Proto => generate_proto(workspace),
            Self::Sanitize => {
                report.missing.extend(sanitize::run(workspace)?);
                Ok(())
            }
            Self::Fuzz => fuzz::smoke(workspace).map(|line| report.closing.push(line)),
            Self::Build => build_programs(workspace, long),
            Self::Instructions => bench::count_instructions(workspace),
            Self::Compat => compat(workspace, long, report),
        }
    }
}

/// How many hostile functions the random search of a long run tries.
const LONG_HOSTILE_INVOCATIONS: &str = "40000";

fn cargo_test(mut test: Command, report: &mut Report) -> Result<(), Failure> {
    command::run_watched(&mut test, |line| {
        // A package without tests of the kind has nothing to say.
        if line.starts_with("test result:") && !line.contains(" 0 passed; 0 failed; 0 ignored;") {
            report.closing.push(line.to_owned());
        }
    })
}

fn deny(workspace: &Workspace, report: &mut Report) -> Result<(), Failure> {
    report.missing.push(
        "security advisories: `cargo deny check advisories` fetches its database, run it by hand".into(),
    );
    if !command::succeeds(&mut workspace.cargo(&["deny", "--version"])) {
        let what =
            "licences, bans and sources: cargo-deny is not installed (`cargo install --locked cargo-deny`)";
        report.missing.push(what.into());
        return Ok(());
    }
    command::run(&mut workspace.cargo(&["deny", "check", "bans", "licenses", "sources"]))
}

/// The generator has a workspace and a target folder of its own: it shares nothing with the product.
fn generate_proto(workspace: &Workspace) -> Result<(), Failure> {
    let manifest = "crates/keyfront-engine-etcd/proto/generator/Cargo.toml";
    let mut generator =
        workspace.cargo(&["run", "--quiet", "--locked", "--manifest-path", manifest, "--", "--check"]);
    command::run(generator.env("CARGO_TARGET_DIR", workspace.target.join("proto-generator")))
}

/// The program that clients are tried with, and the client on the Rust SDK. A long run has the release build of the
/// program. Any other has the one that the tests have made already: no dependency is compiled again, and its assertions
/// are on; without the debug information, which would be most of each package that is made of it.
fn build_programs(workspace: &Workspace, long: bool) -> Result<(), Failure> {
    let both = ["build", "--workspace", "--bin", "keyfront", "--bin", SDK_CLIENT];
    command::run(&mut workspace.cargo(&both))?;
    if long {
        return command::run(&mut workspace.cargo(&["build", "--release", "--package", "keyfront"]));
    }
    let stripped = program(workspace, long);
    if let Some(folder) = stripped.parent() {
        fs::create_dir_all(folder)
            .map_err(|error| Failure(format!("making {}: {error}", folder.display())))?;
    }
    let mut strip = command("strip", &["--strip-debug", "-o"], &workspace.root);
    command::run(strip.arg(stripped).arg(workspace.target.join("debug/keyfront")))
}

/// The client on the Rust SDK.
const SDK_CLIENT: &str = "keyfront-rust-sdk-client";

/// Where [`build_programs`] puts it.
fn program(workspace: &Workspace, long: bool) -> PathBuf {
    workspace.target.join(if long { "release/keyfront" } else { "debug/stripped/keyfront" })
}

fn compat(workspace: &Workspace, long: bool, report: &mut Report) -> Result<(), Failure> {
    tools::install(workspace, ("varnishd", &["-V"]), "varnish");
    tools::install(workspace, ("chromium", &["--version"]), "chromium");
    for shell in ["zsh", "fish"] {
        tools::install(workspace, (shell, &["--version"]), shell);
    }
    tools::unpack_promtool(workspace);
    let python = python::environment(workspace, python::SUITES)?;
    // One more than there are processors: clients wait, Terraform's provider half a minute at a time.
    let processes = (Workspace::processors() + 1).to_string();
    let arguments = ["-m", "pytest", "compat/suites", "-rs", "--durations=25", "-n", &processes];
    let mut pytest = command(python, &arguments, &workspace.root);
    pytest.args(long.then_some("--long"));
    pytest.env("KEYFRONT_BIN", program(workspace, long));
    pytest.env("KEYFRONT_RUST_SDK_BIN", workspace.target.join("debug").join(SDK_CLIENT));
    if long && can_run_cdktf(workspace) {
        pytest.env("KEYFRONT_CDKTF_PYTHON", python::environment(workspace, python::CDKTF)?);
    }
    command::run_watched(&mut pytest, |line| {
        if line.starts_with("SKIPPED ") {
            report.missing.push(line.to_owned());
        } else if line.starts_with("===") && line.contains(" in ") {
            report.closing.push(line.to_owned());
        }
    })
}

/// Its environment is large and worth nothing without both. The suite itself says what is missing.
fn can_run_cdktf(workspace: &Workspace) -> bool {
    ["node", "terraform"]
        .iter()
        .all(|program| command::succeeds(&mut command(program, &["--version"], &workspace.root)))
}

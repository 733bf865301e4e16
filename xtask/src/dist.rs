//! `cargo xtask dist`: the program for every Linux since an old glibc, one that needs no libc, and every package.
//!
//! The first is linked by zig, which has the C library of each version; the second, which goes into the container, holds
//! the C library of this machine. What they are then packed into is up to `packages/dist.py`.

use std::env;
use std::ffi::OsString;
use std::path::{Path, PathBuf};

use crate::command::{self, Failure, command};
use crate::python;
use crate::workspace::Workspace;

/// The target that this machine can run. Other ones are built where they are at home.
const TARGET: &str = "x86_64-unknown-linux-gnu";

/// The profile, in the workspace's manifest: smaller than a release build.
const PROFILE: &str = "packaged";

#[derive(clap::Args)]
pub(crate) struct Arguments {
    /// The oldest glibc that the program shall run with
    #[arg(long, value_name = "VERSION", default_value = "2.17")]
    glibc: String,
    /// Package this program, instead of one that is built
    #[arg(long, value_name = "FILE")]
    binary: Option<PathBuf>,
    /// Package this one, which holds its C library, for containers; with --binary and without this there is none
    #[arg(long, value_name = "FILE", requires = "binary")]
    static_binary: Option<PathBuf>,
}

/// Makes everything that a release consists of, in `dist` of the target folder.
pub(crate) fn run(workspace: &Workspace, arguments: &Arguments) -> Result<(), Failure> {
    let python = python::environment(workspace, python::DIST)?;
    let programs = python.parent().map(PathBuf::from).unwrap_or_default();
    let binaries = match &arguments.binary {
        Some(binary) => (binary.clone(), arguments.static_binary.clone()),
        None => (build(workspace, &arguments.glibc, &programs)?, Some(build_static(workspace)?)),
    };
    let out = workspace.target.join("dist");
    let mut script = vec![OsString::from("packages/dist.py"), binaries.0.into(), out.clone().into()];
    script.extend(binaries.1.map(OsString::from));
    command::run(&mut command(python, &script, &workspace.root))?;
    println!("all of it is in {}", out.display());
    Ok(())
}

/// Builds the program, with the cargo-zigbuild and the zig of the environment.
fn build(workspace: &Workspace, glibc: &str, programs: &Path) -> Result<PathBuf, Failure> {
    let paths = env::var_os("PATH").unwrap_or_default();
    let path = env::join_paths(std::iter::once(programs.to_path_buf()).chain(env::split_paths(&paths)))
        .map_err(|error| Failure(format!("the search path cannot be set: {error}")))?;
    let target = format!("{TARGET}.{glibc}");
    let arguments =
        ["zigbuild", "--profile", PROFILE, "--locked", "--package", "keyfront", "--target", &target];
    command::run(workspace.cargo(&arguments).env("PATH", path))?;
    Ok(workspace.target.join(TARGET).join(PROFILE).join("keyfront"))
}

/// Builds the program with its C library in it, with the compiler of this machine: zig has no glibc to link so.
///
/// Which libc is linked, and how, is decided by the last crate alone, so that no dependency is compiled for it.
fn build_static(workspace: &Workspace) -> Result<PathBuf, Failure> {
    let arguments = ["rustc", "--profile", PROFILE, "--locked", "--package", "keyfront", "--bin", "keyfront"];
    let mut build = workspace.cargo(&arguments);
    command::run(build.args(["--", "-C", "target-feature=+crt-static"]))?;
    Ok(workspace.target.join(PROFILE).join("keyfront"))
}

//! `cargo xtask dist`: the program for every Linux since an old glibc, and every package of it.
//!
//! The program is linked by zig, which has the C library of each version; what it is then packed into is up to
//! `packages/dist.py`.

use std::env;
use std::ffi::OsString;
use std::path::{Path, PathBuf};

use crate::command::{self, Failure, command};
use crate::python;
use crate::workspace::Workspace;

/// The target that this machine can run. Other ones are built where they are at home.
const TARGET: &str = "x86_64-unknown-linux-gnu";

#[derive(clap::Args)]
pub(crate) struct Arguments {
    /// The oldest glibc that the program shall run with
    #[arg(long, value_name = "VERSION", default_value = "2.17")]
    glibc: String,
    /// Package this program, instead of one that is built
    #[arg(long, value_name = "FILE")]
    binary: Option<PathBuf>,
}

/// Makes everything that a release consists of, in `dist` of the target folder.
pub(crate) fn run(workspace: &Workspace, arguments: &Arguments) -> Result<(), Failure> {
    let python = python::environment(workspace, python::DIST)?;
    let programs = python.parent().map(PathBuf::from).unwrap_or_default();
    let binary = match &arguments.binary {
        Some(binary) => binary.clone(),
        None => build(workspace, &arguments.glibc, &programs)?,
    };
    let out = workspace.target.join("dist");
    let script = [OsString::from("packages/dist.py"), binary.into(), out.clone().into()];
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
    let mut build =
        workspace.cargo(&["zigbuild", "--release", "--locked", "--package", "keyfront", "--target", &target]);
    command::run(build.env("PATH", path))?;
    Ok(workspace.target.join(TARGET).join("release/keyfront"))
}

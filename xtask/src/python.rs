//! The virtual environments of the black-box suites, and what runs in them.

use std::fs;
use std::io;
use std::path::{Path, PathBuf};

use crate::command::{self, Failure};
use crate::workspace::Workspace;

/// What almost every suite runs with.
pub(crate) const SUITES: Environment =
    Environment { requirements: "compat/requirements.txt", folder: "compat-venv" };

/// What the suite of CDK for Terraform runs its programs with.
pub(crate) const CDKTF: Environment =
    Environment { requirements: "compat/requirements-cdktf.txt", folder: "cdktf-venv" };

/// What the packages of a release are built with.
pub(crate) const DIST: Environment =
    Environment { requirements: "compat/requirements-dist.txt", folder: "dist-venv" };

/// The emulators that are measured beside Keyfront.
pub(crate) const PEERS: Environment =
    Environment { requirements: "compat/requirements-peers.txt", folder: "peers/venv" };

/// A virtual environment.
#[derive(Clone, Copy)]
pub(crate) struct Environment {
    /// The file that says what is in it, below the root.
    requirements: &'static str,
    /// Its folder below the target folder.
    folder: &'static str,
}

const FACTS: &str = "crates/keyfront-wire/model";

/// Writes the service facts, or compares them with the files.
pub(crate) fn model(workspace: &Workspace, check: bool) -> Result<(), Failure> {
    let python = environment(workspace, SUITES)?;
    let mut arguments = vec!["compat/model_facts.py", FACTS];
    if check {
        arguments.push("--check");
    }
    command::run(&mut command::command(python, &arguments, &workspace.root))
}

/// The Python of a virtual environment that holds exactly what its requirements name.
///
/// It is made anew when the requirements change. The copy of the requirements inside it is written
/// last, so an installation that broke off counts as none.
pub(crate) fn environment(
    workspace: &Workspace,
    Environment { requirements, folder }: Environment,
) -> Result<PathBuf, Failure> {
    let wanted = workspace.root.join(requirements);
    let wanted = fs::read(&wanted).map_err(|error| io_failure("read", &wanted, &error))?;
    let folder = workspace.target.join(folder);
    let python = folder.join("bin/python");
    let installed = folder.join("requirements.txt");
    if fs::read(&installed).is_ok_and(|installed| installed == wanted) {
        return Ok(python);
    }

    println!("making the Python environment in {}", folder.display());
    match fs::remove_dir_all(&folder) {
        Ok(()) => {}
        Err(error) if error.kind() == io::ErrorKind::NotFound => {}
        Err(error) => return Err(io_failure("remove", &folder, &error)),
    }
    let mut venv = command::command("python3", &["-m", "venv"], &workspace.root);
    command::run(venv.arg(&folder)).map_err(|Failure(text)| {
        Failure(format!("{text}; the tests need Python 3 with its venv module (Debian: python3-venv)"))
    })?;
    let install = ["-m", "pip", "install", "--quiet", "--disable-pip-version-check", "-r", requirements];
    command::run(&mut command::command(&python, &install, &workspace.root))?;
    fs::write(&installed, wanted).map_err(|error| io_failure("write", &installed, &error))?;
    Ok(python)
}

fn io_failure(verb: &str, path: &Path, error: &io::Error) -> Failure {
    Failure(format!("cannot {verb} {}: {error}", path.display()))
}

//! Where things are, and what cargo knows about the packages.

use std::num::NonZero;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::thread;

use serde::Deserialize;

use crate::command::{self, Failure};

/// The workspace as `cargo metadata` sees it.
pub(crate) struct Workspace {
    /// The folder of the workspace manifest.
    pub(crate) root: PathBuf,
    /// Where cargo puts what it builds; everything that a chore makes goes there too.
    pub(crate) target: PathBuf,
    /// Every package of the build, our own and others'.
    pub(crate) packages: Vec<Package>,
    /// The ids of our own packages.
    pub(crate) members: Vec<String>,
    /// What each package really depends on, after features and platforms.
    pub(crate) resolved: Vec<Node>,
}

#[derive(Deserialize)]
struct Metadata {
    workspace_root: PathBuf,
    target_directory: PathBuf,
    packages: Vec<Package>,
    workspace_members: Vec<String>,
    resolve: Resolve,
}

#[derive(Deserialize)]
struct Resolve {
    nodes: Vec<Node>,
}

/// A package by name.
#[derive(Deserialize)]
pub(crate) struct Package {
    pub(crate) id: String,
    pub(crate) name: String,
}

/// A package's resolved dependencies.
#[derive(Deserialize)]
pub(crate) struct Node {
    pub(crate) id: String,
    pub(crate) deps: Vec<Dependency>,
}

/// One edge of the build.
#[derive(Deserialize)]
pub(crate) struct Dependency {
    pub(crate) pkg: String,
    pub(crate) dep_kinds: Vec<Kind>,
}

/// What a dependency is needed for: `None` for the code itself, or `dev` or `build`.
#[derive(Deserialize)]
pub(crate) struct Kind {
    pub(crate) kind: Option<String>,
}

impl Dependency {
    /// Whether the code itself uses it, and not only its tests or its build script.
    pub(crate) fn is_normal(&self) -> bool {
        self.dep_kinds.iter().any(|kind| kind.kind.is_none())
    }
}

impl Workspace {
    /// Asks cargo.
    pub(crate) fn load() -> Result<Self, Failure> {
        let here = Path::new(env!("CARGO_MANIFEST_DIR"));
        let output =
            command::output(&mut command::command("cargo", &["metadata", "--format-version", "1"], here))?;
        let metadata: Metadata = serde_json::from_slice(&output)
            .map_err(|error| Failure(format!("`cargo metadata` gave something unexpected: {error}")))?;
        Ok(Self {
            root: metadata.workspace_root,
            target: metadata.target_directory,
            packages: metadata.packages,
            members: metadata.workspace_members,
            resolved: metadata.resolve.nodes,
        })
    }

    /// How many processes may run at the same time.
    pub(crate) fn processors() -> usize {
        thread::available_parallelism().map_or(1, NonZero::get)
    }

    /// A cargo command that starts at the root.
    pub(crate) fn cargo(&self, arguments: &[&str]) -> Command {
        command::command("cargo", arguments, &self.root)
    }
}

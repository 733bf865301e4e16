//! Terraform's state of a Keyfront server, kept apart from the project's own.
//!
//! An apply writes into the state that the project has, in a file or in a backend such as S3. Afterwards that state
//! describes this server: the next plan against AWS would find nothing there and make everything again. So the project
//! gets, while the command runs, an override file with a backend of its own, and a data folder of its own, in which
//! Terraform remembers that backend. Override files are Terraform's own means for this.

use std::env;
use std::ffi::{OsStr, OsString};
use std::fs;
use std::io::ErrorKind;
use std::path::{Path, PathBuf};

use serde_json::json;

use crate::failure::Failure;

/// The override file. Terraform reads every file with such an end after all others.
const OVERRIDE: &str = "keyfront_override.tf";

/// How the file begins, so that no other is replaced or removed.
const MARK: &str = "# Made by `keyfront exec --separate-state` while a command runs.";

/// Where state and data of Terraform are kept, beside the project's files.
const FOLDER: &str = ".keyfront/terraform";

/// Subcommands that write a state.
const WRITING: [&str; 7] = ["apply", "destroy", "import", "refresh", "state", "taint", "untaint"];

/// A call of Terraform.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Terraform {
    program: String,
    /// The folder of the project.
    folder: PathBuf,
    subcommand: Option<String>,
    /// The call names a state itself.
    names_state: bool,
}

impl Terraform {
    /// The call that a command is, if it is one of Terraform, `OpenTofu` or Terragrunt.
    pub(super) fn of(program: &OsStr, arguments: &[OsString]) -> Option<Terraform> {
        let program = Path::new(program).file_name()?.to_str()?;
        if !matches!(program, "terraform" | "tofu" | "terragrunt") {
            return None;
        }
        let arguments: Vec<&str> = arguments.iter().filter_map(|argument| argument.to_str()).collect();
        let folder = arguments.iter().find_map(|argument| argument.strip_prefix("-chdir="));
        let subcommand = arguments.iter().find(|argument| !argument.starts_with('-'));
        Some(Terraform {
            program: program.to_owned(),
            folder: PathBuf::from(folder.unwrap_or(".")),
            subcommand: subcommand.map(|name| (*name).to_owned()),
            names_state: arguments
                .iter()
                .any(|argument| argument.trim_start_matches('-').starts_with("state=")),
        })
    }

    /// What to tell a person whose project's state is about to be written.
    pub(super) fn warning(&self) -> Option<String> {
        let subcommand = self.subcommand.as_deref().filter(|name| WRITING.contains(name))?;
        if self.names_state || self.folder.join(OVERRIDE).exists() {
            return None;
        }
        let program = &self.program;
        Some(format!(
            "{program} {subcommand} writes into this project's own state, which then describes this server and not \
             AWS; `keyfront exec --separate-state -- {program} …` keeps a state of its own, from `init` on"
        ))
    }
}

/// The override of a project while a command runs.
#[derive(Debug)]
pub(super) struct SeparateState {
    file: PathBuf,
    data: PathBuf,
}

impl SeparateState {
    /// Puts the override into the project.
    ///
    /// # Errors
    /// The command is not Terraform's, or the project has another file of that name.
    pub(super) fn begin(terraform: Option<Terraform>) -> Result<SeparateState, Failure> {
        let Some(Terraform { folder, program, .. }) = terraform.filter(|call| call.program != "terragrunt")
        else {
            return Err(Failure::usage(
                "--separate-state is for terraform and tofu: write keyfront exec --separate-state -- terraform apply",
            ));
        };
        let folder = folder
            .canonicalize()
            .map_err(|error| Failure::because(format!("{} cannot be opened", folder.display()), &error))?;
        let file = folder.join(OVERRIDE);
        match fs::read_to_string(&file) {
            Ok(text) if !text.starts_with(MARK) => {
                return Err(Failure::new(format!(
                    "{} is there and was not made by this command; rename it, as --separate-state needs that name",
                    file.display()
                )));
            }
            Err(error) if error.kind() != ErrorKind::NotFound => {
                return Err(Failure::because(format!("{} cannot be read", file.display()), &error));
            }
            Ok(_) | Err(_) => {}
        }
        let data = folder.join(FOLDER);
        let made = fs::create_dir_all(&data)
            .and_then(|()| remember_backend(&data))
            .and_then(|()| fs::write(&file, override_text(&program)));
        made.map_err(|error| Failure::because(format!("{} cannot be written", file.display()), &error))?;
        crate::data_folder::ignore_in_git(&folder.join(".keyfront"));
        Ok(SeparateState { file, data })
    }

    /// The changes to the command's environment.
    pub(super) fn variables(&self) -> Vec<(&'static str, Option<String>)> {
        // Terraform keeps providers and modules there too; a cache of the person's own spares their download.
        let cache = env::var_os("HOME").map(|home| PathBuf::from(home).join(".terraform.d/plugin-cache"));
        let cache = cache.filter(|cache| cache.is_dir() && env::var_os("TF_PLUGIN_CACHE_DIR").is_none());
        let data = ("TF_DATA_DIR", Some(self.data.display().to_string()));
        std::iter::once(data)
            .chain(cache.map(|cache| ("TF_PLUGIN_CACHE_DIR", Some(cache.display().to_string()))))
            .collect()
    }
}

impl Drop for SeparateState {
    fn drop(&mut self) {
        fs::remove_file(&self.file).ok();
    }
}

/// Lets Terraform find the backend as one that it was initialized for. For a new one, `init` would ask whether to copy
/// the project's own state into it.
fn remember_backend(data: &Path) -> std::io::Result<()> {
    let file = data.join("terraform.tfstate");
    if file.exists() {
        return Ok(());
    }
    let config = json!({ "path": state_path(), "workspace_dir": null });
    let backend = json!({ "type": "local", "config": config, "hash": 0 });
    fs::write(
        file,
        json!({ "version": 3, "serial": 1, "lineage": "keyfront", "backend": backend }).to_string(),
    )
}

/// The state, as the backend names it.
fn state_path() -> String {
    format!("{FOLDER}/keyfront.tfstate")
}

fn override_text(program: &str) -> String {
    format!(
        "{MARK}\n# Without it {program} uses the project's own state again. It can be deleted at any time.\n\
         terraform {{\n  backend \"local\" {{\n    path = \"{}\"\n  }}\n}}\n",
        state_path()
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    fn call(line: &str) -> Option<Terraform> {
        let words: Vec<OsString> = line.split(' ').map(OsString::from).collect();
        let (program, arguments) = words.split_first().unwrap();
        Terraform::of(program, arguments)
    }

    #[test]
    fn a_command_that_writes_the_projects_state_is_noticed() {
        for (line, warned) in [
            ("terraform apply -auto-approve", true),
            ("/usr/bin/terraform -chdir=/nowhere destroy", true),
            ("tofu apply", true),
            ("terragrunt import a b", true),
            ("terraform state rm a", true),
            ("terraform plan", false),
            ("terraform init", false),
            ("terraform", false),
            ("terraform apply -state=x.tfstate", false),
            ("terraform apply --state=x.tfstate", false),
            ("aws apply", false),
        ] {
            assert_eq!(call(line).and_then(|call| call.warning()).is_some(), warned, "{line}");
        }
    }

    #[test]
    fn the_override_is_there_while_the_command_runs_and_replaces_no_other_file() {
        let folder = tempfile::tempdir().unwrap();
        let line = format!("terraform -chdir={} apply", folder.path().display());
        let file = folder.path().join(OVERRIDE);
        let state = SeparateState::begin(call(&line)).unwrap();
        assert!(fs::read_to_string(&file).unwrap().contains("backend \"local\""));
        drop(state);
        assert!(!file.exists());
        fs::write(&file, "terraform {}").unwrap();
        SeparateState::begin(call(&line)).unwrap_err();
        assert_eq!(fs::read_to_string(&file).unwrap(), "terraform {}");
        SeparateState::begin(call("aws s3")).unwrap_err();
        SeparateState::begin(None).unwrap_err();
    }
}

//! Calls of Terraform, as the command line of `keyfront exec` has them.

use std::ffi::{OsStr, OsString};
use std::path::{Path, PathBuf};

use super::override_file::OverrideFile;

/// Subcommands that write a state.
const WRITING: [&str; 7] = ["apply", "destroy", "import", "refresh", "state", "taint", "untaint"];

/// A call of Terraform, `OpenTofu` or Terragrunt.
#[derive(Debug, PartialEq, Eq)]
pub(in crate::command) struct Terraform {
    program: String,
    /// The folder of the project.
    folder: PathBuf,
    subcommand: Option<String>,
    /// The call names a state itself.
    names_state: bool,
}

impl Terraform {
    /// The call that a command is, if it is one.
    pub(in crate::command) fn of(program: &OsStr, arguments: &[OsString]) -> Option<Terraform> {
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

    /// The folder of the project, unless the program is Terragrunt, which copies projects elsewhere.
    pub(super) fn folder(&self) -> Option<&Path> {
        (self.program != "terragrunt").then_some(&self.folder)
    }

    /// Whether `keyfront terraform override` was run in the project.
    pub(in crate::command) fn has_lasting_override(&self) -> bool {
        self.folder().is_some_and(|folder| OverrideFile::of(folder).is_lasting())
    }

    /// What to tell a person whose project's state is about to be written.
    pub(in crate::command) fn warning(&self) -> Option<String> {
        let subcommand = self.subcommand.as_deref().filter(|name| WRITING.contains(name))?;
        if self.names_state || OverrideFile::of(&self.folder).exists() {
            return None;
        }
        let program = &self.program;
        Some(format!(
            "{program} {subcommand} writes into this project's own state, which then describes this server and not \
             AWS; `keyfront exec --separate-state -- {program} …` keeps a state of its own, from `init` on"
        ))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

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
            let words: Vec<OsString> = line.split(' ').map(OsString::from).collect();
            let (program, arguments) = words.split_first().unwrap();
            let call = Terraform::of(program, arguments);
            assert_eq!(call.and_then(|call| call.warning()).is_some(), warned, "{line}");
        }
    }
}

//! `keyfront terraform override`: the override file of `keyfront exec --separate-state`, for longer than one command.

use std::path::PathBuf;
use std::process::ExitCode;

use clap::Args;
use serde_json::json;

use crate::command::separate_state::{add_override, remove_override};
use crate::failure::Failure;
use crate::terminal::{Output, tell};

/// Give a project of Terraform or OpenTofu a state of its own for this server, until the override is removed
///
/// Writes keyfront_override.tf, with a local backend in .keyfront/terraform. While it is there, every
/// `keyfront exec -- terraform …` and `tofu …` in the project keeps its state apart, as with --separate-state. The
/// project's own state and backend are not read and not written.
#[derive(Args)]
pub(super) struct Override {
    /// The folder of the project
    #[arg(value_name = "DIR", default_value = ".")]
    folder: PathBuf,
    /// Remove the override; the state of the server stays in .keyfront/terraform
    #[arg(long)]
    remove: bool,
}

impl Override {
    pub(super) fn run(self, output: Output) -> Result<ExitCode, Failure> {
        if self.remove {
            let removed = remove_override(&self.folder)?;
            output.print(
                || match &removed {
                    Some(file) => format!("removed {file}; the project uses its own state again"),
                    None => format!("{} has no override; there is nothing to do", self.folder.display()),
                },
                || json!({ "Removed": removed }),
            );
            return Ok(ExitCode::SUCCESS);
        }
        let file = add_override(&self.folder)?;
        output.print(|| format!("wrote {file}"), || json!({ "File": file }));
        tell(
            "now try: keyfront exec -- terraform init, and then keyfront exec -- terraform apply; tofu works alike",
        );
        Ok(ExitCode::SUCCESS)
    }
}

//! `keyfront env`: prints the environment of `keyfront exec`, for a shell, a file or a program.

mod format;

use std::collections::BTreeMap;
use std::process::ExitCode;

use clap::Args;
use serde_json::json;

use crate::endpoint::{ServerArguments, own_variable};
use crate::failure::Failure;
use crate::terminal::{Output, content};
use format::Format;

/// Print the environment that points AWS clients at Keyfront, for a shell or a file
///
/// For example: eval "$(keyfront env)"
#[derive(Args)]
pub(super) struct Env {
    #[command(flatten)]
    server: ServerArguments,
    /// What will read it
    #[arg(long, visible_alias = "shell", value_enum, default_value_t = Format::Sh)]
    format: Format,
    /// Print a JSON object for a program to read; null stands for a variable to remove
    #[arg(long, conflicts_with = "format")]
    json: bool,
}

impl Env {
    pub(super) fn run(self) -> Result<ExitCode, Failure> {
        let changes = self.server.changes()?;
        if self.json {
            let changes: BTreeMap<&str, Option<String>> = changes.into_iter().collect();
            Output::Json.print(String::new, || json!(changes));
            return Ok(ExitCode::SUCCESS);
        }
        for (name, value) in changes {
            let is_set = own_variable(name).is_some();
            if let Some(line) = self.format.line(name, value.as_deref(), is_set) {
                content(format!("{line}\n").as_bytes());
            }
        }
        Ok(ExitCode::SUCCESS)
    }
}

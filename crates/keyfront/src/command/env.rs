//! `keyfront env`: prints the environment of `keyfront exec`, for a shell or a program.

use std::collections::BTreeMap;
use std::process::ExitCode;

use clap::{Args, ValueEnum};

use crate::endpoint::ServerArguments;
use crate::failure::Failure;
use crate::terminal::print;

/// Print the environment that points AWS clients at Keyfront, for a shell to read
///
/// For example: eval "$(keyfront env)"
#[derive(Args)]
pub(super) struct Env {
    #[command(flatten)]
    server: ServerArguments,
    /// The shell that will read it
    #[arg(long, value_enum, default_value_t = Shell::Sh)]
    shell: Shell,
    /// Print a JSON object for a program to read; null stands for a variable to remove
    #[arg(long, conflicts_with = "shell")]
    json: bool,
}

#[derive(Clone, Copy, ValueEnum)]
enum Shell {
    /// sh, bash, zsh
    Sh,
    /// fish
    Fish,
    /// PowerShell
    Powershell,
}

impl Env {
    pub(super) fn run(self) -> Result<ExitCode, Failure> {
        let changes = self.server.changes()?;
        if self.json {
            let changes: BTreeMap<&str, Option<String>> = changes.into_iter().collect();
            let text = serde_json::to_string_pretty(&changes);
            print(text.map_err(|error| Failure::because("the environment", &error))?);
            return Ok(ExitCode::SUCCESS);
        }
        for (name, value) in changes {
            print(self.shell.line(name, value.as_deref()));
        }
        Ok(ExitCode::SUCCESS)
    }
}

impl Shell {
    fn line(self, name: &str, value: Option<&str>) -> String {
        match (self, value) {
            (Shell::Sh, Some(value)) => format!("export {name}='{}'", value.replace('\'', r"'\''")),
            (Shell::Sh, None) => format!("unset {name}"),
            (Shell::Fish, Some(value)) => {
                format!("set -gx {name} '{}'", value.replace('\\', r"\\").replace('\'', r"\'"))
            }
            (Shell::Fish, None) => format!("set -e {name}"),
            (Shell::Powershell, Some(value)) => format!("$env:{name} = '{}'", value.replace('\'', "''")),
            (Shell::Powershell, None) => format!("Remove-Item Env:{name} -ErrorAction SilentlyContinue"),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::Shell;

    #[test]
    fn a_value_is_one_word_in_every_shell() {
        assert_eq!(Shell::Sh.line("A", Some("it's $x")), r"export A='it'\''s $x'");
        assert_eq!(Shell::Fish.line("A", Some(r"it's \x")), r"set -gx A 'it\'s \\x'");
        assert_eq!(Shell::Powershell.line("A", Some("it's")), "$env:A = 'it''s'");
        assert_eq!(Shell::Sh.line("A", None), "unset A");
    }
}

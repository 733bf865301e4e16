//! `keyfront completions`: the completion script of a shell, made from the definition of the command line.

use std::process::ExitCode;

use clap::Args;
use clap_complete::Shell;

use crate::terminal::print;

/// Print the completions for a shell
///
/// For example: keyfront completions bash > ~/.local/share/bash-completion/completions/keyfront
#[derive(Args)]
pub(super) struct Completions {
    /// The shell that will read them
    shell: Shell,
}

impl Completions {
    /// `program` is the definition of the whole command line.
    pub(super) fn run(self, mut program: clap::Command) -> ExitCode {
        let mut script = Vec::new();
        let name = program.get_name().to_owned();
        clap_complete::generate(self.shell, &mut program, name, &mut script);
        print(String::from_utf8_lossy(&script).trim_end());
        ExitCode::SUCCESS
    }
}

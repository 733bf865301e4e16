//! `keyfront config example`.

use std::process::ExitCode;

use clap::Args;

use crate::terminal::print;

/// Print a configuration file with every setting, its default and what it is for
#[derive(Args)]
pub(super) struct Example {}

impl Example {
    #[expect(clippy::unused_self, reason = "a command is run with its arguments, of which this one has none")]
    pub(super) fn run(self) -> ExitCode {
        print(include_str!("../../../../../keyfront.example.toml").trim_end());
        ExitCode::SUCCESS
    }
}

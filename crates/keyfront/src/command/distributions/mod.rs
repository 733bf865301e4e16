//! `keyfront distributions`: distributions from the command line, before they are created and while they are used.

mod check;

use std::process::ExitCode;

use clap::{Args, Subcommand};

use crate::failure::Failure;
use crate::terminal::Output;

/// Check distributions before they are created
#[derive(Args)]
pub(super) struct Distributions {
    #[command(subcommand)]
    command: Command,
}

#[derive(Subcommand)]
enum Command {
    Check(check::Check),
}

impl Distributions {
    pub(super) fn run(self, output: Output) -> Result<ExitCode, Failure> {
        match self.command {
            Command::Check(check) => check.run(output),
        }
    }
}

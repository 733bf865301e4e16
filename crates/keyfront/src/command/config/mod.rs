//! `keyfront config`: what a configuration file can say.

mod example;

use std::process::ExitCode;

use clap::{Args, Subcommand};

/// Show what a configuration file can say
#[derive(Args)]
pub(super) struct Config {
    #[command(subcommand)]
    command: Command,
}

#[derive(Subcommand)]
enum Command {
    Example(example::Example),
}

impl Config {
    pub(super) fn run(self) -> ExitCode {
        match self.command {
            Command::Example(example) => example.run(),
        }
    }
}

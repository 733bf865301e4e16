//! `keyfront terraform`: what a project of Terraform or OpenTofu needs at this server.

mod overriding;

use std::process::ExitCode;

use clap::{Args, Subcommand};

use crate::failure::Failure;
use crate::terminal::Output;

/// Keep Terraform's state of a server apart from the project's own
#[derive(Args)]
pub(super) struct Terraform {
    #[command(subcommand)]
    command: Command,
}

#[derive(Subcommand)]
enum Command {
    Override(overriding::Override),
}

impl Terraform {
    pub(super) fn run(self, output: Output) -> Result<ExitCode, Failure> {
        match self.command {
            Command::Override(overriding) => overriding.run(output),
        }
    }
}

//! `keyfront distributions`: distributions from the command line, before they are created and while they are used.

mod check;
mod delete;
mod describe;
mod disable;
mod invalidate;
mod list;
mod render;
mod wait;
mod waiting;

use std::process::ExitCode;

use clap::{Args, Subcommand};

use crate::endpoint::ServiceArguments;
use crate::failure::Failure;
use crate::runtime;
use crate::terminal::Output;

/// Check distributions before they are created; list, describe, disable, delete and invalidate those that are there
///
/// `check` needs no server. The others work with a Keyfront server, or with AWS. A distribution is named by its id, its
/// domain name or one of its aliases.
#[derive(Args)]
pub(super) struct Distributions {
    #[command(flatten)]
    service: ServiceArguments,
    #[command(subcommand)]
    command: Command,
}

#[derive(Subcommand)]
enum Command {
    Check(check::Check),
    List(list::List),
    Describe(describe::Describe),
    Disable(disable::Disable),
    Delete(delete::Delete),
    Invalidate(invalidate::Invalidate),
    Wait(wait::Wait),
}

impl Distributions {
    pub(super) fn run(self, output: Output) -> Result<ExitCode, Failure> {
        let Distributions { service, command } = self;
        runtime::single_threaded()?.block_on(async {
            match command {
                Command::Check(check) => check.run(output),
                Command::List(list) => list.run(&service.client().await?, output).await,
                Command::Describe(describe) => describe.run(&service.client().await?, output).await,
                Command::Disable(disable) => disable.run(&service.client().await?, output).await,
                Command::Delete(delete) => delete.run(&service.client().await?, output).await,
                Command::Invalidate(invalidate) => invalidate.run(&service.client().await?, output).await,
                Command::Wait(wait) => wait.run(&service.client().await?, output).await,
            }
        })
    }
}

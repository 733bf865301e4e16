//! `keyfront credentials`: creates, lists and deletes the credentials that sign requests.

mod create;
mod delete;
mod list;
mod operation;

use std::process::ExitCode;

use clap::{Args, Subcommand};

use crate::failure::Failure;
use crate::runtime;
use crate::terminal::Output;

/// Create, list and delete credentials, whether the server runs or not
#[derive(Args)]
pub(super) struct Credentials {
    #[command(subcommand)]
    command: Command,
}

#[derive(Subcommand)]
enum Command {
    Create(create::Create),
    List(list::List),
    Delete(delete::Delete),
}

impl Credentials {
    pub(super) fn run(self, output: Output) -> Result<ExitCode, Failure> {
        runtime::single_threaded()?.block_on(async {
            match self.command {
                Command::Create(create) => create.run(output).await,
                Command::List(list) => list.run(output).await,
                Command::Delete(delete) => delete.run(output).await,
            }
        })
    }
}

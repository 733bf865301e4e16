//! `keyfront credentials`: creates, lists, changes and deletes the credentials that sign requests.

mod create;
mod delete;
mod example_policy;
mod list;
mod operation;
mod policy_file;
mod show;
mod update;

use std::process::ExitCode;

use clap::{Args, Subcommand};

use crate::failure::Failure;
use crate::runtime;
use crate::terminal::Output;

pub(super) use example_policy::ALLOW_EVERYTHING;

/// Create, list, change and delete credentials, whether the server runs or not
#[derive(Args)]
pub(super) struct Credentials {
    #[command(subcommand)]
    command: Command,
}

#[derive(Subcommand)]
enum Command {
    Create(create::Create),
    List(list::List),
    Show(show::Show),
    Update(update::Update),
    Delete(delete::Delete),
    ExamplePolicy(example_policy::ExamplePolicy),
}

impl Credentials {
    pub(super) fn run(self, output: Output) -> Result<ExitCode, Failure> {
        runtime::single_threaded()?.block_on(async {
            match self.command {
                Command::Create(create) => create.run(output).await,
                Command::List(list) => list.run(output).await,
                Command::Show(show) => show.run(output).await,
                Command::Update(update) => update.run(output).await,
                Command::Delete(delete) => delete.run(output).await,
                Command::ExamplePolicy(example) => Ok(example.run()),
            }
        })
    }
}

//! `keyfront snapshot`: saves and restores the state of a server.

mod delete;
mod list;
mod name;
mod quantity;
mod restore;
mod save;

use std::process::ExitCode;

use clap::{Args, Subcommand};

use crate::failure::Failure;
use crate::runtime;
use crate::terminal::Output;

pub(super) use quantity::{contents, sentence};

/// Save the state of a server under a name, and restore it between tests
///
/// A snapshot holds all stores, pairs, functions, keys, distributions and other resources of all accounts, and no
/// credentials. It works with `keyfront dev`, and with a server whose configuration has `testing.snapshots = true`.
#[derive(Args)]
pub(super) struct Snapshot {
    #[command(subcommand)]
    command: Command,
}

#[derive(Subcommand)]
enum Command {
    Save(save::Save),
    Restore(restore::Restore),
    List(list::List),
    Delete(delete::Delete),
}

impl Snapshot {
    pub(super) fn run(self, output: Output) -> Result<ExitCode, Failure> {
        runtime::single_threaded()?.block_on(async {
            match self.command {
                Command::Save(save) => save.run(output).await,
                Command::Restore(restore) => restore.run(output).await,
                Command::List(list) => list.run(output).await,
                Command::Delete(delete) => delete.run(output).await,
            }
        })
    }
}

//! `keyfront fault`: sets, lists and removes injected faults of a running server.

mod add;
mod clear;
mod list;
mod rule;

use std::process::ExitCode;

use clap::{Args, Subcommand};

use crate::failure::Failure;
use crate::runtime;
use crate::terminal::Output;

pub(super) use rule::parse_rule;

/// Inject faults: make requests fail or be slow, to test how your code handles it
///
/// It works with `keyfront dev`, and with a server whose configuration has `testing.faults = true`.
#[derive(Args)]
pub(super) struct Fault {
    #[command(subcommand)]
    command: Command,
}

#[derive(Subcommand)]
enum Command {
    Add(add::Add),
    List(list::List),
    Clear(clear::Clear),
}

impl Fault {
    pub(super) fn run(self, output: Output) -> Result<ExitCode, Failure> {
        runtime::single_threaded()?.block_on(async {
            match self.command {
                Command::Add(add) => add.run(output).await,
                Command::List(list) => list.run(output).await,
                Command::Clear(clear) => clear.run(output).await,
            }
        })
    }
}

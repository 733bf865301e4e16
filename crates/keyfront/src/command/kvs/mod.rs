//! `keyfront kvs`: key value stores from the command line, at Keyfront or at AWS.
//!
//! `keyfront-client` does the work; the commands here parse options and render results.

mod comparison;
mod create;
mod delete;
mod describe;
mod diff;
mod export;
mod get;
mod list;
mod ls;
mod put;
mod render;
mod rm;
mod sync;
mod writing;

use std::process::ExitCode;

use clap::{Args, Subcommand};

use crate::endpoint::ServiceArguments;
use crate::failure::Failure;
use crate::runtime;
use crate::terminal::Output;

/// Work with key value stores: their pairs, files of pairs, and the difference between the two
///
/// Name a store by its name or its ARN.
///
/// Exit codes: 0 done, or nothing to do; 1 failed; 2 the command line is wrong; 3 diff or sync --dry-run found
/// differences.
#[derive(Args)]
pub(super) struct Kvs {
    #[command(flatten)]
    service: ServiceArguments,
    #[command(subcommand)]
    command: Command,
}

#[derive(Subcommand)]
enum Command {
    List(list::List),
    Create(create::Create),
    Describe(describe::Describe),
    Delete(delete::Delete),
    Get(get::Get),
    Put(put::Put),
    Rm(rm::Rm),
    Ls(ls::Ls),
    Export(export::Export),
    Sync(sync::Sync),
    Diff(diff::Diff),
}

impl Kvs {
    pub(super) fn run(self, output: Output) -> Result<ExitCode, Failure> {
        let Kvs { service, command } = self;
        runtime::single_threaded()?.block_on(async {
            let client = service.client().await?;
            match command {
                Command::List(list) => list.run(&client, output).await,
                Command::Create(create) => create.run(&client, output).await,
                Command::Describe(describe) => describe.run(&client, output).await,
                Command::Delete(delete) => delete.run(&client, output).await,
                Command::Get(get) => get.run(&client, output).await,
                Command::Put(put) => put.run(&client, output).await,
                Command::Rm(rm) => rm.run(&client, output).await,
                Command::Ls(ls) => ls.run(&client, output).await,
                Command::Export(export) => export.run(&client).await,
                Command::Sync(sync) => sync.run(&client, output).await,
                Command::Diff(diff) => diff.run(&client, output).await,
            }
        })
    }
}

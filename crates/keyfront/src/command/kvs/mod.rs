//! `keyfront kvs`: key value stores from the command line, at Keyfront or at AWS.
//!
//! What a command does to a store is done by `keyfront-client`; here is what a person types and sees.

mod create;
mod describe;
mod diff;
mod export;
mod list;
mod pairs;
mod show;
mod sync;
mod write;

use std::process::ExitCode;

use clap::{Args, Subcommand};
use keyfront_client::{Client, Endpoint};

use super::client::Server;
use super::{output, small_runtime};
use crate::failure::Failure;
use output::Output;

/// Work with key value stores: their pairs, files of pairs, and the difference between the two
///
/// A store is named by its name or by its ARN.
///
/// Exit codes: 0 done, or nothing to do; 1 it failed; 2 diff or sync --dry-run found differences; 64 the
/// command line is wrong.
#[derive(Args)]
pub(super) struct Kvs {
    /// How results are printed
    #[arg(long, value_enum, default_value_t = Output::Text, global = true)]
    output: Output,
    #[command(flatten)]
    place: Place,
    #[command(subcommand)]
    command: Command,
}

/// The service that is meant.
#[derive(Args)]
#[command(next_help_heading = "Where")]
pub(super) struct Place {
    #[command(flatten)]
    server: Server,
    /// Work with AWS, with the usual chain of credentials, instead of a Keyfront server
    #[arg(long, global = true)]
    aws: bool,
    /// The AWS profile
    #[arg(long, value_name = "NAME", requires = "aws", global = true)]
    profile: Option<String>,
}

impl Place {
    /// A client of it.
    pub(super) async fn client(&self) -> Result<Client, Failure> {
        let endpoint = if self.aws {
            let region = self.server.region().map(str::to_owned);
            Endpoint::Aws { profile: self.profile.clone(), region }
        } else {
            self.server.endpoint()?
        };
        Ok(Client::new(&endpoint).await)
    }
}

#[derive(Subcommand)]
enum Command {
    List(list::List),
    Create(create::Create),
    Describe(describe::Describe),
    Delete(list::Delete),
    Get(pairs::Get),
    Put(pairs::Put),
    Rm(pairs::Rm),
    Ls(pairs::Ls),
    Export(export::Export),
    Sync(sync::Sync),
    Diff(diff::Diff),
}

impl Kvs {
    pub(super) fn run(self) -> Result<ExitCode, Failure> {
        let Kvs { place, output, command } = self;
        small_runtime()?.block_on(async {
            let client = place.client().await?;
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

//! `keyfront fn`: CloudFront Functions from the command line: run, test and check them here, and keep them at
//! Keyfront or at AWS.
//!
//! What runs here runs in the sandbox that the server has, in this process, without a server.

mod cases;
mod check;
mod create;
mod event;
mod junit;
mod list;
mod publish;
mod run;
mod show;
mod source;
mod test;
mod update;
mod watch;

use std::process::ExitCode;

use clap::{Args, Subcommand};

use super::kvs::Place;
use super::output::Output;
use super::small_runtime;
use crate::failure::Failure;

/// Run, test and check CloudFront Functions, and create, publish and list them
///
/// `run`, `test` and `check` need no server. The others work with a Keyfront server, or with AWS.
///
/// Exit codes: 0 done, and everything passed; 1 it failed, a function failed, or something was refused; 64 the
/// command line is wrong.
#[derive(Args)]
pub(super) struct Functions {
    /// How results are printed
    #[arg(long, value_enum, default_value_t = Output::Text, global = true)]
    output: Output,
    #[command(flatten)]
    place: Place,
    #[command(subcommand)]
    command: Command,
}

#[derive(Subcommand)]
enum Command {
    Run(Box<run::Run>),
    Test(test::Test),
    Check(check::Check),
    Create(create::Create),
    Update(update::Update),
    Publish(publish::Publish),
    List(list::List),
    Describe(list::Describe),
    Get(list::Get),
    Delete(list::Delete),
}

impl Functions {
    pub(super) fn run(self) -> Result<ExitCode, Failure> {
        let Functions { place, output, command } = self;
        small_runtime()?.block_on(async {
            match command {
                Command::Run(run) => run.run(&place, output).await,
                Command::Test(test) => test.run(output),
                Command::Check(check) => check.run(output),
                Command::Create(create) => create.run(&place.client().await?, output).await,
                Command::Update(update) => update.run(&place.client().await?, output).await,
                Command::Publish(publish) => publish.run(&place.client().await?, output).await,
                Command::List(list) => list.run(&place.client().await?, output).await,
                Command::Describe(describe) => describe.run(&place.client().await?, output).await,
                Command::Get(get) => get.run(&place.client().await?).await,
                Command::Delete(delete) => delete.run(&place.client().await?, output).await,
            }
        })
    }
}

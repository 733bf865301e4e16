//! `keyfront fn`: CloudFront Functions from the command line: run, test and check them here, and keep them at
//! Keyfront or at AWS.
//!
//! What runs here runs in the sandbox that the server has, in a process apart, without a server.

mod build;
mod check;
mod create;
mod delete;
mod describe;
mod file;
mod get;
mod init;
mod list;
mod publish;
mod render;
mod run;
mod sandbox;
mod source;
mod source_map;
mod stack;
mod stage;
mod test;
mod update;

use std::process::ExitCode;

use clap::{Args, Subcommand};

use crate::endpoint::ServiceArguments;
use crate::failure::Failure;
use crate::runtime;
use crate::terminal::Output;

/// Run, test and check CloudFront Functions, and create, publish and list them
///
/// `init`, `run`, `test`, `check` and `build` need no server. The others work with a Keyfront server, or with AWS.
///
/// Exit codes: 0 done, and everything passed; 1 the command failed, a function failed, or code was refused; 2 the
/// command line is wrong.
#[derive(Args)]
pub(super) struct Functions {
    /// How results are printed
    #[arg(long, value_enum, default_value_t = Output::Text, global = true)]
    output: Output,
    #[command(flatten)]
    service: ServiceArguments,
    #[command(subcommand)]
    command: Command,
}

#[derive(Subcommand)]
enum Command {
    Init(init::Init),
    Run(Box<run::Run>),
    Test(test::Test),
    Build(build::Build),
    Check(check::Check),
    Create(create::Create),
    Update(update::Update),
    Publish(publish::Publish),
    List(list::List),
    Describe(describe::Describe),
    Get(get::Get),
    Delete(delete::Delete),
}

impl Functions {
    pub(super) fn run(self) -> Result<ExitCode, Failure> {
        let Functions { service, output, command } = self;
        runtime::single_threaded()?.block_on(async {
            match command {
                Command::Init(init) => init.run(output),
                Command::Run(run) => run.run(&service, output).await,
                Command::Test(test) => test.run(output).await,
                Command::Build(build) => build.run(output),
                Command::Check(check) => check.run(output),
                Command::Create(create) => create.run(&service.client().await?, output).await,
                Command::Update(update) => update.run(&service.client().await?, output).await,
                Command::Publish(publish) => publish.run(&service.client().await?, output).await,
                Command::List(list) => list.run(&service.client().await?, output).await,
                Command::Describe(describe) => describe.run(&service.client().await?, output).await,
                Command::Get(get) => get.run(&service.client().await?).await,
                Command::Delete(delete) => delete.run(&service.client().await?, output).await,
            }
        })
    }
}

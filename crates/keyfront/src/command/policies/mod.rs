//! `keyfront policies`: the policies that cache behaviors name.

mod list;

use std::process::ExitCode;

use clap::{Args, Subcommand};

use crate::endpoint::ServiceArguments;
use crate::failure::Failure;
use crate::runtime;
use crate::terminal::Output;

/// List cache, origin request and response headers policies, AWS's own among them
#[derive(Args)]
pub(super) struct Policies {
    #[command(flatten)]
    service: ServiceArguments,
    #[command(subcommand)]
    command: Command,
}

#[derive(Subcommand)]
enum Command {
    List(list::List),
}

impl Policies {
    pub(super) fn run(self, output: Output) -> Result<ExitCode, Failure> {
        let Policies { service, command } = self;
        runtime::single_threaded()?.block_on(async {
            match command {
                Command::List(list) => list.run(&service.client().await?, output).await,
            }
        })
    }
}

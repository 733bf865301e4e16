//! `keyfront keys`: the keys that sign URLs and cookies, and the groups that make them trusted.
//!
//! Private keys are made here and stay where they are made; only public keys are ever sent.

mod create;
mod delete;
mod generate;
mod group;
mod list;
mod render;

use std::process::ExitCode;

use clap::{Args, Subcommand};

use crate::endpoint::ServiceArguments;
use crate::failure::Failure;
use crate::runtime;
use crate::terminal::Output;

/// Generate, upload and group the keys that sign URLs and cookies
///
/// `generate` makes a key pair, `create` uploads its public key, and a key group makes the key trusted.
#[derive(Args)]
pub(super) struct Keys {
    #[command(flatten)]
    service: ServiceArguments,
    #[command(subcommand)]
    command: Command,
}

#[derive(Subcommand)]
enum Command {
    Generate(generate::Generate),
    Create(create::Create),
    List(list::List),
    Delete(delete::Delete),
    #[command(subcommand)]
    Group(group::Group),
}

impl Keys {
    pub(super) fn run(self, output: Output) -> Result<ExitCode, Failure> {
        let Keys { service, command } = self;
        runtime::single_threaded()?.block_on(async {
            match command {
                Command::Generate(generate) => generate.run(output),
                Command::Create(create) => create.run(&service, output).await,
                Command::List(list) => list.run(&service.client().await?, output).await,
                Command::Delete(delete) => delete.run(&service.client().await?, output).await,
                Command::Group(group) => group.run(&service.client().await?, output).await,
            }
        })
    }
}

//! `keyfront keys`: the keys that sign URLs and cookies, and the groups that make them trusted.
//!
//! Private keys are made here and stay where they are made; only public keys are ever sent.

mod generate;
mod group;
mod public;

use std::process::ExitCode;

use clap::{Args, Subcommand};

use super::kvs::Place;
use super::output::Output;
use super::small_runtime;
use crate::failure::Failure;

pub(super) use public::read as read_public_key;

/// Make and upload the keys that sign URLs and cookies, and group them
///
/// A key pair is made here with `generate`; its public key is uploaded with `create` and trusted through a
/// key group.
#[derive(Args)]
pub(super) struct Keys {
    #[command(flatten)]
    place: Place,
    /// How results are printed
    #[arg(long, value_enum, default_value_t = Output::Text, global = true)]
    output: Output,
    #[command(subcommand)]
    command: Command,
}

#[derive(Subcommand)]
enum Command {
    Generate(generate::Generate),
    Create(public::Create),
    List(public::List),
    Delete(public::Delete),
    #[command(subcommand)]
    Group(Group),
}

/// Make, list, change and delete key groups
///
/// A group is named by its name or by its id.
#[derive(Subcommand)]
enum Group {
    Create(group::Create),
    List(group::List),
    Update(group::Update),
    Delete(group::Delete),
}

impl Keys {
    pub(super) fn run(self) -> Result<ExitCode, Failure> {
        let Keys { place, output, command } = self;
        small_runtime()?.block_on(async {
            match command {
                Command::Generate(generate) => generate.run(output),
                Command::Create(create) => create.run(&place, output).await,
                Command::List(list) => list.run(&place.client().await?, output).await,
                Command::Delete(delete) => delete.run(&place.client().await?, output).await,
                Command::Group(group) => {
                    let client = place.client().await?;
                    match group {
                        Group::Create(create) => create.run(&client, output).await,
                        Group::List(list) => list.run(&client, output).await,
                        Group::Update(update) => update.run(&client, output).await,
                        Group::Delete(delete) => delete.run(&client, output).await,
                    }
                }
            }
        })
    }
}

//! `keyfront keys group`: key groups, which make public keys trusted.

mod create;
mod delete;
mod list;
mod render;
mod update;

use std::process::ExitCode;

use clap::Subcommand;
use keyfront_client::Client;

use crate::failure::Failure;
use crate::terminal::Output;

/// Create, list, change and delete key groups
///
/// Name a group by its name or its id.
#[derive(Subcommand)]
pub(super) enum Group {
    Create(create::Create),
    List(list::List),
    Update(update::Update),
    Delete(delete::Delete),
}

impl Group {
    pub(super) async fn run(self, client: &Client, output: Output) -> Result<ExitCode, Failure> {
        match self {
            Group::Create(create) => create.run(client, output).await,
            Group::List(list) => list.run(client, output).await,
            Group::Update(update) => update.run(client, output).await,
            Group::Delete(delete) => delete.run(client, output).await,
        }
    }
}

//! `keyfront keys group update`.

use std::process::ExitCode;

use clap::Args;
use keyfront_client::{Client, KeyGroupChange};

use super::render::show;
use crate::failure::Failure;
use crate::terminal::Output;

/// Change a key group: add and remove public keys, rename it
///
/// Everything else stays as it is, also when another client changes the group at the same time.
#[derive(Args)]
#[command(group(clap::ArgGroup::new("change").required(true).multiple(true).args(["add", "remove", "name", "comment"])))]
pub(in crate::command::keys) struct Update {
    /// The group's name or id
    group: String,
    /// The id of a public key to add; give it once for each key
    #[arg(long, value_name = "ID")]
    add: Vec<String>,
    /// The id of a public key to remove; requests that it signed are refused from then on
    #[arg(long, value_name = "ID")]
    remove: Vec<String>,
    /// The group's new name
    #[arg(long, value_name = "NAME")]
    name: Option<String>,
    /// The group's new comment
    #[arg(long, value_name = "TEXT")]
    comment: Option<String>,
}

impl Update {
    pub(super) async fn run(self, client: &Client, output: Output) -> Result<ExitCode, Failure> {
        let Update { group, add, remove, name, comment } = self;
        let change = KeyGroupChange { add, remove, name, comment };
        show(&client.update_key_group(&group, &change).await?, output);
        Ok(ExitCode::SUCCESS)
    }
}

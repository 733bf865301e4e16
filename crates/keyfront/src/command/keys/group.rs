//! `keyfront keys group`: which public keys are trusted together.

use std::process::ExitCode;

use clap::Args;
use keyfront_client::{Client, KeyGroupChange, StoredKeyGroup};
use serde_json::{Value, json};

use super::super::output::{Output, one_line};
use crate::failure::Failure;

/// Make a key group of public keys
#[derive(Args)]
pub(super) struct Create {
    /// The group's name, up to 128 characters
    name: String,
    /// The id of a public key; give it once for each key, up to five
    #[arg(long = "key", value_name = "ID", required = true)]
    keys: Vec<String>,
    /// What the group is for, up to 128 characters
    #[arg(long, value_name = "TEXT")]
    comment: Option<String>,
}

impl Create {
    pub(super) async fn run(self, client: &Client, output: Output) -> Result<ExitCode, Failure> {
        let group = client.create_key_group(&self.name, &self.keys, self.comment.as_deref()).await?;
        show(&group, output);
        Ok(ExitCode::SUCCESS)
    }
}

/// List the key groups of the account
#[derive(Args)]
pub(super) struct List {}

impl List {
    pub(super) async fn run(self, client: &Client, output: Output) -> Result<ExitCode, Failure> {
        let groups = client.key_groups().await?;
        output.print(|| table(&groups), || Value::Array(groups.iter().map(as_json).collect()));
        Ok(ExitCode::SUCCESS)
    }
}

/// Put public keys into a key group, take them out, or name it anew
///
/// What is not named stays as it is, also when somebody else changes the group at the same time.
#[derive(Args)]
#[command(group(clap::ArgGroup::new("change").required(true).multiple(true).args(["add", "remove", "name", "comment"])))]
pub(super) struct Update {
    /// The group's name or id
    group: String,
    /// The id of a public key to put in; give it once for each key
    #[arg(long, value_name = "ID")]
    add: Vec<String>,
    /// The id of a public key to take out; requests that it signed are refused from then on
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

/// Delete a key group; its public keys stay
#[derive(Args)]
pub(super) struct Delete {
    /// The group's name or id
    group: String,
}

impl Delete {
    pub(super) async fn run(self, client: &Client, output: Output) -> Result<ExitCode, Failure> {
        let deleted = client.delete_key_group(&self.group).await?;
        output.print(|| format!("deleted {}", one_line(&deleted.name)), || json!({ "Deleted": deleted.id }));
        Ok(ExitCode::SUCCESS)
    }
}

fn show(group: &StoredKeyGroup, output: Output) {
    output.print(|| table(std::slice::from_ref(group)), || as_json(group));
}

fn table(groups: &[StoredKeyGroup]) -> String {
    let width = groups.iter().map(|group| group.name.chars().count()).max().unwrap_or_default();
    let lines = groups.iter().map(|group| {
        let StoredKeyGroup { id, name, comment, keys, modified } = group;
        let comment = one_line(comment.as_deref().unwrap_or_default());
        let line = format!("{id}  {:width$}  {modified:24}  {}  {comment}", one_line(name), keys.join(","));
        line.trim_end().to_owned()
    });
    lines.collect::<Vec<_>>().join("\n")
}

/// What the control plane says of a group, by the service's names.
fn as_json(group: &StoredKeyGroup) -> Value {
    json!({
        "Id": group.id,
        "Name": group.name,
        "Comment": group.comment,
        "Items": group.keys,
        "LastModifiedTime": group.modified,
    })
}

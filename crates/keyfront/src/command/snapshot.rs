//! `keyfront snapshot`: saves what a server holds, and puts it back.

use std::process::ExitCode;

use clap::{Args, Subcommand};
use http::Method;
use serde_json::Value;

use super::admin::AdminAddress;
use super::{print, small_runtime, tell};
use crate::failure::Failure;
use crate::snapshots::{Done, Listed, Name, Summary};

/// Save what a server holds under a name, and put it back between tests
///
/// A snapshot holds all stores, pairs, functions, keys and tags of all accounts, and no credentials. It works with
/// `keyfront dev`, and with a server whose configuration says `testing.snapshots = true`.
#[derive(Args)]
pub(super) struct Snapshot {
    #[command(subcommand)]
    command: Command,
}

#[derive(Subcommand)]
enum Command {
    /// Save what the server holds now, in place of an earlier snapshot of that name
    Save(Named),
    /// Put back what was saved: everything that changed since is undone, in one step
    Restore(Named),
    /// List the snapshots with what they hold
    List {
        #[command(flatten)]
        server: AdminAddress,
    },
    /// Delete a snapshot
    Delete(Named),
}

#[derive(Args)]
struct Named {
    /// The snapshot's name: letters, digits, dots, `_` and `-`
    name: Name,
    #[command(flatten)]
    server: AdminAddress,
}

impl Snapshot {
    pub(super) fn run(self) -> Result<ExitCode, Failure> {
        small_runtime()?.block_on(self.command.run())?;
        Ok(ExitCode::SUCCESS)
    }
}

impl Command {
    async fn run(self) -> Result<(), Failure> {
        match self {
            Command::Save(Named { name, server }) => {
                let done: Done = server.ask(Method::POST, &path(&name), &Value::Null).await?;
                print(format!("saved {name}: {}", sentence(&done)));
            }
            Command::Restore(Named { name, server }) => {
                let path = format!("{}/restore", path(&name));
                let done: Done = server.ask(Method::POST, &path, &Value::Null).await?;
                print(format!("restored {name}: {}", sentence(&done)));
            }
            Command::List { server } => {
                let listed: Vec<Listed> = server.ask(Method::GET, "/snapshots", &Value::Null).await?;
                list(&listed);
            }
            Command::Delete(Named { name, server }) => {
                let deleted: Name = server.ask(Method::DELETE, &path(&name), &Value::Null).await?;
                print(format!("deleted {deleted}"));
            }
        }
        Ok(())
    }
}

fn path(name: &Name) -> String {
    format!("/snapshots/{name}")
}

fn list(listed: &[Listed]) {
    if listed.is_empty() {
        tell("no snapshot was saved");
    }
    let width = listed.iter().map(|listed| listed.name.as_str().len()).max().unwrap_or_default();
    for Listed { name, summary, problem } in listed {
        let what = match (summary, problem) {
            (Some(Summary { saved, stores, pairs, bytes }), _) => {
                format!("{saved}  {}", contents(*stores, *pairs, *bytes))
            }
            (None, problem) => format!("cannot be used: {}", problem.as_deref().unwrap_or("it is damaged")),
        };
        print(format!("{:width$}  {what}", name.as_str()));
    }
}

/// What was done, in words.
pub(super) fn sentence(done: &Done) -> String {
    format!("{} in {} ms", contents(done.stores, done.pairs, done.bytes), done.milliseconds)
}

fn contents(stores: u64, pairs: u64, bytes: u64) -> String {
    format!("{}, {}, {}", counted(stores, "store"), counted(pairs, "pair"), size(bytes))
}

fn counted(count: u64, noun: &str) -> String {
    format!("{} {noun}{}", grouped(count), if count == 1 { "" } else { "s" })
}

/// A number with a comma before every three digits.
fn grouped(number: u64) -> String {
    let digits = number.to_string();
    let mut text = String::new();
    for (index, digit) in digits.chars().enumerate() {
        if index > 0 && (digits.len() - index).is_multiple_of(3) {
            text.push(',');
        }
        text.push(digit);
    }
    text
}

/// Bytes in the largest unit of which there is one, with a tenth.
fn size(bytes: u64) -> String {
    match bytes {
        0..1_000 => counted(bytes, "byte"),
        1_000..1_000_000 => format!("{}.{} kB", bytes / 1_000, bytes % 1_000 / 100),
        _ => format!("{}.{} MB", grouped(bytes / 1_000_000), bytes % 1_000_000 / 100_000),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn figures_are_words_for_a_person() {
        for (stores, pairs, bytes, expected) in [
            (0, 0, 0, "0 stores, 0 pairs, 0 bytes"),
            (1, 1, 1, "1 store, 1 pair, 1 byte"),
            (2, 999, 999, "2 stores, 999 pairs, 999 bytes"),
            (2, 1_000, 1_000, "2 stores, 1,000 pairs, 1.0 kB"),
            (2, 90_000, 4_950_000, "2 stores, 90,000 pairs, 4.9 MB"),
            (200, 1_234_567, 1_048_576_000, "200 stores, 1,234,567 pairs, 1,048.5 MB"),
        ] {
            assert_eq!(contents(stores, pairs, bytes), expected);
        }
    }
}

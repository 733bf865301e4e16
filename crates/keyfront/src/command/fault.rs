//! `keyfront fault`: making requests fail on purpose, on a server that runs.

use std::process::ExitCode;

use clap::{Args, Subcommand};
use http::Method;
use keyfront_api::faults::{NewRule, Operations};
use serde::Deserialize;
use serde_json::Value;

use super::admin::AdminAddress;
use super::{print, small_runtime, tell};
use crate::failure::Failure;

/// Make requests fail on purpose, to see what your code does
///
/// It works with `keyfront dev`, and with a server whose configuration says `testing.faults = true`.
#[derive(Args)]
pub(super) struct Fault {
    #[command(subcommand)]
    command: Command,
}

#[derive(Subcommand)]
enum Command {
    Add(Add),
    /// List the faults in force, with how many requests met each
    List {
        #[command(flatten)]
        server: AdminAddress,
    },
    /// Remove a fault, or all of them
    Clear {
        /// The fault's number, as `list` shows it
        id: Option<u64>,
        #[command(flatten)]
        server: AdminAddress,
    },
}

/// Set faults, written as OPERATION=FAULT[,NAME=VALUE]…
///
/// OPERATION is one that `keyfront operations --implemented` lists, such as PutKey or
/// cloudfront:DescribeKeyValueStore, or * for all.
///
/// FAULT is what its requests meet, after they were authorized:
///   conflict        the answer to a stale ETag
///   throttle        the answer to too many requests
///   internal-error  a failure inside, 500
///   unavailable     the service is not available, 503
///   latency         ms=MILLISECONDS pass before the operation
///   provisioning    new stores stay PROVISIONING: for seconds=SECONDS, or until this fault is removed
///   drop            the operation is done, and the connection ends without an answer
///
/// More can follow after commas:
///   count=N         only the next N requests, then the fault is gone
///   share=0.1       only this share of the requests; with seed=N the same ones in every run
///   account=NUMBER  only requests of this account
///
/// For example: PutKey=throttle,count=2  UpdateKeys=conflict,share=0.2  '*=latency,ms=100'
#[derive(Args)]
#[command(verbatim_doc_comment)]
struct Add {
    /// What fails, and how
    #[arg(value_name = "RULE", required = true, value_parser = parse_rule)]
    rules: Vec<NewRule>,
    #[command(flatten)]
    server: AdminAddress,
}

/// A fault of the server's, as far as it is shown.
#[derive(Deserialize)]
#[serde(rename_all = "PascalCase")]
struct Listed {
    id: u64,
    rule: String,
    hits: u64,
}

/// Reads a rule, and refuses one that no server would take.
pub(super) fn parse_rule(text: &str) -> Result<NewRule, String> {
    let rule: NewRule = text.parse().map_err(|error| format!("{error}"))?;
    let operations = Operations::of_models().map_err(|error| error.to_string())?;
    rule.clone().check(&operations).map_err(|error| error.to_string())?;
    Ok(rule)
}

impl Fault {
    pub(super) fn run(self) -> Result<ExitCode, Failure> {
        small_runtime()?.block_on(self.command.run())?;
        Ok(ExitCode::SUCCESS)
    }
}

impl Command {
    async fn run(self) -> Result<(), Failure> {
        match self {
            Command::Add(Add { rules, server }) => {
                for rule in rules {
                    let Listed { id, rule, .. } = server.ask(Method::POST, "/faults", &rule).await?;
                    print(format!("{id}  {rule}"));
                }
            }
            Command::List { server } => {
                let listed: Vec<Listed> = server.ask(Method::GET, "/faults", &Value::Null).await?;
                if listed.is_empty() {
                    tell("no fault is set");
                }
                for Listed { id, rule, hits } in listed {
                    print(format!("{id}  {rule}  met by {hits}"));
                }
            }
            Command::Clear { id, server } => {
                let removed: Vec<Listed> = match id {
                    Some(id) => {
                        vec![server.ask(Method::DELETE, &format!("/faults/{id}"), &Value::Null).await?]
                    }
                    None => server.ask(Method::DELETE, "/faults", &Value::Null).await?,
                };
                for Listed { id, rule, .. } in removed {
                    print(format!("removed {id}  {rule}"));
                }
            }
        }
        Ok(())
    }
}

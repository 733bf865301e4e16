//! `keyfront fault add`.

use std::process::ExitCode;

use clap::Args;
use http::Method;
use keyfront_api::faults::NewRule;
use serde_json::json;

use super::rule::{SetFault, parse_rule};
use crate::admin_client::AdminArguments;
use crate::failure::Failure;
use crate::terminal::{Output, print, tell};

/// Set faults, written as OPERATION=FAULT[,NAME=VALUE]…
///
/// OPERATION is one that `keyfront operations --implemented` lists, such as PutKey or
/// cloudfront:DescribeKeyValueStore, or * for all.
///
/// FAULT is what happens to its requests, after they were authorized:
///   conflict        the answer to a stale ETag
///   throttle        the answer to too many requests
///   internal-error  an internal failure, 500
///   unavailable     the service is unavailable, 503
///   latency         the operation begins ms=MILLISECONDS later
///   provisioning    what is made or changed stays PROVISIONING, InProgress or the like,
///                   for seconds=SECONDS or until this fault is removed
///   error=CODE      an error that the operation's model declares,
///                   such as error=EntitySizeLimitExceeded
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
pub(super) struct Add {
    /// The faults
    #[arg(value_name = "RULE", required = true, value_parser = parse_rule)]
    rules: Vec<NewRule>,
    #[command(flatten)]
    server: AdminArguments,
}

impl Add {
    pub(super) async fn run(self, output: Output) -> Result<ExitCode, Failure> {
        let Add { rules, server } = self;
        let server = server.server().await?;
        tell(&server);
        let mut set: Vec<SetFault> = Vec::new();
        for rule in rules {
            let fault: SetFault = server.ask(Method::POST, "/faults", &rule).await?;
            if output == Output::Text {
                print(format!("{}  {}", fault.id, fault.rule));
            }
            set.push(fault);
        }
        output.print(String::new, || json!(set));
        Ok(ExitCode::SUCCESS)
    }
}

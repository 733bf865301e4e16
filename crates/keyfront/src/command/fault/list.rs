//! `keyfront fault list`.

use std::process::ExitCode;

use clap::Args;
use http::Method;
use serde_json::Value;

use super::rule::SetFault;
use crate::admin_client::AdminArguments;
use crate::failure::Failure;
use crate::terminal::{count, print, tell};

/// List the faults that are set, with the number of requests that each affected
#[derive(Args)]
pub(super) struct List {
    #[command(flatten)]
    server: AdminArguments,
}

impl List {
    pub(super) async fn run(self) -> Result<ExitCode, Failure> {
        let faults: Vec<SetFault> = self.server.ask(Method::GET, "/faults", &Value::Null).await?;
        if faults.is_empty() {
            tell("no fault is set");
        }
        for SetFault { id, rule, hits } in faults {
            print(format!("{id}  {rule}  {}", count(hits, "request")));
        }
        Ok(ExitCode::SUCCESS)
    }
}

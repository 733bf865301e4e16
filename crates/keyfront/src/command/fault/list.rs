//! `keyfront fault list`.

use std::process::ExitCode;

use clap::Args;
use http::Method;
use serde_json::{Value, json};

use super::rule::SetFault;
use crate::admin_client::AdminArguments;
use crate::failure::Failure;
use crate::terminal::{Output, count, tell};

/// List the faults that are set, with the number of requests that each affected
#[derive(Args)]
pub(super) struct List {
    #[command(flatten)]
    server: AdminArguments,
}

impl List {
    pub(super) async fn run(self, output: Output) -> Result<ExitCode, Failure> {
        let faults: Vec<SetFault> = self.server.ask(Method::GET, "/faults", &Value::Null).await?;
        if faults.is_empty() && output == Output::Text {
            tell("no fault is set");
        }
        let line =
            |SetFault { id, rule, hits, .. }: &SetFault| format!("{id}  {rule}  {}", count(*hits, "request"));
        output.print(|| faults.iter().map(line).collect::<Vec<_>>().join("\n"), || json!(faults));
        Ok(ExitCode::SUCCESS)
    }
}

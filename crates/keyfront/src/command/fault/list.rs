//! `keyfront fault list`.

use std::process::ExitCode;

use clap::Args;
use http::Method;
use serde_json::Value;

use super::rule::SetFault;
use crate::admin_client::AdminArguments;
use crate::failure::Failure;
use crate::terminal::{print, tell};

/// List the faults in force, with how many requests met each
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
            print(format!("{id}  {rule}  met by {hits}"));
        }
        Ok(ExitCode::SUCCESS)
    }
}

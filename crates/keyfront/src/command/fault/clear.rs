//! `keyfront fault clear`.

use std::process::ExitCode;

use clap::Args;
use http::Method;
use serde_json::{Value, json};

use super::rule::SetFault;
use crate::admin_client::AdminArguments;
use crate::failure::Failure;
use crate::terminal::{Output, tell};

/// Remove a fault, or all of them
#[derive(Args)]
pub(super) struct Clear {
    /// The fault's number, as `list` shows it
    id: Option<u64>,
    #[command(flatten)]
    server: AdminArguments,
}

impl Clear {
    pub(super) async fn run(self, output: Output) -> Result<ExitCode, Failure> {
        let server = self.server.server().await?;
        let removed: Vec<SetFault> = match self.id {
            Some(id) => vec![server.ask(Method::DELETE, &format!("/faults/{id}"), &Value::Null).await?],
            None => server.ask(Method::DELETE, "/faults", &Value::Null).await?,
        };
        tell(&server);
        let lines = removed.iter().map(|SetFault { id, rule, .. }| format!("removed {id}  {rule}"));
        output.print(|| lines.collect::<Vec<_>>().join("\n"), || json!(removed));
        Ok(ExitCode::SUCCESS)
    }
}

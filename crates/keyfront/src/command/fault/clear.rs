//! `keyfront fault clear`.

use std::process::ExitCode;

use clap::Args;
use http::Method;
use serde_json::Value;

use super::rule::SetFault;
use crate::admin_client::AdminArguments;
use crate::failure::Failure;
use crate::terminal::print;

/// Remove a fault, or all of them
#[derive(Args)]
pub(super) struct Clear {
    /// The fault's number, as `list` shows it
    id: Option<u64>,
    #[command(flatten)]
    server: AdminArguments,
}

impl Clear {
    pub(super) async fn run(self) -> Result<ExitCode, Failure> {
        let removed: Vec<SetFault> = match self.id {
            Some(id) => {
                vec![self.server.ask(Method::DELETE, &format!("/faults/{id}"), &Value::Null).await?]
            }
            None => self.server.ask(Method::DELETE, "/faults", &Value::Null).await?,
        };
        for SetFault { id, rule, .. } in removed {
            print(format!("removed {id}  {rule}"));
        }
        Ok(ExitCode::SUCCESS)
    }
}

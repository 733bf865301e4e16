//! `keyfront snapshot list`.

use std::process::ExitCode;

use clap::Args;
use http::Method;
use serde_json::{Value, json};

use super::quantity::contents;
use crate::admin_client::AdminArguments;
use crate::failure::Failure;
use crate::saved_states::{ListedState, StateSummary};
use crate::terminal::{Output, print, tell};

/// List the snapshots with what they hold
#[derive(Args)]
pub(super) struct List {
    #[command(flatten)]
    server: AdminArguments,
}

impl List {
    pub(super) async fn run(self, output: Output) -> Result<ExitCode, Failure> {
        let listed: Vec<ListedState> = self.server.ask(Method::GET, "/snapshots", &Value::Null).await?;
        if output == Output::Json {
            output.print(String::new, || json!(listed));
            return Ok(ExitCode::SUCCESS);
        }
        if listed.is_empty() {
            tell("no snapshot was saved");
        }
        let width = listed.iter().map(|listed| listed.name.as_str().len()).max().unwrap_or_default();
        for ListedState { name, summary, problem } in &listed {
            let what = match (summary, problem) {
                (Some(StateSummary { saved, stores, pairs, bytes, resources }), _) => {
                    format!("{saved}  {}", contents(*stores, *pairs, Some(*bytes), resources))
                }
                (None, problem) => {
                    format!("cannot be used: {}", problem.as_deref().unwrap_or("it is damaged"))
                }
            };
            print(format!("{:width$}  {what}", name.as_str()));
        }
        Ok(ExitCode::SUCCESS)
    }
}

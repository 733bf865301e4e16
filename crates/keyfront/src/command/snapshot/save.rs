//! `keyfront snapshot save`.

use std::process::ExitCode;

use clap::Args;
use http::Method;
use serde_json::{Value, json};

use super::name::SnapshotArguments;
use super::quantity::sentence;
use crate::failure::Failure;
use crate::saved_states::StateReport;
use crate::terminal::{Output, tell};

/// Save the state of the server, in place of an earlier snapshot of that name
#[derive(Args)]
pub(super) struct Save {
    #[command(flatten)]
    snapshot: SnapshotArguments,
}

impl Save {
    pub(super) async fn run(self, output: Output) -> Result<ExitCode, Failure> {
        let SnapshotArguments { name, server } = &self.snapshot;
        let server = server.server().await?;
        let done: StateReport = server.ask(Method::POST, &self.snapshot.path(), &Value::Null).await?;
        tell(&server);
        output.print(|| format!("saved {name}: {}", sentence(&done)), || json!(done));
        Ok(ExitCode::SUCCESS)
    }
}

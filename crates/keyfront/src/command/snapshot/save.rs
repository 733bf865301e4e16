//! `keyfront snapshot save`.

use std::process::ExitCode;

use clap::Args;
use http::Method;
use serde_json::Value;

use super::name::SnapshotArguments;
use super::quantity::sentence;
use crate::failure::Failure;
use crate::saved_states::StateReport;
use crate::terminal::print;

/// Save the state of the server, in place of an earlier snapshot of that name
#[derive(Args)]
pub(super) struct Save {
    #[command(flatten)]
    snapshot: SnapshotArguments,
}

impl Save {
    pub(super) async fn run(self) -> Result<ExitCode, Failure> {
        let SnapshotArguments { name, server } = &self.snapshot;
        let done: StateReport = server.ask(Method::POST, &self.snapshot.path(), &Value::Null).await?;
        print(format!("saved {name}: {}", sentence(&done)));
        Ok(ExitCode::SUCCESS)
    }
}

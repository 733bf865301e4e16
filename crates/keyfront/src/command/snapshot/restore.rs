//! `keyfront snapshot restore`.

use std::process::ExitCode;

use clap::Args;
use http::Method;
use serde_json::{Value, json};

use super::name::SnapshotArguments;
use super::quantity::sentence;
use crate::failure::Failure;
use crate::saved_states::StateReport;
use crate::terminal::{Output, tell};

/// Restore a snapshot: everything that changed since is undone, in one step
#[derive(Args)]
pub(super) struct Restore {
    #[command(flatten)]
    snapshot: SnapshotArguments,
}

impl Restore {
    pub(super) async fn run(self, output: Output) -> Result<ExitCode, Failure> {
        let SnapshotArguments { name, server } = &self.snapshot;
        let path = format!("{}/restore", self.snapshot.path());
        let server = server.server().await?;
        let done: StateReport = server.ask(Method::POST, &path, &Value::Null).await?;
        tell(&server);
        output.print(|| format!("restored {name}: {}", sentence(&done)), || json!(done));
        Ok(ExitCode::SUCCESS)
    }
}

//! `keyfront snapshot restore`.

use std::process::ExitCode;

use clap::Args;
use http::Method;
use serde_json::Value;

use super::name::SnapshotArguments;
use super::quantity::sentence;
use crate::failure::Failure;
use crate::saved_states::StateReport;
use crate::terminal::print;

/// Restore a snapshot: everything that changed since is undone, in one step
#[derive(Args)]
pub(super) struct Restore {
    #[command(flatten)]
    snapshot: SnapshotArguments,
}

impl Restore {
    pub(super) async fn run(self) -> Result<ExitCode, Failure> {
        let SnapshotArguments { name, server } = &self.snapshot;
        let path = format!("{}/restore", self.snapshot.path());
        let done: StateReport = server.ask(Method::POST, &path, &Value::Null).await?;
        print(format!("restored {name}: {}", sentence(&done)));
        Ok(ExitCode::SUCCESS)
    }
}

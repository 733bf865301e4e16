//! `keyfront snapshot delete`.

use std::process::ExitCode;

use clap::Args;
use http::Method;
use serde_json::Value;

use super::name::SnapshotArguments;
use crate::failure::Failure;
use crate::saved_states::StateName;
use crate::terminal::print;

/// Delete a snapshot
#[derive(Args)]
pub(super) struct Delete {
    #[command(flatten)]
    snapshot: SnapshotArguments,
}

impl Delete {
    pub(super) async fn run(self) -> Result<ExitCode, Failure> {
        let server = &self.snapshot.server;
        let deleted: StateName = server.ask(Method::DELETE, &self.snapshot.path(), &Value::Null).await?;
        print(format!("deleted {deleted}"));
        Ok(ExitCode::SUCCESS)
    }
}

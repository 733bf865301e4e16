//! `keyfront snapshot delete`.

use std::process::ExitCode;

use clap::Args;
use http::Method;
use serde_json::{Value, json};

use super::name::SnapshotArguments;
use crate::failure::Failure;
use crate::saved_states::StateName;
use crate::terminal::{Output, tell};

/// Delete a snapshot
#[derive(Args)]
pub(super) struct Delete {
    #[command(flatten)]
    snapshot: SnapshotArguments,
}

impl Delete {
    pub(super) async fn run(self, output: Output) -> Result<ExitCode, Failure> {
        let server = self.snapshot.server.server().await?;
        let deleted: StateName = server.ask(Method::DELETE, &self.snapshot.path(), &Value::Null).await?;
        tell(&server);
        output.print(|| format!("deleted {deleted}"), || json!({ "Name": deleted }));
        Ok(ExitCode::SUCCESS)
    }
}

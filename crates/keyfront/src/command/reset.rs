//! `keyfront reset`: empties a server, or restores its seed.

use std::process::ExitCode;

use clap::Args;
use http::Method;
use serde_json::{Value, json};

use super::snapshot::{contents, sentence};
use crate::admin_client::AdminArguments;
use crate::failure::Failure;
use crate::runtime;
use crate::saved_states::ResetReport;
use crate::terminal::{Output, tell};

/// Empty a server, or restore its seed if it was started with one
///
/// Removes all stores, pairs, functions, keys, distributions and other resources of all accounts in one step, also
/// those that the data folder held before the server was started; credentials and snapshots stay. It works with
/// `keyfront dev`, and with a server whose configuration has `testing.snapshots = true`.
#[derive(Args)]
pub(super) struct Reset {
    #[command(flatten)]
    server: AdminArguments,
}

impl Reset {
    pub(super) fn run(self, output: Output) -> Result<ExitCode, Failure> {
        runtime::single_threaded()?.block_on(async {
            let server = self.server.server().await?;
            let report: ResetReport = server.ask(Method::POST, "/reset", &Value::Null).await?;
            let ResetReport { stores_before, pairs_before, resources_before, now } = &report;
            let held = contents(*stores_before, *pairs_before, None, resources_before);
            tell(format!("{server} held {held}"));
            output.print(|| format!("reset: {}", sentence(now)), || json!(report));
            Ok(ExitCode::SUCCESS)
        })
    }
}

//! `keyfront reset`: empties a server, or restores its seed.

use std::process::ExitCode;

use clap::Args;
use http::Method;
use serde_json::Value;

use super::snapshot::sentence;
use crate::admin_client::AdminArguments;
use crate::failure::Failure;
use crate::runtime;
use crate::saved_states::StateReport;
use crate::terminal::print;

/// Empty a server, or restore its seed if it was started with one
///
/// Removes all stores, pairs, functions, keys and tags of all accounts in one step, also those that the data folder
/// held before the server was started; credentials and snapshots stay. It works with `keyfront dev`, and with a
/// server whose configuration has `testing.snapshots = true`.
#[derive(Args)]
pub(super) struct Reset {
    #[command(flatten)]
    server: AdminArguments,
}

impl Reset {
    pub(super) fn run(self) -> Result<ExitCode, Failure> {
        let asked = self.server.ask::<StateReport>(Method::POST, "/reset", &Value::Null);
        let done = runtime::single_threaded()?.block_on(asked)?;
        print(format!("reset: {}", sentence(&done)));
        Ok(ExitCode::SUCCESS)
    }
}

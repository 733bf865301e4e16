//! `keyfront reset`: an empty server, or its seed.

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

/// Empty a server, or put back its seed if it was started with one
///
/// All stores, pairs, functions, keys and tags of all accounts go, in one step, those too that the data folder
/// held before the server was started; credentials and snapshots stay. It works with
/// `keyfront dev`, and with a server whose configuration says `testing.snapshots = true`.
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

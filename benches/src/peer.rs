//! The one other server that answers these operations: moto, for tests of the control plane.
//!
//! It keeps everything in memory, verifies no signature and has no data plane for key value stores, so it
//! does much less for an answer.

use std::path::Path;
use std::process::{Command, Stdio};
use std::time::Duration;

use crate::drive::Observed;
use crate::failure::Failure;
use crate::scenarios;
use crate::server::Server;

/// Lists stores of moto's server, which `python` runs.
pub(crate) async fn list_stores(python: &Path, window: Duration) -> Result<Observed, Failure> {
    let mut command = Command::new(python);
    command.args(["-u", "-m", "moto.server", "-H", "127.0.0.1", "-p", "0"]);
    command.stdout(Stdio::null()).stderr(Stdio::piped());
    let server = Server::start(command, "Running on http://", |child| child.stderr.take())?;
    scenarios::drive_lists("ListKeyValueStores, moto", &server, window).await
}

//! Runs other programs to ask them for their versions.

use std::ffi::OsStr;
use std::process::Stdio;
use std::time::Duration;

use tokio::process::Command;

/// How long a program may take. Interpreters on a busy machine take seconds.
const LIMIT: Duration = Duration::from_secs(10);

/// What a program prints, if it succeeds in time.
pub(super) async fn output(program: impl AsRef<OsStr>, arguments: &[&str]) -> Option<String> {
    let mut command = Command::new(program);
    command.args(arguments).stdin(Stdio::null()).stderr(Stdio::null()).kill_on_drop(true);
    let ran = tokio::time::timeout(LIMIT, command.output()).await.ok()?.ok()?;
    ran.status.success().then(|| String::from_utf8_lossy(&ran.stdout).trim().to_owned())
}

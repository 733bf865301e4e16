//! Runs the command as a child, where something has to be done while it runs or after it.

use std::ffi::OsString;
use std::os::unix::process::ExitStatusExt;
use std::process::{Command, ExitCode, ExitStatus};

use tokio::signal::unix::{SignalKind, signal};

use super::cannot_run;
use crate::failure::Failure;

/// What a shell adds to the number of the signal that ended a program.
const BY_SIGNAL: u8 = 128;

/// Runs a command to its end and passes on its exit code.
///
/// A terminal sends its interrupt to the command as well, which decides what to do about it; this process only waits.
/// SIGTERM and SIGHUP are passed on.
pub(super) async fn run(command: Command, program: &OsString) -> Result<ExitCode, Failure> {
    let failed = |error| Failure::because("signals cannot be received", &error);
    let mut interrupts = signal(SignalKind::interrupt()).map_err(failed)?;
    let mut terminations = signal(SignalKind::terminate()).map_err(failed)?;
    let mut hangups = signal(SignalKind::hangup()).map_err(failed)?;
    let mut child = match tokio::process::Command::from(command).spawn() {
        Ok(child) => child,
        Err(error) => return Ok(cannot_run(program, &error)),
    };
    loop {
        let passed_on = tokio::select! {
            ended = child.wait() => {
                let status = ended.map_err(|error| Failure::because(program.display().to_string(), &error))?;
                return Ok(exit_code(status));
            }
            _ = interrupts.recv() => None,
            _ = terminations.recv() => Some("-TERM"),
            _ = hangups.recv() => Some("-HUP"),
        };
        if let (Some(signal), Some(id)) = (passed_on, child.id()) {
            // A command that has just ended needs no signal.
            Command::new("kill").arg(signal).arg(id.to_string()).status().ok();
        }
    }
}

fn exit_code(status: ExitStatus) -> ExitCode {
    let code = status.code().and_then(|code| u8::try_from(code).ok());
    let signal = status.signal().and_then(|signal| u8::try_from(signal).ok());
    let by_signal = signal.map(|signal| BY_SIGNAL.saturating_add(signal));
    code.or(by_signal).map_or(ExitCode::FAILURE, ExitCode::from)
}

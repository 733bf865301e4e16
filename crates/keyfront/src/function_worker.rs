//! The command that the server starts its own program with, to run functions in a process apart.
//!
//! It is not part of the command line: it is recognised before anything is parsed, so that a worker is ready within
//! milliseconds, and it works only with the descriptors that a server gives it.

use std::ffi::OsStr;

use keyfront_functions::WorkerCommand;

/// The argument that asks for it.
const ARGUMENT: &str = "function-worker";

/// Whether an argument asks for a worker.
pub(crate) fn is_asked_for(argument: &OsStr) -> bool {
    argument == ARGUMENT
}

/// How a worker is started: this very program, even if its file was replaced meanwhile.
pub(crate) fn command() -> WorkerCommand {
    let program = if cfg!(target_os = "linux") {
        "/proc/self/exe".into()
    } else {
        std::env::current_exe().unwrap_or_else(|_unknown| "keyfront".into())
    };
    WorkerCommand { program, arguments: vec![ARGUMENT.to_owned()] }
}

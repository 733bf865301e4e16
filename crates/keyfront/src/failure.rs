//! The failure of a command: a message with its cause, and an exit code.

use std::io::Write;
use std::process::ExitCode;

use keyfront_api::error::chain;

/// What went wrong, where, and what to do about it.
#[derive(Debug)]
pub(crate) struct Failure(String);

impl Failure {
    /// A failure with a message.
    pub(crate) fn new(message: impl Into<String>) -> Failure {
        Failure(message.into())
    }

    /// A failure with what caused it.
    pub(crate) fn because(what: impl Into<String>, cause: &dyn std::error::Error) -> Failure {
        Failure(format!("{}: {}", what.into(), chain(cause)))
    }

    /// Tells the person on standard error, and gives the exit code.
    pub(crate) fn report(&self) -> ExitCode {
        // The exit code says it too, where standard error is closed.
        writeln!(std::io::stderr(), "keyfront: {}", self.0).ok();
        ExitCode::FAILURE
    }
}

impl std::fmt::Display for Failure {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(&self.0)
    }
}

impl From<keyfront_client::ClientError> for Failure {
    fn from(error: keyfront_client::ClientError) -> Failure {
        Failure::new(error.to_string())
    }
}

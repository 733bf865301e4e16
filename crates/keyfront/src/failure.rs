//! The failure of a command: a message with its cause, and an exit code.

use std::process::ExitCode;

use keyfront_api::error::chain;
use serde_json::json;

use crate::exit_code;
use crate::terminal::{Output, tell, tell_json};

/// What went wrong, where, and what to do about it.
#[derive(Debug)]
pub(crate) struct Failure {
    message: String,
    exit_code: u8,
}

impl Failure {
    /// A failure with a message.
    pub(crate) fn new(message: impl Into<String>) -> Failure {
        Failure { message: message.into(), exit_code: exit_code::FAILED }
    }

    /// A failure with what caused it.
    pub(crate) fn because(what: impl Into<String>, cause: &dyn std::error::Error) -> Failure {
        Failure::new(format!("{}: {}", what.into(), chain(cause)))
    }

    /// A command line that cannot be understood.
    pub(crate) fn usage(message: impl Into<String>) -> Failure {
        Failure { message: message.into(), exit_code: exit_code::USAGE }
    }

    /// Tells the person on standard error, and gives the exit code.
    pub(crate) fn report(&self) -> ExitCode {
        self.report_as(Output::Text)
    }

    /// Tells the person, or a script, on standard error, and gives the exit code.
    pub(crate) fn report_as(&self, output: Output) -> ExitCode {
        let Failure { message, exit_code } = self;
        // The exit code says it too, where standard error is closed.
        match output {
            Output::Text => tell(format!("keyfront: {message}")),
            Output::Json => tell_json(&json!({ "Error": { "Message": message, "ExitCode": exit_code } })),
        }
        ExitCode::from(*exit_code)
    }
}

impl std::fmt::Display for Failure {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(&self.message)
    }
}

impl From<keyfront_client::ClientError> for Failure {
    fn from(error: keyfront_client::ClientError) -> Failure {
        Failure::new(error.to_string())
    }
}

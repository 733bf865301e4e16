//! Why a measurement stopped, for a person.

use std::fmt;
use std::io;
use std::path::Path;

/// A sentence.
#[derive(Debug)]
pub(crate) struct Failure(pub(crate) String);

impl Failure {
    /// A file or folder could not be used.
    pub(crate) fn of_file(verb: &str, path: &Path, error: &io::Error) -> Failure {
        Failure(format!("cannot {verb} {}: {error}", path.display()))
    }

    /// The connection to a server broke.
    pub(crate) fn of_connection(error: &io::Error) -> Failure {
        Failure(format!("the connection to the server failed: {error}"))
    }
}

impl fmt::Display for Failure {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(&self.0)
    }
}

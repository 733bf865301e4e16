//! The two kinds of server: for development and for production.

use std::path::Path;

use crate::server::NewCredential;

/// What kind of server it is.
#[derive(Clone, Copy)]
pub(crate) enum Mode<'a> {
    /// For development: the well-known credential is accepted too.
    Development,
    /// For production: only stored credentials, and at least one of them.
    Production {
        /// The configuration file, for the advice that a person gets.
        file: &'a Path,
        /// The credential to make where the store has none.
        first: Option<&'a NewCredential>,
    },
}

impl Mode<'_> {
    /// The settings that change the addresses of the API and of admin.
    pub(super) fn settings(self) -> (&'static str, &'static str) {
        match self {
            Mode::Development => ("--listen", "--admin"),
            Mode::Production { .. } => ("listen in [server]", "listen in [admin]"),
        }
    }

    /// The settings that change the addresses of the edge.
    pub(super) fn edge_settings(self) -> (&'static str, &'static str) {
        match self {
            Mode::Development => ("--edge", "--edge-tls"),
            Mode::Production { .. } => ("listen in [edge]", "tls_listen in [edge]"),
        }
    }
}

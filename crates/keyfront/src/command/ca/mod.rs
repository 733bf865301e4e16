//! `keyfront ca`: the local authority, whose certificates `keyfront dev --edge-tls` serves.

mod export;
mod install;
mod path;

use std::process::ExitCode;

use clap::{Args, Subcommand};
use keyfront_api::Clock;

use crate::authority::{Authority, AuthorityFolder};
use crate::clock::SystemClock;
use crate::failure::Failure;

/// Show or trust the local authority, whose certificates `keyfront dev --edge-tls` serves
///
/// It is made on first use, in the user's data folder, and its key stays there. Programs trust it when they are told to:
/// `curl --cacert "$(keyfront ca path)"`, `NODE_EXTRA_CA_CERTS="$(keyfront ca path)"`, or `keyfront ca install`.
#[derive(Args)]
pub(super) struct Ca {
    #[command(subcommand)]
    command: Command,
}

#[derive(Subcommand)]
enum Command {
    Path(path::CertificatePath),
    Export(export::Export),
    Install(install::Install),
}

impl Ca {
    pub(super) fn run(self) -> Result<ExitCode, Failure> {
        match self.command {
            Command::Path(path) => path.run(),
            Command::Export(export) => export.run(),
            Command::Install(install) => install.run(),
        }
    }
}

/// The authority, which is made where there is none.
fn open(folder: &AuthorityFolder) -> Result<Authority, Failure> {
    Authority::open(&folder.path()?, SystemClock.now())
}

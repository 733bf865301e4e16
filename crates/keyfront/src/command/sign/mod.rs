//! `keyfront sign`: makes signed URLs and signed cookies.

mod conditions;
mod cookies;
mod proof;
mod signer;
mod url;

use std::process::ExitCode;

use clap::{Args, Subcommand};

use crate::failure::Failure;
use crate::terminal::Output;

/// Sign URLs and cookies, as the AWS SDKs do
#[derive(Args)]
pub(super) struct Sign {
    #[command(subcommand)]
    command: Command,
}

#[derive(Subcommand)]
enum Command {
    Url(url::SignUrl),
    Cookies(cookies::SignCookies),
}

impl Sign {
    pub(super) fn run(self, output: Output) -> Result<ExitCode, Failure> {
        match self.command {
            Command::Url(url) => url.run(output),
            Command::Cookies(cookies) => cookies.run(output),
        }
    }
}

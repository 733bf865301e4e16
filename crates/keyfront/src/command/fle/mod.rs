//! `keyfront fle`: field-level encryption by hand, to try a key or to read an encrypted field.

mod decrypt;
mod encrypt;
mod files;
mod form;
mod recipient;

use std::process::ExitCode;

use clap::{Args, Subcommand};

use crate::failure::Failure;
use crate::terminal::Output;

/// Encrypt and decrypt fields as CloudFront's field-level encryption does
#[derive(Args)]
pub(super) struct Fle {
    #[command(subcommand)]
    command: Command,
}

#[derive(Subcommand)]
enum Command {
    Encrypt(encrypt::Encrypt),
    Decrypt(decrypt::Decrypt),
    Form(form::Form),
}

impl Fle {
    pub(super) fn run(self, output: Output) -> Result<ExitCode, Failure> {
        match self.command {
            Command::Encrypt(encrypt) => encrypt.run(output),
            Command::Decrypt(decrypt) => decrypt.run(output),
            Command::Form(form) => form.run(output),
        }
    }
}

//! `keyfront fle encrypt`.

use std::process::ExitCode;

use clap::Args;
use keyfront_domain::field_level_encryption::message::to_base64;

use super::files::Files;
use super::recipient::RecipientArguments;
use crate::failure::Failure;
use crate::terminal::Output;

/// Encrypt a value into a message of the AWS Encryption SDK
#[derive(Args)]
pub(super) struct Encrypt {
    #[command(flatten)]
    recipient: RecipientArguments,
    #[command(flatten)]
    files: Files,
    /// Write base64, which is what stands in a form
    #[arg(long)]
    base64: bool,
}

impl Encrypt {
    pub(super) fn run(self, output: Output) -> Result<ExitCode, Failure> {
        let recipient = self.recipient.load()?;
        let plaintext = self.files.read()?;
        let message = recipient.encrypt(&plaintext).map_err(|error| Failure::new(error.to_string()))?;
        let content = if self.base64 { format!("{}\n", to_base64(&message)).into_bytes() } else { message };
        self.files.write(&content, output)?;
        Ok(ExitCode::SUCCESS)
    }
}

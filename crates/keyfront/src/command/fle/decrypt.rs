//! `keyfront fle decrypt`.

use std::path::PathBuf;
use std::process::ExitCode;

use clap::Args;
use keyfront_domain::field_level_encryption::message::{Expected, PrivateKey, from_text};

use super::files::Files;
use crate::config::read_secret;
use crate::failure::Failure;
use crate::terminal::Output;

/// Decrypt a message of the AWS Encryption SDK
///
/// It takes the message as it is, in base64, or as it stands in the body of a form.
#[derive(Args)]
pub(super) struct Decrypt {
    /// The RSA private key, in PEM
    #[arg(long, value_name = "FILE")]
    private_key: PathBuf,
    /// Refuse a message that is not for this name of the public key
    #[arg(long, value_name = "NAME")]
    key_name: Option<String>,
    /// Refuse a message that is not for this provider
    #[arg(long, value_name = "ID")]
    provider_id: Option<String>,
    #[command(flatten)]
    files: Files,
}

impl Decrypt {
    pub(super) fn run(self, output: Output) -> Result<ExitCode, Failure> {
        let path = self.private_key.display();
        let key = PrivateKey::parse(&read_secret(&self.private_key)?)
            .map_err(|error| Failure::because(format!("{path} cannot be used"), &error))?;
        let content = self.files.read()?;
        let expected =
            Expected { provider_id: self.provider_id.as_deref(), key_name: self.key_name.as_deref() };
        let plaintext = from_text(&content)
            .and_then(|message| key.decrypt(&message, expected))
            .map_err(|error| Failure::because("the message cannot be decrypted", &error))?;
        self.files.write(&plaintext, output)?;
        Ok(ExitCode::SUCCESS)
    }
}

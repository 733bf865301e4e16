//! `keyfront fle form`.

use std::process::ExitCode;
use std::sync::Arc;

use clap::Args;
use keyfront_domain::field_level_encryption::form::{FormEncryption, Limits, SecretFields};

use super::files::Files;
use super::recipient::RecipientArguments;
use crate::failure::Failure;

/// Encrypt fields of a form's body, application/x-www-form-urlencoded
#[derive(Args)]
pub(super) struct Form {
    #[command(flatten)]
    recipient: RecipientArguments,
    /// A field to encrypt, or with * at its end all fields whose names begin so; can be repeated
    #[arg(long = "field", value_name = "PATTERN", required = true)]
    fields: Vec<String>,
    #[command(flatten)]
    files: Files,
}

impl Form {
    pub(super) fn run(self) -> Result<ExitCode, Failure> {
        let recipient = self.recipient.load()?;
        let fields = SecretFields::default()
            .with(recipient, &self.fields)
            .map_err(|error| Failure::because("--field", &error))?;
        let body = self.files.read()?;
        let mut form = FormEncryption::new(Arc::new(fields), Limits::default());
        let mut out = Vec::new();
        form.push(&body, &mut out).and_then(|()| form.finish(&mut out)).map_err(|error| {
            Failure::because(format!("CloudFront would answer 400, {}", error.status()), &error)
        })?;
        self.files.write(&out)?;
        Ok(ExitCode::SUCCESS)
    }
}

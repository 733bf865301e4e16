//! `keyfront fle form`.

use std::process::ExitCode;
use std::sync::Arc;

use clap::Args;
use keyfront_domain::field_level_encryption::form::{FormEncryption, Limits, SecretFields};

use super::files::Files;
use super::recipient::RecipientArguments;
use crate::failure::Failure;
use crate::terminal::{Output, one_line, tell};

/// Encrypt fields of a form's body, application/x-www-form-urlencoded
///
/// A --field that no field of the form has is told, and the exit code is 1: a misspelt name would leave the field in the
/// clear.
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
    pub(super) fn run(self, output: Output) -> Result<ExitCode, Failure> {
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
        self.files.write(&out, output)?;
        let unmet: Vec<_> = form.unmet_patterns().map(one_line).collect();
        if unmet.is_empty() {
            return Ok(ExitCode::SUCCESS);
        }
        tell(format!(
            "keyfront: the form has no field {}, so nothing was encrypted for it",
            unmet.join(", ")
        ));
        Ok(ExitCode::FAILURE)
    }
}

//! The configuration of a public key, and what can change about it.

use keyfront_error::{Code, ServiceError};
use serde::Deserialize;

use super::{InvalidEncodedKey, PublicKey};
use crate::name;

/// `PublicKeyConfig`, by the model's names.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "PascalCase")]
pub struct PublicKeyConfig {
    /// Tells requests apart.
    pub caller_reference: String,
    /// Unique in the account; a consumer of field-level encryption knows the key by it.
    pub name: String,
    /// The PEM text, with the line end that [`with_final_newline`] gives it.
    pub encoded_key: String,
    /// A comment.
    pub comment: Option<String>,
}

impl PublicKeyConfig {
    /// Refuses what cannot be a public key.
    pub fn check(&self) -> Result<(), ServiceError> {
        name::check_caller_reference(&self.caller_reference)?;
        name::check_key_name(&self.name)?;
        name::check_comment(self.comment.as_deref())?;
        self.key()?;
        Ok(())
    }

    /// The key itself.
    pub fn key(&self) -> Result<PublicKey, InvalidEncodedKey> {
        PublicKey::parse(&self.encoded_key)
    }

    /// Refuses to become `after`: only the comment can change (AWS: UpdatePublicKey).
    pub fn check_change(&self, after: &PublicKeyConfig) -> Result<(), ServiceError> {
        let fixed = |config: &PublicKeyConfig| {
            let key = with_final_newline(&config.encoded_key);
            (config.caller_reference.clone(), config.name.clone(), key)
        };
        if fixed(self) == fixed(after) {
            return Ok(());
        }
        Err(ServiceError::new(
            Code::CannotChangeImmutablePublicKeyFields,
            "You can't change the value of a public key.",
        ))
    }
}

/// An encoded key as the service keeps it: what was sent, with exactly one newline at its end.
pub fn with_final_newline(encoded_key: &str) -> String {
    let text = encoded_key.trim_ascii_end();
    let end = encoded_key.strip_prefix(text).unwrap_or_default();
    let newline = if end.starts_with("\r\n") { "\r\n" } else { "\n" };
    format!("{text}{newline}")
}

impl From<InvalidEncodedKey> for ServiceError {
    fn from(error: InvalidEncodedKey) -> Self {
        ServiceError::with(Code::InvalidArgument, error.to_string())
    }
}

//! The body of a form, `application/x-www-form-urlencoded`, whose fields are encrypted while it passes
//! (WHATWG URL Standard, section 5.1).
//!
//! Names, order, and every field that no pattern means go through byte by byte as they came. The value of a
//! field that a pattern means is read without its escapes, encrypted, and put back in base64 with escapes.
//! An empty value is encrypted too, so the reader of the field decrypts it in any case.
//! At most one such value is held in memory.

mod secret_fields;

pub use secret_fields::{InvalidFields, SecretFields};

use std::collections::BTreeSet;
use std::sync::Arc;

use serde::Deserialize;

use super::Status;
use super::escapes::{BrokenEscape, Escapes};
use super::message::{EncryptionFailed, Recipient, to_form_value};

/// What is kept of a name: one byte more than the longest pattern has.
const NAME_BYTES: usize = 129;

/// Limits of a body that is encrypted (AWS: Quotas on field-level encryption).
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Limits {
    /// Length of a body, in bytes.
    pub body_bytes: u64,
    /// Fields in a body, encrypted or not.
    pub fields: u64,
    /// Length of a field to encrypt, in bytes of its value without escapes.
    pub field_bytes: usize,
}

impl Default for Limits {
    fn default() -> Self {
        Limits { body_bytes: 1024 * 1024, fields: 10, field_bytes: 16 * 1024 }
    }
}

impl Limits {
    /// Refuses a body by the length that its sender states, before anything of it is forwarded.
    pub fn check_body(&self, length: u64) -> Result<(), FormError> {
        if length > self.body_bytes { Err(FormError::Body) } else { Ok(()) }
    }
}

/// Why a body is not forwarded to its end.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum FormError {
    /// The body is not a form.
    #[error("the body is not a form: a percent sign is not followed by two hexadecimal digits")]
    Malformed,
    /// A field to encrypt is too long.
    #[error("a field to encrypt is longer than allowed")]
    Field,
    /// The body has too many fields.
    #[error("the body has more fields than allowed")]
    Fields,
    /// The body is too long.
    #[error("the body is longer than allowed")]
    Body,
    /// A field could not be encrypted.
    #[error(transparent)]
    Encryption(#[from] EncryptionFailed),
}

impl FormError {
    /// What the access log says.
    pub fn status(self) -> Status {
        match self {
            FormError::Malformed => Status::MalformedInputClientError,
            FormError::Field => Status::FieldLengthLimitClientError,
            FormError::Fields => Status::FieldNumberLimitClientError,
            FormError::Body => Status::RequestLengthLimitClientError,
            FormError::Encryption(EncryptionFailed) => Status::ServerError,
        }
    }
}

impl From<BrokenEscape> for FormError {
    fn from(_: BrokenEscape) -> Self {
        FormError::Malformed
    }
}

/// A body on its way: pieces in, pieces out. Where the pieces begin and end makes no difference.
pub struct FormEncryption {
    secrets: Arc<SecretFields>,
    limits: Limits,
    part: Part,
    escapes: Escapes,
    bytes: u64,
    fields: u64,
    encrypted: u64,
    /// The places of the patterns that meant a field so far.
    met: BTreeSet<usize>,
    failed: Option<FormError>,
}

/// Where in a field the last byte was.
enum Part {
    /// Before the first byte of a field.
    Start,
    /// In a name, of which this much is kept.
    Name(Vec<u8>),
    /// In a value that passes.
    Kept,
    /// In a value to encrypt, of which this much was read.
    Secret(Arc<Recipient>, Vec<u8>),
}

impl FormEncryption {
    /// At the beginning of a body.
    pub fn new(secrets: Arc<SecretFields>, limits: Limits) -> FormEncryption {
        FormEncryption {
            secrets,
            limits,
            part: Part::Start,
            escapes: Escapes::None,
            bytes: 0,
            fields: 0,
            encrypted: 0,
            met: BTreeSet::new(),
            failed: None,
        }
    }

    /// Takes the next piece of the body and appends to `out` what can be forwarded.
    ///
    /// # Errors
    /// The body cannot be forwarded to its end, now and with any further piece. What stands in `out`
    /// already may have been forwarded; it holds no field in the clear that must not be.
    pub fn push(&mut self, piece: &[u8], out: &mut Vec<u8>) -> Result<(), FormError> {
        self.once(|form| piece.iter().try_for_each(|&byte| form.take(byte, out)))
    }

    /// Ends the body, and appends to `out` what was still held back.
    ///
    /// # Errors
    /// As with [`FormEncryption::push`]; the body may end within an escape.
    pub fn finish(&mut self, out: &mut Vec<u8>) -> Result<(), FormError> {
        self.once(|form| form.end_field(out))
    }

    /// How many fields were encrypted so far: the access log's `fle-encrypted-fields`.
    pub fn encrypted_fields(&self) -> u64 {
        self.encrypted
    }

    /// The patterns that have meant no field so far.
    pub fn unmet_patterns(&self) -> impl Iterator<Item = &str> {
        self.secrets
            .patterns()
            .enumerate()
            .filter(|(place, _)| !self.met.contains(place))
            .map(|(_, text)| text)
    }

    /// After a failure nothing is forwarded any more, whatever the caller does.
    fn once(
        &mut self,
        step: impl FnOnce(&mut FormEncryption) -> Result<(), FormError>,
    ) -> Result<(), FormError> {
        if let Some(error) = self.failed {
            return Err(error);
        }
        let result = step(self);
        self.failed = result.err();
        result
    }

    fn take(&mut self, byte: u8, out: &mut Vec<u8>) -> Result<(), FormError> {
        self.bytes += 1;
        self.limits.check_body(self.bytes)?;
        if byte == b'&' {
            self.end_field(out)?;
            out.push(byte);
            return Ok(());
        }
        if matches!(self.part, Part::Start) {
            self.fields += 1;
            if self.fields > self.limits.fields {
                return Err(FormError::Fields);
            }
            self.part = Part::Name(Vec::new());
        }
        if let (Part::Name(name), b'=') = (&self.part, byte) {
            self.escapes.end()?;
            self.part = match self.secrets.recipient_of(name) {
                Some((pattern, recipient)) => {
                    self.met.insert(pattern);
                    Part::Secret(recipient, Vec::new())
                }
                None => Part::Kept,
            };
            out.push(byte);
            return Ok(());
        }
        let character = self.escapes.take(if byte == b'+' { b' ' } else { byte })?;
        match &mut self.part {
            Part::Secret(_, value) => {
                value.extend(character);
                if value.len() > self.limits.field_bytes {
                    return Err(FormError::Field);
                }
            }
            Part::Name(name) => {
                if name.len() < NAME_BYTES {
                    name.extend(character);
                }
                out.push(byte);
            }
            Part::Start | Part::Kept => out.push(byte),
        }
        Ok(())
    }

    fn end_field(&mut self, out: &mut Vec<u8>) -> Result<(), FormError> {
        self.escapes.end()?;
        match std::mem::replace(&mut self.part, Part::Start) {
            Part::Start | Part::Kept => Ok(()),
            Part::Secret(recipient, value) => self.encrypt(&recipient, &value, out),
            // A name alone is a field with an empty value.
            Part::Name(name) => match self.secrets.recipient_of(&name) {
                Some((pattern, recipient)) => {
                    self.met.insert(pattern);
                    out.push(b'=');
                    self.encrypt(&recipient, b"", out)
                }
                None => Ok(()),
            },
        }
    }

    fn encrypt(&mut self, recipient: &Recipient, value: &[u8], out: &mut Vec<u8>) -> Result<(), FormError> {
        let message = recipient.encrypt(value)?;
        out.extend(to_form_value(&message).into_bytes());
        self.encrypted += 1;
        Ok(())
    }
}

#[cfg(test)]
mod tests;

//! One encrypted field: a message of the AWS Encryption SDK (AWS: Message format reference).
//!
//! [`Recipient::encrypt`] writes what CloudFront writes: format version 1, suite 0x0178 (AES-256-GCM with a
//! key derived by HKDF-SHA-256, no signature, no commitment), no encryption context, frames of 4096 bytes,
//! and the data key wrapped with RSA-OAEP, SHA-256 in both of its places. [`PrivateKey::decrypt`] reads that
//! and whatever else the SDK's raw RSA key with the same padding writes: both format versions, all eleven
//! suites, framed or not, signed or not, with or without a context.
//!
//! A message is whole or refused: nothing of it is returned before all of it is verified. What a message
//! says about lengths is never believed before the bytes are there.

mod decrypt;
mod encrypt;
mod error;
mod layout;
mod private_key;
mod suite;
mod text;

pub use decrypt::Expected;
pub use encrypt::{EncryptionFailed, InvalidRecipient, Recipient};
pub use error::Undecryptable;
pub use private_key::{InvalidPrivateKey, PrivateKey};
pub use text::{from_text, to_base64, to_form_value};

/// Plaintext bytes in every frame but the last. The service's own number is not known; any reader takes any.
pub const FRAME_BYTES: usize = 4096;

#[cfg(test)]
mod tests;

//! Secrets at rest: AES-256-GCM under a key that lives in a file beside the store, never in it.

use std::fmt;

use aws_lc_rs::aead::{AES_256_GCM, Aad, Nonce, RandomizedNonceKey};
use aws_lc_rs::rand::{SecureRandom, SystemRandom};
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use keyfront_wire::signature::Secret;

const NONCE_BYTES: usize = 12;

/// The key that seals secrets. `Debug` shows nothing of it.
pub struct SealingKey(RandomizedNonceKey);

/// A secret cannot be sealed or opened.
#[derive(Debug, thiserror::Error)]
pub enum SealError {
    /// The key file does not hold 32 bytes.
    #[error("the key file must hold exactly {} bytes", SealingKey::BYTES)]
    WrongLength,
    /// The secret was sealed under another key, or its record is damaged.
    #[error("the secret cannot be opened: it was sealed under another key file, or its record is damaged")]
    CannotOpen,
    /// The cryptographic library failed, for lack of randomness for example.
    #[error("the cryptographic library failed")]
    Library,
}

impl SealingKey {
    /// Length of the key, in bytes.
    pub const BYTES: usize = 32;

    /// Fresh bytes for a key file.
    pub fn generate() -> Result<[u8; Self::BYTES], SealError> {
        let mut bytes = [0; Self::BYTES];
        SystemRandom::new().fill(&mut bytes).map_err(|_unspecified| SealError::Library)?;
        Ok(bytes)
    }

    /// The key that a key file holds.
    pub fn from_bytes(bytes: &[u8]) -> Result<SealingKey, SealError> {
        if bytes.len() != Self::BYTES {
            return Err(SealError::WrongLength);
        }
        RandomizedNonceKey::new(&AES_256_GCM, bytes)
            .map(SealingKey)
            .map_err(|_unspecified| SealError::Library)
    }

    /// Seals the secret of an access key id, which it is bound to.
    pub(super) fn seal(&self, access_key_id: &str, secret: &str) -> Result<String, SealError> {
        let mut sealed = secret.as_bytes().to_vec();
        let nonce = self.0.seal_in_place_append_tag(Aad::from(access_key_id.as_bytes()), &mut sealed);
        let nonce = nonce.map_err(|_unspecified| SealError::Library)?;
        let mut whole = nonce.as_ref().to_vec();
        whole.append(&mut sealed);
        Ok(STANDARD.encode(whole))
    }

    /// Opens what [`SealingKey::seal`] made for the same access key id.
    pub(super) fn open(&self, access_key_id: &str, sealed: &str) -> Result<Secret, SealError> {
        let mut whole = STANDARD.decode(sealed).map_err(|_not_base64| SealError::CannotOpen)?;
        let (nonce, sealed) = whole.split_at_mut_checked(NONCE_BYTES).ok_or(SealError::CannotOpen)?;
        let nonce = Nonce::try_assume_unique_for_key(nonce).map_err(|_unspecified| SealError::CannotOpen)?;
        let opened = self.0.open_in_place(nonce, Aad::from(access_key_id.as_bytes()), sealed);
        let opened = opened.map_err(|_unspecified| SealError::CannotOpen)?;
        std::str::from_utf8(opened).map(Secret::from).map_err(|_not_utf8| SealError::CannotOpen)
    }
}

impl fmt::Debug for SealingKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("SealingKey(..)")
    }
}

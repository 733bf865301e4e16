//! Encrypts a message.

use aws_lc_rs::aead::Aad;
use aws_lc_rs::error::Unspecified;
use aws_lc_rs::rand;
use aws_lc_rs::rsa::{OAEP_SHA256_MGF1SHA256, OaepPublicEncryptingKey, PublicEncryptingKey};

use super::FRAME_BYTES;
use super::suite::{MessageKey, NONCE_BYTES, Part, Suite, TAG_BYTES, nonce, nonce_of};
use crate::public_key::{KeyKind, PublicKey};

/// AES-256-GCM with HKDF-SHA-256, without signature and commitment. CloudFront's messages have it.
const SUITE: u16 = 0x0178;

/// Before the sequence number of the last frame.
const FINAL_FRAME: [u8; 4] = [0xff; 4];

/// The recipient of a message: its public key, and the names of its key provider and key.
#[derive(Debug)]
pub struct Recipient {
    provider_id: String,
    key_name: String,
    key: OaepPublicEncryptingKey,
}

/// Why a message cannot be encrypted for a recipient.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum InvalidRecipient {
    /// The key is not RSA.
    #[error("field-level encryption needs an RSA key with 2048 bits")]
    NotRsa,
    /// A name is missing or too long.
    #[error("a provider id and a key name have 1 to 128 bytes each")]
    Name,
}

/// The cryptography did not do its work; a plaintext cannot cause that.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("the cryptographic library failed to encrypt a field")]
pub struct EncryptionFailed;

impl From<Unspecified> for EncryptionFailed {
    fn from(_: Unspecified) -> Self {
        EncryptionFailed
    }
}

/// What a message is made with, each used for one message only.
pub(super) struct Secrets<'a> {
    pub(super) message_id: &'a [u8; 16],
    pub(super) data_key: &'a [u8],
    /// The data key as it stands in the message.
    pub(super) wrapped: &'a [u8],
}

impl Recipient {
    /// A recipient with a public key, the provider id of the profile's entity and the name of the key.
    ///
    /// # Errors
    /// A key that is not RSA, or a name without or with more than 128 bytes.
    pub fn new(
        provider_id: impl Into<String>,
        key_name: impl Into<String>,
        key: &PublicKey,
    ) -> Result<Recipient, InvalidRecipient> {
        let (provider_id, key_name) = (provider_id.into(), key_name.into());
        if [&provider_id, &key_name].iter().any(|name| !(1..=128).contains(&name.len())) {
            return Err(InvalidRecipient::Name);
        }
        if key.kind != KeyKind::RsaBits2048 {
            return Err(InvalidRecipient::NotRsa);
        }
        let key = PublicEncryptingKey::from_der(&key.spki).ok().ok_or(InvalidRecipient::NotRsa)?;
        let key = OaepPublicEncryptingKey::new(key).ok().ok_or(InvalidRecipient::NotRsa)?;
        Ok(Recipient { provider_id, key_name, key })
    }

    /// Encrypts a field. The message has 364 bytes more than the plaintext and the two names, and 32 for
    /// every full frame.
    ///
    /// # Errors
    /// The library has no randomness, or no memory.
    pub fn encrypt(&self, plaintext: &[u8]) -> Result<Vec<u8>, EncryptionFailed> {
        let (mut message_id, mut data_key) = ([0; 16], [0; 32]);
        rand::fill(&mut message_id)?;
        rand::fill(&mut data_key)?;
        let mut wrapped = vec![0; self.key.ciphertext_size()];
        let wrapped = self.key.encrypt(&OAEP_SHA256_MGF1SHA256, &data_key, &mut wrapped, None)?;
        self.write(plaintext, &Secrets { message_id: &message_id, data_key: &data_key, wrapped })
    }

    /// Writes a message with given secrets, always the same.
    pub(super) fn write(&self, plaintext: &[u8], secrets: &Secrets<'_>) -> Result<Vec<u8>, EncryptionFailed> {
        let suite = Suite::of(SUITE).ok_or(EncryptionFailed)?;
        let key = suite.message_key(secrets.data_key, secrets.message_id)?;
        let mut message = self.header(secrets)?;
        let tag = key.cipher.seal_in_place_separate_tag(
            nonce_of(nonce(0)),
            Aad::from(message.as_slice()),
            &mut [],
        )?;
        message.extend(nonce(0));
        message.extend(tag.as_ref());
        write_frames(plaintext, secrets.message_id, &key, &mut message)?;
        Ok(message)
    }

    fn header(&self, secrets: &Secrets<'_>) -> Result<Vec<u8>, EncryptionFailed> {
        // Version 1, encrypted data.
        let mut header = vec![1, 0x80];
        header.extend(SUITE.to_be_bytes());
        header.extend(secrets.message_id);
        // No encryption context, one data key.
        header.extend([0, 0, 0, 1]);
        for part in [self.provider_id.as_bytes(), self.key_name.as_bytes(), secrets.wrapped] {
            let length = u16::try_from(part.len()).ok().ok_or(EncryptionFailed)?;
            header.extend(length.to_be_bytes());
            header.extend(part);
        }
        // Frames, four reserved bytes, the length of a nonce.
        header.extend([2, 0, 0, 0, 0, 12]);
        header.extend(u32::try_from(FRAME_BYTES).ok().ok_or(EncryptionFailed)?.to_be_bytes());
        Ok(header)
    }
}

/// As the SDK writes them: full frames, and a last one that is shorter, empty even.
fn write_frames(
    plaintext: &[u8],
    message_id: &[u8],
    key: &MessageKey,
    message: &mut Vec<u8>,
) -> Result<(), EncryptionFailed> {
    let frames = plaintext.len() / FRAME_BYTES;
    message.reserve(plaintext.len() + (frames + 1) * (12 + NONCE_BYTES + TAG_BYTES));
    let (full, last) = plaintext.split_at_checked(frames * FRAME_BYTES).ok_or(EncryptionFailed)?;
    let full = full.chunks(FRAME_BYTES).map(|frame| (Part::Frame, frame));
    let parts = full.chain([(Part::FinalFrame, last)]);
    for (number, (part, frame)) in parts.enumerate() {
        let sequence = u32::try_from(number + 1).ok().filter(|&n| n < u32::MAX).ok_or(EncryptionFailed)?;
        let length = u32::try_from(frame.len()).ok().ok_or(EncryptionFailed)?;
        if part == Part::FinalFrame {
            message.extend(FINAL_FRAME);
        }
        message.extend(sequence.to_be_bytes());
        message.extend(nonce(sequence));
        if part == Part::FinalFrame {
            message.extend(length.to_be_bytes());
        }
        let aad = Aad::from(part.authenticated(message_id, sequence, length.into()));
        let begin = message.len();
        message.extend(frame);
        let content = message.get_mut(begin..).ok_or(EncryptionFailed)?;
        let tag = key.cipher.seal_in_place_separate_tag(nonce_of(nonce(sequence)), aad, content)?;
        message.extend(tag.as_ref());
    }
    Ok(())
}

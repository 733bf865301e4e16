//! Algorithm suites: ciphers, how keys are derived for them, and who signs (AWS: Algorithms reference).

use aws_lc_rs::aead::{self, AES_128_GCM, AES_192_GCM, AES_256_GCM, LessSafeKey, Nonce, UnboundKey};
use aws_lc_rs::error::Unspecified;
use aws_lc_rs::hkdf::{self, HKDF_SHA256, HKDF_SHA384, HKDF_SHA512, KeyType, Salt};
use aws_lc_rs::signature::{
    ECDSA_P256_SHA256_ASN1, ECDSA_P384_SHA384_ASN1, EcdsaVerificationAlgorithm as Signature,
};

/// Bytes of a nonce, in every suite.
pub(super) const NONCE_BYTES: usize = aead::NONCE_LEN;
/// Bytes of an authentication tag, in every suite.
pub(super) const TAG_BYTES: usize = 16;
/// Bytes of a commitment to the key, in the suites that have one.
pub(super) const COMMITMENT_BYTES: usize = 32;

/// One row of the table.
#[derive(Debug)]
pub(super) struct Suite {
    pub(super) id: u16,
    cipher: &'static aead::Algorithm,
    derivation: Derivation,
    /// How a message is signed, if it is.
    pub(super) signature: Option<&'static Signature>,
}

/// How the key of a message comes from its data key.
#[derive(Clone, Copy, Debug)]
enum Derivation {
    /// It is the data key.
    Same,
    /// HKDF with the suite and the message's id.
    Derived(hkdf::Algorithm),
    /// HKDF with the message's id as its salt, and a second value that commits to the data key.
    Committed(hkdf::Algorithm),
}

const fn suite(
    id: u16,
    cipher: &'static aead::Algorithm,
    derivation: Derivation,
    signature: Option<&'static Signature>,
) -> Suite {
    Suite { id, cipher, derivation, signature }
}

static SUITES: [Suite; 11] = {
    use Derivation::{Committed, Derived, Same};
    const P256: Option<&Signature> = Some(&ECDSA_P256_SHA256_ASN1);
    const P384: Option<&Signature> = Some(&ECDSA_P384_SHA384_ASN1);
    [
        suite(0x0014, &AES_128_GCM, Same, None),
        suite(0x0046, &AES_192_GCM, Same, None),
        suite(0x0078, &AES_256_GCM, Same, None),
        suite(0x0114, &AES_128_GCM, Derived(HKDF_SHA256), None),
        suite(0x0146, &AES_192_GCM, Derived(HKDF_SHA256), None),
        suite(0x0178, &AES_256_GCM, Derived(HKDF_SHA256), None),
        suite(0x0214, &AES_128_GCM, Derived(HKDF_SHA256), P256),
        suite(0x0346, &AES_192_GCM, Derived(HKDF_SHA384), P384),
        suite(0x0378, &AES_256_GCM, Derived(HKDF_SHA384), P384),
        suite(0x0478, &AES_256_GCM, Committed(HKDF_SHA512), None),
        suite(0x0578, &AES_256_GCM, Committed(HKDF_SHA512), P384),
    ]
};

/// What a data key becomes for one message.
pub(super) struct MessageKey {
    pub(super) cipher: LessSafeKey,
    /// What the header must say, in the suites that commit to the data key.
    pub(super) commitment: Option<[u8; COMMITMENT_BYTES]>,
}

impl Suite {
    /// The suite of an id.
    pub(super) fn of(id: u16) -> Option<&'static Suite> {
        SUITES.iter().find(|suite| suite.id == id)
    }

    /// Whether its messages hold a commitment. They have another format too, version 2.
    pub(super) fn commits(&self) -> bool {
        matches!(self.derivation, Derivation::Committed(_))
    }

    /// The key of a message. A data key of another length than the suite's is refused.
    pub(super) fn message_key(&self, data_key: &[u8], message_id: &[u8]) -> Result<MessageKey, Unspecified> {
        if data_key.len() != self.cipher.key_len() {
            return Err(Unspecified);
        }
        let id = self.id.to_be_bytes();
        let length = self.cipher.key_len();
        let (key, commitment) = match self.derivation {
            Derivation::Same => (data_key.to_vec(), None),
            Derivation::Derived(hash) => {
                (expand(&Salt::none(hash), data_key, &[&id, message_id], length)?, None)
            }
            Derivation::Committed(hash) => {
                let salt = Salt::new(hash, message_id);
                let mut commitment = [0; COMMITMENT_BYTES];
                salt.extract(data_key)
                    .expand(&[b"COMMITKEY"], Length(COMMITMENT_BYTES))?
                    .fill(&mut commitment)?;
                (expand(&salt, data_key, &[&id, b"DERIVEKEY"], length)?, Some(commitment))
            }
        };
        Ok(MessageKey { cipher: LessSafeKey::new(UnboundKey::new(self.cipher, &key)?), commitment })
    }
}

fn expand(salt: &Salt, secret: &[u8], info: &[&[u8]], length: usize) -> Result<Vec<u8>, Unspecified> {
    let mut key = vec![0; length];
    salt.extract(secret).expand(info, Length(length))?.fill(&mut key)?;
    Ok(key)
}

struct Length(usize);

impl KeyType for Length {
    fn len(&self) -> usize {
        self.0
    }
}

/// The nonce of a frame, and with 0 that of the header.
pub(super) fn nonce(sequence: u32) -> [u8; NONCE_BYTES] {
    let [a, b, c, d] = sequence.to_be_bytes();
    [0, 0, 0, 0, 0, 0, 0, 0, a, b, c, d]
}

/// A nonce as the cipher takes it.
pub(super) fn nonce_of(bytes: [u8; NONCE_BYTES]) -> Nonce {
    Nonce::assume_unique_for_key(bytes)
}

/// What a part of the body is, and thereby what its tag vouches for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Part {
    /// A frame that others follow.
    Frame,
    /// The last frame.
    FinalFrame,
    /// The one part of a body without frames.
    Single,
}

impl Part {
    /// The additional authenticated data (AWS: Body additional authenticated data).
    pub(super) fn authenticated(self, message_id: &[u8], sequence: u32, length: u64) -> Vec<u8> {
        let name: &[u8] = match self {
            Part::Frame => b"AWSKMSEncryptionClient Frame",
            Part::FinalFrame => b"AWSKMSEncryptionClient Final Frame",
            Part::Single => b"AWSKMSEncryptionClient Single Block",
        };
        [message_id, name, &sequence.to_be_bytes(), &length.to_be_bytes()].concat()
    }
}

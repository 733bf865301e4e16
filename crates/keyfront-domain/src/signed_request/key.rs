//! Public keys that are parsed and ready to verify signatures.

use aws_lc_rs::signature::{
    ECDSA_P256_SHA1_ASN1, ECDSA_P256_SHA256_ASN1, ParsedPublicKey,
    RSA_PKCS1_2048_8192_SHA1_FOR_LEGACY_USE_ONLY, RSA_PKCS1_2048_8192_SHA256, VerificationAlgorithm,
};

use crate::public_key::{KeyKind, PublicKey};

/// The hash of a policy that is signed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum HashAlgorithm {
    /// SHA-1, which is meant when nothing is said.
    #[default]
    Sha1,
    /// SHA-256.
    Sha256,
}

impl HashAlgorithm {
    /// Reads the value of `Hash-Algorithm`.
    #[must_use]
    pub fn parse(text: &str) -> Option<HashAlgorithm> {
        [HashAlgorithm::Sha1, HashAlgorithm::Sha256].into_iter().find(|hash| hash.name() == text)
    }

    /// The value of `Hash-Algorithm`.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            HashAlgorithm::Sha1 => "SHA1",
            HashAlgorithm::Sha256 => "SHA256",
        }
    }
}

impl std::fmt::Display for HashAlgorithm {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(self.name())
    }
}

/// A public key that verifies signatures. Parsing it is done once; it is shared by all requests.
///
/// RSA signatures are PKCS #1 v1.5 (RFC 8017, section 8.2); ECDSA signatures are ASN.1 DER.
#[derive(Debug, Clone)]
pub struct VerifyingKey {
    sha1: ParsedPublicKey,
    sha256: ParsedPublicKey,
}

/// The bytes of a public key are not a key of its kind.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("the public key cannot be used to verify signatures")]
pub struct UnusableKey;

impl VerifyingKey {
    /// Makes a public key ready.
    pub fn new(key: &PublicKey) -> Result<VerifyingKey, UnusableKey> {
        let (sha1, sha256): (&'static dyn VerificationAlgorithm, &'static dyn VerificationAlgorithm) =
            match key.kind {
                KeyKind::RsaBits2048 => {
                    (&RSA_PKCS1_2048_8192_SHA1_FOR_LEGACY_USE_ONLY, &RSA_PKCS1_2048_8192_SHA256)
                }
                KeyKind::EcdsaP256 => (&ECDSA_P256_SHA1_ASN1, &ECDSA_P256_SHA256_ASN1),
            };
        let parse = |algorithm| ParsedPublicKey::new(algorithm, &key.spki).map_err(|_rejected| UnusableKey);
        Ok(VerifyingKey { sha1: parse(sha1)?, sha256: parse(sha256)? })
    }

    /// What tells this key from every other one: its public key, in the form in which it was given.
    #[must_use]
    pub fn identity(&self) -> &[u8] {
        self.sha256.as_ref()
    }

    /// Whether the private key's owner signed a message.
    #[must_use]
    pub fn signed(&self, hash: HashAlgorithm, message: &[u8], signature: &[u8]) -> bool {
        let key = match hash {
            HashAlgorithm::Sha1 => &self.sha1,
            HashAlgorithm::Sha256 => &self.sha256,
        };
        key.verify_sig(message, signature).is_ok()
    }
}

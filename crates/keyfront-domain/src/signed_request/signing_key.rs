//! Private keys that sign URLs and cookies.
//!
//! `aws-lc-rs` signs wherever it can. It has no RSA signature over SHA-1, which is what CloudFront expects
//! by default; that one comes from the `rsa` crate, with blinding.

use aws_lc_rs::digest::{self, Digest, SHA1_FOR_LEGACY_USE_ONLY, SHA256};
use aws_lc_rs::encoding::AsDer;
use aws_lc_rs::error::{KeyRejected, Unspecified};
use aws_lc_rs::rand::SystemRandom;
use aws_lc_rs::rsa::KeyPair as RsaKeyPair;
use aws_lc_rs::signature::{ECDSA_P256_SHA256_ASN1_SIGNING, EcdsaKeyPair, KeyPair, RSA_PKCS1_SHA256};
use rsa::pkcs1::DecodeRsaPrivateKey;
use rsa::pkcs8::DecodePrivateKey;
use rsa::{Pkcs1v15Sign, RsaPrivateKey};
use rustls_pki_types::PrivateKeyDer;
use rustls_pki_types::pem::PemObject;

use super::key::HashAlgorithm;
use crate::public_key::{KeyKind, PublicKey};

/// What stands before a SHA-1 hash in a PKCS #1 v1.5 signature (RFC 8017, section 9.2, note 1).
const SHA1_DIGEST_INFO: &[u8] =
    &[0x30, 0x21, 0x30, 0x09, 0x06, 0x05, 0x2b, 0x0e, 0x03, 0x02, 0x1a, 0x05, 0x00, 0x04, 0x14];

/// The only size of RSA keys that CloudFront takes, in bytes.
const RSA_MODULUS_BYTES: usize = 256;

/// A private key: RSA with 2048 bits or ECDSA on P-256. It has no `Debug`.
pub struct SigningKey(Key);

enum Key {
    Rsa { key: Box<RsaKeyPair>, for_sha1: Box<RsaPrivateKey> },
    Ecdsa(Box<EcdsaKeyPair>),
}

/// A private key that cannot be used.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum SigningKeyError {
    /// The text holds no private key.
    #[error("there is no private key here: expected PEM with PRIVATE KEY, RSA PRIVATE KEY or EC PRIVATE KEY")]
    NoKey,
    /// The key needs a password.
    #[error("the private key is encrypted; decrypt it with: openssl pkey -in key.pem -out plain.pem")]
    Encrypted,
    /// An RSA key of another size.
    #[error("the RSA key has {bits} bits; CloudFront takes RSA keys of 2048 bits")]
    RsaSize {
        /// How many it has.
        bits: usize,
    },
    /// Neither RSA nor ECDSA on P-256, or broken.
    #[error("the private key is neither an RSA key nor an ECDSA key on the curve P-256 (prime256v1)")]
    Unusable,
}

/// The library could not sign.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("the private key could not sign")]
pub struct SigningFailed;

impl SigningKey {
    /// Reads a private key from PEM: PKCS #8, PKCS #1 (RSA) or SEC 1 (EC). Other sections, such as the
    /// `EC PARAMETERS` that OpenSSL writes first, are passed over.
    pub fn from_pem(pem: &str) -> Result<SigningKey, SigningKeyError> {
        if pem.contains("-----BEGIN ENCRYPTED PRIVATE KEY-----") || pem.contains("Proc-Type: 4,ENCRYPTED") {
            return Err(SigningKeyError::Encrypted);
        }
        let der = PrivateKeyDer::from_pem_slice(pem.as_bytes()).map_err(|_reason| SigningKeyError::NoKey)?;
        let unusable = |_reason: KeyRejected| SigningKeyError::Unusable;
        match &der {
            PrivateKeyDer::Pkcs1(der) => {
                let key = RsaKeyPair::from_der(der.secret_pkcs1_der()).map_err(unusable)?;
                rsa(key, RsaPrivateKey::from_pkcs1_der(der.secret_pkcs1_der()).ok())
            }
            PrivateKeyDer::Sec1(der) => ecdsa(der.secret_sec1_der()),
            PrivateKeyDer::Pkcs8(der) => match RsaKeyPair::from_pkcs8(der.secret_pkcs8_der()) {
                Ok(key) => rsa(key, RsaPrivateKey::from_pkcs8_der(der.secret_pkcs8_der()).ok()),
                Err(_not_rsa) => ecdsa(der.secret_pkcs8_der()),
            },
            _ => Err(SigningKeyError::Unusable),
        }
    }

    /// The public key that belongs to it.
    pub fn public_key(&self) -> Result<PublicKey, SigningFailed> {
        let (kind, spki) = match &self.0 {
            Key::Rsa { key, .. } => (KeyKind::RsaBits2048, key.public_key().as_der()),
            Key::Ecdsa(key) => (KeyKind::EcdsaP256, key.public_key().as_der()),
        };
        Ok(PublicKey { kind, spki: spki.map_err(failed)?.as_ref().to_vec() })
    }

    /// Signs a message: PKCS #1 v1.5 with RSA, ASN.1 DER with ECDSA.
    pub fn sign(&self, hash: HashAlgorithm, message: &[u8]) -> Result<Vec<u8>, SigningFailed> {
        match (&self.0, hash) {
            (Key::Rsa { for_sha1, .. }, HashAlgorithm::Sha1) => {
                let padding =
                    Pkcs1v15Sign { hash_len: Some(20), prefix: SHA1_DIGEST_INFO.to_vec().into_boxed_slice() };
                let hash = digest::digest(&SHA1_FOR_LEGACY_USE_ONLY, message);
                for_sha1
                    .sign_with_rng(&mut rsa::rand_core::OsRng, padding, hash.as_ref())
                    .map_err(|_reason| SigningFailed)
            }
            (Key::Rsa { key, .. }, HashAlgorithm::Sha256) => {
                let mut signature = vec![0; key.public_modulus_len()];
                key.sign(&RSA_PKCS1_SHA256, &SystemRandom::new(), message, &mut signature).map_err(failed)?;
                Ok(signature)
            }
            (Key::Ecdsa(key), HashAlgorithm::Sha1) => {
                let hash = sha1_for_p256(message).map_err(failed)?;
                key.sign_digest(&hash).map(|signature| signature.as_ref().to_vec()).map_err(failed)
            }
            (Key::Ecdsa(key), HashAlgorithm::Sha256) => key
                .sign(&SystemRandom::new(), message)
                .map(|signature| signature.as_ref().to_vec())
                .map_err(failed),
        }
    }
}

/// A SHA-1 hash in the size that `aws-lc-rs` signs with P-256.
///
/// ECDSA reads a hash as a number, its first byte being the highest (FIPS 186-5, section 6.4.1). Zeros in
/// front do not change the number.
fn sha1_for_p256(message: &[u8]) -> Result<Digest, Unspecified> {
    let mut padded = vec![0; 32 - 20];
    padded.extend_from_slice(digest::digest(&SHA1_FOR_LEGACY_USE_ONLY, message).as_ref());
    Digest::import_less_safe(&padded, &SHA256)
}

fn rsa(key: RsaKeyPair, for_sha1: Option<RsaPrivateKey>) -> Result<SigningKey, SigningKeyError> {
    let bytes = key.public_modulus_len();
    if bytes != RSA_MODULUS_BYTES {
        return Err(SigningKeyError::RsaSize { bits: bytes * 8 });
    }
    let for_sha1 = Box::new(for_sha1.ok_or(SigningKeyError::Unusable)?);
    Ok(SigningKey(Key::Rsa { key: Box::new(key), for_sha1 }))
}

fn ecdsa(der: &[u8]) -> Result<SigningKey, SigningKeyError> {
    EcdsaKeyPair::from_private_key_der(&ECDSA_P256_SHA256_ASN1_SIGNING, der)
        .map(|key| SigningKey(Key::Ecdsa(Box::new(key))))
        .map_err(|_reason| SigningKeyError::Unusable)
}

fn failed(_reason: Unspecified) -> SigningFailed {
    SigningFailed
}

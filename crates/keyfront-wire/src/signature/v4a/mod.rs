//! Signature Version 4A: ECDSA over P-256, with a key pair that follows from the access key.
//!
//! A signature is proven with the public key, as a stranger would, or with the private one ([`V4aProof`]). Deriving the key
//! pair costs as much as half a verification, so what a proof needs is kept.

mod recompute;

use std::fmt;
use std::num::NonZeroUsize;
use std::sync::Arc;

use aws_lc_rs::hmac;
use aws_lc_rs::signature::{
    ECDSA_P256_SHA256_ASN1, ECDSA_P256_SHA256_ASN1_SIGNING, EcdsaKeyPair, KeyPair as _, ParsedPublicKey,
};
use serde::Deserialize;
use zeroize::Zeroizing;

use super::claim::Algorithm;
use super::error::SignatureError;
use super::kept_keys::{Kept, KeptKeys};
use super::secret::Secret;
use super::v4::decode_lower_hex;

pub use recompute::V4aPrivateKey;

/// The order of P-256 minus two (NIST SP 800-186, 3.2.1.3), big-endian.
const ORDER_MINUS_2: [u8; 32] = [
    0xff, 0xff, 0xff, 0xff, 0x00, 0x00, 0x00, 0x00, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xbc,
    0xe6, 0xfa, 0xad, 0xa7, 0x17, 0x9e, 0x84, 0xf3, 0xb9, 0xca, 0xc2, 0xfc, 0x63, 0x25, 0x4f,
];

/// How a SigV4A signature is proven. Both ways accept the same signatures.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum V4aProof {
    /// By verification with the public key.
    Verify,
    /// By recomputation with the private key, which takes less than half of the time of a verification.
    #[default]
    Recompute,
}

/// The public half of an access key's P-256 key pair, ready for verification.
pub struct V4aPublicKey(ParsedPublicKey);

impl V4aPublicKey {
    /// Derives the key pair and keeps its public half.
    ///
    /// [`SignatureError::UnusableKey`] if no key follows from this access key, which has a probability of 2^-8000.
    pub fn derive(access_key_id: &str, secret: &Secret) -> Result<Self, SignatureError> {
        let scalar = private_scalar(access_key_id, secret).ok_or(SignatureError::UnusableKey)?;
        public_key(&scalar).map(Self).ok_or(SignatureError::UnusableKey)
    }

    /// Whether a signature, in DER, is one of this text by this key.
    #[must_use]
    pub fn holds(&self, string_to_sign: &[u8], signature: &[u8]) -> bool {
        self.0.verify_sig(string_to_sign, signature).is_ok()
    }
}

impl AsRef<[u8]> for V4aPublicKey {
    /// The uncompressed point: `04`, X, Y.
    fn as_ref(&self) -> &[u8] {
        self.0.as_ref()
    }
}

impl fmt::Debug for V4aPublicKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "V4aPublicKey({})", hex::encode(self.as_ref()))
    }
}

/// A signature: the DER form of an ECDSA signature in lower-case hexadecimal.
pub(super) fn decode(signature: &str) -> Result<Vec<u8>, SignatureError> {
    // SEQUENCE of two INTEGERs: at least one byte each, at most 33.
    decode_lower_hex(signature)
        .filter(|der| (8..=72).contains(&der.len()))
        .ok_or(SignatureError::MalformedSignature)
}

/// The private scalar: the key derivation in counter mode of NIST SP 800-108 with HMAC-SHA-256, by rejection
/// until the value lies below the order (FIPS 186-5, A.2.2).
fn private_scalar(access_key_id: &str, secret: &Secret) -> Option<Zeroizing<[u8; 32]>> {
    let mut input = Zeroizing::new(Vec::with_capacity(5 + secret.as_bytes().len()));
    input.extend_from_slice(b"AWS4A");
    input.extend_from_slice(secret.as_bytes());
    let key = hmac::Key::new(hmac::HMAC_SHA256, &input);
    (1..=254_u8).find_map(|counter| {
        let mut context = hmac::Context::with_key(&key);
        context.update(&1_u32.to_be_bytes());
        context.update(Algorithm::V4a.name().as_bytes());
        context.update(&[0]);
        context.update(access_key_id.as_bytes());
        context.update(&[counter]);
        // The length of the result in bits.
        context.update(&256_u32.to_be_bytes());
        let mut candidate: Zeroizing<[u8; 32]> = Zeroizing::new(context.sign().as_ref().try_into().ok()?);
        // What the time of this comparison gives away is what one in four thousand million keys have in common.
        if *candidate > ORDER_MINUS_2 {
            return None;
        }
        add_one(&mut candidate);
        Some(candidate)
    })
}

/// Adds one to a big-endian number that is below its maximum, in constant time.
fn add_one(number: &mut [u8; 32]) {
    let mut carry = 1;
    for byte in number.iter_mut().rev() {
        let [high, low] = (u16::from(*byte) + carry).to_be_bytes();
        *byte = low;
        carry = u16::from(high);
    }
}

/// The point that belongs to a scalar.
fn public_key(scalar: &[u8; 32]) -> Option<ParsedPublicKey> {
    ParsedPublicKey::new(&ECDSA_P256_SHA256_ASN1, key_pair(scalar)?.public_key()).ok()
}

/// The library takes scalars as RFC 5915 keys, which here are a frame of constant bytes.
fn key_pair(scalar: &[u8; 32]) -> Option<EcdsaKeyPair> {
    const VERSION_AND_KEY: [u8; 7] = [0x30, 0x31, 0x02, 0x01, 0x01, 0x04, 0x20];
    const PRIME256V1: [u8; 12] = [0xa0, 0x0a, 0x06, 0x08, 0x2a, 0x86, 0x48, 0xce, 0x3d, 0x03, 0x01, 0x07];
    let mut der = Zeroizing::new(Vec::with_capacity(VERSION_AND_KEY.len() + scalar.len() + PRIME256V1.len()));
    der.extend_from_slice(&VERSION_AND_KEY);
    der.extend_from_slice(scalar);
    der.extend_from_slice(&PRIME256V1);
    EcdsaKeyPair::from_private_key_der(&ECDSA_P256_SHA256_ASN1_SIGNING, &der).ok()
}

/// What signatures of one access key are proven with.
pub(super) enum ProvingKey {
    Public(V4aPublicKey),
    Private(V4aPrivateKey),
}

impl ProvingKey {
    fn derive(proof: V4aProof, access_key_id: &str, secret: &Secret) -> Result<Self, SignatureError> {
        match proof {
            V4aProof::Verify => V4aPublicKey::derive(access_key_id, secret).map(Self::Public),
            V4aProof::Recompute => V4aPrivateKey::derive(access_key_id, secret).map(Self::Private),
        }
    }

    /// Whether a signature, in DER, is one of this text by this key.
    pub(super) fn holds(&self, string_to_sign: &[u8], signature: &[u8]) -> bool {
        match self {
            Self::Public(key) => key.holds(string_to_sign, signature),
            Self::Private(key) => key.holds(string_to_sign, signature),
        }
    }
}

/// The keys of the access keys that signed lately.
pub(super) struct V4aKeys {
    proof: V4aProof,
    derived: KeptKeys<ProvingKey>,
}

impl V4aKeys {
    pub(super) fn new(capacity: NonZeroUsize, proof: V4aProof) -> Self {
        Self { proof, derived: KeptKeys::new(capacity) }
    }

    /// The key, from memory if it belongs to this very secret. A changed secret replaces it.
    pub(super) fn get(
        &self,
        access_key_id: &str,
        secret: &Secret,
    ) -> Result<Arc<Kept<ProvingKey>>, SignatureError> {
        if let Some(derived) = self.derived.get(access_key_id, secret) {
            return Ok(derived);
        }
        let key = ProvingKey::derive(self.proof, access_key_id, secret)?;
        // Only existing access keys come here.
        Ok(self.derived.keep(access_key_id, secret, key))
    }
}

#[cfg(test)]
mod tests;

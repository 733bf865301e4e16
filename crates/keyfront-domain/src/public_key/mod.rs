//! Public keys that CloudFront trusts: for signed URLs and cookies, and for field-level encryption.
//!
//! A key is parsed, not pattern-matched: it is PEM of a SubjectPublicKeyInfo (RFC 7468, RFC 5280), and the
//! key in it is RSA with 2048 bits or ECDSA on P-256. What the client sent is kept as it was sent but for the line
//! end behind it, see [`with_final_newline`]. Signatures are verified elsewhere: see [`PublicKey::spki`].

mod config;
mod diagnosis;

use aws_lc_rs::encoding::AsDer;
use aws_lc_rs::rsa::PublicEncryptingKey;
use aws_lc_rs::signature::{ECDSA_P256_SHA256_ASN1, ParsedPublicKey};
use pem_rfc7468::{Decoder, LineEnding};

pub use config::{PublicKeyConfig, with_final_newline};
pub use diagnosis::NotAPublicKey;

/// The longest text that is looked at, in bytes. The longest key that is accepted has less than 500.
const MAX_ENCODED_BYTES: usize = 4096;

/// The one way to write a P-256 key without a choice: a named curve and an uncompressed point of 65 bytes
/// (RFC 5480, sections 2.1.1.1 and 2.2). This is all that stands before the point.
const P256_HEADER: &[u8] = &[
    0x30, 0x59, 0x30, 0x13, 0x06, 0x07, 0x2a, 0x86, 0x48, 0xce, 0x3d, 0x02, 0x01, 0x06, 0x08, 0x2a, 0x86,
    0x48, 0xce, 0x3d, 0x03, 0x01, 0x07, 0x03, 0x42, 0x00,
];

/// A key that was parsed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PublicKey {
    /// What can be done with it.
    pub kind: KeyKind,
    /// The SubjectPublicKeyInfo in DER (RFC 5280, section 4.1), which `aws-lc-rs` takes to verify and to
    /// encrypt.
    pub spki: Vec<u8>,
}

/// The kinds of keys that CloudFront takes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum KeyKind {
    /// RSA with a modulus of 2048 bits: signed URLs and cookies, and field-level encryption.
    RsaBits2048,
    /// ECDSA on the curve P-256: signed URLs and cookies.
    EcdsaP256,
}

/// The text is not a public key that CloudFront takes. The words are the service's, whatever the kind.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("Your request contains empty/invalid/out of limits RSA Encoded Key")]
pub struct InvalidEncodedKey;

impl PublicKey {
    /// Reads the PEM text of a public key. Around it there may be white space and nothing else.
    ///
    /// # Errors
    /// Anything but a SubjectPublicKeyInfo in PEM with a key of one of the [kinds](KeyKind).
    pub fn parse(encoded: &str) -> Result<PublicKey, InvalidEncodedKey> {
        let spki = decode(encoded).ok_or(InvalidEncodedKey)?;
        let kind = if is_rsa_2048(&spki) {
            KeyKind::RsaBits2048
        } else if is_p256(&spki) {
            KeyKind::EcdsaP256
        } else {
            return Err(InvalidEncodedKey);
        };
        Ok(PublicKey { kind, spki })
    }

    /// The key as PEM, as [`PublicKey::parse`] reads it, with a newline at its end.
    ///
    /// # Errors
    /// Bytes that are not a key and too long for PEM.
    pub fn to_pem(&self) -> Result<String, InvalidEncodedKey> {
        pem_rfc7468::encode_string("PUBLIC KEY", LineEnding::LF, &self.spki)
            .map_err(|_too_long| InvalidEncodedKey)
    }
}

impl std::fmt::Display for KeyKind {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(match self {
            KeyKind::RsaBits2048 => "RSA 2048",
            KeyKind::EcdsaP256 => "ECDSA P-256",
        })
    }
}

/// The bytes in a PEM text with the label `PUBLIC KEY`.
fn decode(encoded: &str) -> Option<Vec<u8>> {
    if encoded.len() > MAX_ENCODED_BYTES {
        return None;
    }
    let pem = encoded.trim_ascii();
    // The format allows any text before a key, but this text is a key.
    if !pem.starts_with("-----BEGIN ") {
        return None;
    }
    let mut decoder = Decoder::new_detect_wrap(pem.as_bytes()).ok()?;
    if decoder.type_label() != "PUBLIC KEY" {
        return None;
    }
    let mut spki = Vec::new();
    decoder.decode_to_end(&mut spki).ok()?;
    Some(spki)
}

fn is_rsa_2048(spki: &[u8]) -> bool {
    let Ok(key) = PublicEncryptingKey::from_der(spki) else { return false };
    // What follows the key, or another way to write the same, would not come out again.
    key.key_size_bits() == 2048 && key.as_der().is_ok_and(|der| der.as_ref() == spki)
}

fn is_p256(spki: &[u8]) -> bool {
    let Some(point) = spki.strip_prefix(P256_HEADER) else { return false };
    point.len() == 65 && ParsedPublicKey::new(&ECDSA_P256_SHA256_ASN1, point).is_ok()
}

#[cfg(test)]
mod tests;

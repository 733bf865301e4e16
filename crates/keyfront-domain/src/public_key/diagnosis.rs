//! Diagnoses why a text is not a public key that CloudFront takes, for a person, before anything is sent.
//!
//! The service has one sentence for all of it, see [`InvalidEncodedKey`](super::InvalidEncodedKey).

use rsa::RsaPublicKey;
use rsa::pkcs8::DecodePublicKey;
use rsa::traits::PublicKeyParts;

use super::{MAX_ENCODED_BYTES, PublicKey, decode};

/// What the text is instead of a public key that CloudFront takes.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum NotAPublicKey {
    /// It is empty.
    #[error("it is empty")]
    Empty,
    /// A secret, which must not be sent to any server.
    #[error("it is a private key, which must stay with you; its public key is what you upload")]
    PrivateKey,
    /// A certificate.
    #[error("it is a certificate; the public key in it is what you upload")]
    Certificate,
    /// `ssh-keygen`'s own form.
    #[error("it is a key for SSH, not PEM")]
    Ssh,
    /// An RSA key without the frame that says so (PKCS #1).
    #[error("it is an RSA PUBLIC KEY (PKCS #1); CloudFront takes a PUBLIC KEY (SubjectPublicKeyInfo)")]
    Pkcs1,
    /// No PEM at all.
    #[error("it is not PEM: it does not begin with -----BEGIN PUBLIC KEY-----")]
    NotPem,
    /// PEM without its line ends.
    #[error("its lines were joined into one; PEM needs the line ends, also after BEGIN and before END")]
    JoinedLines,
    /// There is more in the file than the key.
    #[error("there is something after the key; the file must hold the public key alone")]
    TrailingText,
    /// Damaged PEM.
    #[error("its base64 is damaged, or it was cut short")]
    DamagedPem,
    /// Another size of RSA.
    #[error("it is an RSA key with {bits} bits; CloudFront takes RSA keys with 2048 bits")]
    RsaSize {
        /// How many it has.
        bits: usize,
    },
    /// RSA that may be used with PSS only.
    #[error("it is an RSA key for PSS only; CloudFront takes plain RSA keys with 2048 bits")]
    RsaPss,
    /// Another curve, or the curve in another notation.
    #[error(
        "it is an elliptic curve key, but not on the curve P-256 (prime256v1) by its name and with its whole point"
    )]
    Curve,
    /// Another algorithm.
    #[error("it is neither an RSA key with 2048 bits nor an ECDSA key on the curve P-256 (prime256v1)")]
    OtherAlgorithm,
}

impl NotAPublicKey {
    /// The command of a usual tool that makes the right thing of the file, if there is one.
    #[must_use]
    pub fn remedy(&self, file: &str) -> Option<String> {
        let command = match self {
            NotAPublicKey::PrivateKey => format!("openssl pkey -in {file} -pubout"),
            NotAPublicKey::Certificate => format!("openssl x509 -in {file} -noout -pubkey"),
            NotAPublicKey::Ssh => format!("ssh-keygen -f {file} -e -m PKCS8"),
            NotAPublicKey::Pkcs1 => format!("openssl rsa -RSAPublicKey_in -in {file} -pubout"),
            NotAPublicKey::RsaSize { .. }
            | NotAPublicKey::RsaPss
            | NotAPublicKey::Curve
            | NotAPublicKey::OtherAlgorithm => "keyfront keys generate --out keys".to_owned(),
            NotAPublicKey::Empty
            | NotAPublicKey::NotPem
            | NotAPublicKey::JoinedLines
            | NotAPublicKey::TrailingText
            | NotAPublicKey::DamagedPem => return None,
        };
        Some(command)
    }
}

impl PublicKey {
    /// As [`PublicKey::parse`], with the reason in full.
    ///
    /// # Errors
    /// Whatever `parse` refuses.
    pub fn examine(encoded: &str) -> Result<PublicKey, NotAPublicKey> {
        PublicKey::parse(encoded).map_err(|_refused| diagnose(encoded))
    }
}

fn diagnose(encoded: &str) -> NotAPublicKey {
    let text = encoded.trim_ascii();
    let label = text.strip_prefix("-----BEGIN ").and_then(|rest| rest.split_once("-----"));
    match label {
        None if text.is_empty() => NotAPublicKey::Empty,
        _ if text.contains("PRIVATE KEY-----") => NotAPublicKey::PrivateKey,
        None if text.starts_with("ssh-") || text.starts_with("ecdsa-sha2-") => NotAPublicKey::Ssh,
        None if text.starts_with("---- BEGIN SSH2") => NotAPublicKey::Ssh,
        Some(("PUBLIC KEY", rest)) => match decode(text) {
            Some(spki) => other_key(&spki),
            None => damaged(rest),
        },
        Some(("CERTIFICATE" | "TRUSTED CERTIFICATE", _)) => NotAPublicKey::Certificate,
        Some(("RSA PUBLIC KEY", _)) => NotAPublicKey::Pkcs1,
        Some(_) | None => NotAPublicKey::NotPem,
    }
}

/// What is wrong with PEM of the right label, of which the text behind the label is given.
fn damaged(rest: &str) -> NotAPublicKey {
    let Some((body, after)) = rest.split_once("-----END PUBLIC KEY-----") else {
        return NotAPublicKey::DamagedPem;
    };
    if !body.starts_with(['\n', '\r']) || !body.ends_with(['\n', '\r']) {
        NotAPublicKey::JoinedLines
    } else if after.trim_ascii().is_empty() || rest.len() > MAX_ENCODED_BYTES {
        NotAPublicKey::DamagedPem
    } else {
        NotAPublicKey::TrailingText
    }
}

/// The identifiers of algorithms in DER (RFC 8017, appendix C; RFC 5480, section 2.1.1).
const RSA: &[u8] = &[0x2a, 0x86, 0x48, 0x86, 0xf7, 0x0d, 0x01, 0x01, 0x01];
const RSA_PSS: &[u8] = &[0x2a, 0x86, 0x48, 0x86, 0xf7, 0x0d, 0x01, 0x01, 0x0a];
const ELLIPTIC_CURVE: &[u8] = &[0x2a, 0x86, 0x48, 0xce, 0x3d, 0x02, 0x01];

/// What key it is, of those that CloudFront does not take.
fn other_key(spki: &[u8]) -> NotAPublicKey {
    // The identifier stands behind two or three headers of two to four bytes each.
    let beginning = spki.get(..32).unwrap_or(spki);
    let is = |algorithm: &[u8]| beginning.windows(algorithm.len()).any(|window| window == algorithm);
    if is(RSA) {
        let key = RsaPublicKey::from_public_key_der(spki).ok();
        match key.map(|key| key.n().bits()).filter(|bits| *bits != 2048) {
            Some(bits) => NotAPublicKey::RsaSize { bits },
            None => NotAPublicKey::OtherAlgorithm,
        }
    } else if is(RSA_PSS) {
        NotAPublicKey::RsaPss
    } else if is(ELLIPTIC_CURVE) {
        NotAPublicKey::Curve
    } else {
        NotAPublicKey::OtherAlgorithm
    }
}

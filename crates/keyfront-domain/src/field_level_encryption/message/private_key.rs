//! Private keys that decrypt messages.

use aws_lc_rs::encoding::AsDer;
use aws_lc_rs::rsa::{KeyPair, OAEP_SHA256_MGF1SHA256, OaepPrivateDecryptingKey, PrivateDecryptingKey};
use pem_rfc7468::Decoder;

/// The longest text that is looked at, in bytes. A key with 8192 bits has about 6400.
const MAX_ENCODED_BYTES: usize = 16 * 1024;

/// An RSA private key. It prints nothing of itself.
pub struct PrivateKey(OaepPrivateDecryptingKey);

impl std::fmt::Debug for PrivateKey {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("PrivateKey")
    }
}

/// Why a text is not a private key that can be used.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum InvalidPrivateKey {
    /// It is not PEM.
    #[error("it is not a private key in PEM")]
    NotPem,
    /// It is a public key.
    #[error("it is a public key; decrypting needs the private key")]
    Public,
    /// It is protected by a password.
    #[error("it is protected by a password; remove it with: openssl pkey -in FILE -out FILE.open")]
    Encrypted,
    /// It is PEM of something else.
    #[error("it is PEM, but not an RSA private key (PKCS #8 or PKCS #1)")]
    NotRsa,
}

impl PrivateKey {
    /// Reads the PEM text of an RSA key, in PKCS #8 (`BEGIN PRIVATE KEY`) or PKCS #1
    /// (`BEGIN RSA PRIVATE KEY`), which are what OpenSSL's releases write.
    ///
    /// # Errors
    /// Anything else, and keys with a password.
    pub fn parse(pem: &[u8]) -> Result<PrivateKey, InvalidPrivateKey> {
        if pem.len() > MAX_ENCODED_BYTES {
            return Err(InvalidPrivateKey::NotPem);
        }
        let pem = pem.trim_ascii();
        // A header inside a PEM block says that a password protects it; RFC 7468 has no such thing.
        if pem.windows(b"Proc-Type:".len()).any(|text| text == b"Proc-Type:") {
            return Err(InvalidPrivateKey::Encrypted);
        }
        let mut decoder = Decoder::new_detect_wrap(pem).ok().ok_or(InvalidPrivateKey::NotPem)?;
        let mut der = Vec::new();
        let label = decoder.type_label();
        decoder.decode_to_end(&mut der).ok().ok_or(InvalidPrivateKey::NotPem)?;
        let key = match label {
            "PRIVATE KEY" => PrivateDecryptingKey::from_pkcs8(&der).ok(),
            "RSA PRIVATE KEY" => from_pkcs1(&der),
            "ENCRYPTED PRIVATE KEY" => return Err(InvalidPrivateKey::Encrypted),
            "PUBLIC KEY" | "RSA PUBLIC KEY" => return Err(InvalidPrivateKey::Public),
            _ => None,
        };
        let key = key.and_then(|key| OaepPrivateDecryptingKey::new(key).ok());
        Ok(PrivateKey(key.ok_or(InvalidPrivateKey::NotRsa)?))
    }

    /// The data key in a wrapped one, if this key opens it.
    pub(super) fn unwrap_data_key(&self, wrapped: &[u8]) -> Option<Vec<u8>> {
        if wrapped.len() != self.0.key_size_bytes() {
            return None;
        }
        let mut data_key = vec![0; self.0.min_output_size()];
        Some(self.0.decrypt(&OAEP_SHA256_MGF1SHA256, wrapped, &mut data_key, None).ok()?.to_vec())
    }
}

/// The library decrypts with PKCS #8 only, but can write it.
fn from_pkcs1(der: &[u8]) -> Option<PrivateDecryptingKey> {
    let pkcs8 = KeyPair::from_der(der).ok()?.as_der().ok()?;
    PrivateDecryptingKey::from_pkcs8(pkcs8.as_ref()).ok()
}

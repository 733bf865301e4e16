//! Signature Version 4: a chain of keyed hashes, then one more over the string to sign.

use aws_lc_rs::hmac::{self, HMAC_SHA256, Key};
use zeroize::Zeroizing;

use super::claim::Credential;
use super::error::SignatureError;
use super::secret::Secret;

/// The key for one day, region and service. Four hashes cost about 2 µs, so it is made anew each time.
pub(super) fn signing_key(secret: &Secret, credential: &Credential<'_>) -> Key {
    let mut initial = Zeroizing::new(Vec::with_capacity(4 + secret.as_bytes().len()));
    initial.extend_from_slice(b"AWS4");
    initial.extend_from_slice(secret.as_bytes());
    let scope = credential.scope().split('/');
    scope.fold(Key::new(HMAC_SHA256, &initial), |key, element| {
        Key::new(HMAC_SHA256, hmac::sign(&key, element.as_bytes()).as_ref())
    })
}

/// Compares in constant time.
pub(super) fn holds(key: &Key, string_to_sign: &[u8], signature: &[u8]) -> bool {
    hmac::verify(key, string_to_sign, signature).is_ok()
}

/// A signature: 32 bytes in lower-case hexadecimal.
pub(super) fn decode(signature: &str) -> Result<Vec<u8>, SignatureError> {
    decode_lower_hex(signature).filter(|bytes| bytes.len() == 32).ok_or(SignatureError::MalformedSignature)
}

/// Only lower case, so that one signature has one spelling.
pub(super) fn decode_lower_hex(text: &str) -> Option<Vec<u8>> {
    if text.bytes().any(|byte| byte.is_ascii_uppercase()) {
        return None;
    }
    hex::decode(text).ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn one_signature_has_one_spelling() {
        for (text, bytes) in [
            ("", Some(vec![])),
            ("00ff7a", Some(vec![0, 255, 0x7a])),
            ("0", None),
            ("0F", None),
            ("fF", None),
            ("0g", None),
            ("+1", None),
            ("0x", None),
            ("\u{fc}", None),
        ] {
            assert_eq!(decode_lower_hex(text), bytes, "{text}");
        }
    }
}

//! Signature Version 4: a chain of keyed hashes, then one more over the string to sign.

use std::num::NonZeroUsize;

use aws_lc_rs::hmac::{self, HMAC_SHA256, Key};
use zeroize::Zeroizing;

use super::claim::Credential;
use super::error::SignatureError;
use super::kept_keys::KeptKeys;
use super::secret::Secret;

/// The keys of the credentials and scopes that signed lately. To derive one takes as long as half of a verification.
pub(super) struct SigningKeys(KeptKeys<Key>);

impl SigningKeys {
    pub(super) fn new(capacity: NonZeroUsize) -> Self {
        Self(KeptKeys::new(capacity))
    }

    /// Whether `proof` succeeds with the key of a credential, whose secret this is.
    ///
    /// A key is kept only after that: a scope can name any region, and a stranger who knows an access key id could fill the cache
    /// with such keys without ever having signed.
    pub(super) fn prove(
        &self,
        credential: &Credential<'_>,
        secret: &Secret,
        proof: impl FnOnce(&Key) -> bool,
    ) -> bool {
        if let Some(kept) = self.0.get(credential.text(), secret) {
            return proof(&kept.key);
        }
        let key = signing_key(secret, credential);
        let holds = proof(&key);
        if holds {
            self.0.keep(credential.text(), secret, key);
        }
        holds
    }
}

/// The key for one day, region and service.
fn signing_key(secret: &Secret, credential: &Credential<'_>) -> Key {
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
    use std::borrow::Cow;

    use super::super::claim::Algorithm;
    use super::*;

    fn credential(text: &str) -> Credential<'_> {
        Credential::parse(Cow::Borrowed(text), Algorithm::V4).unwrap()
    }

    #[test]
    fn a_key_is_kept_once_something_was_proven_with_it() {
        let keys = SigningKeys::new(NonZeroUsize::new(8).unwrap());
        let (own, other) = (Secret::from("own"), Secret::from("other"));
        let (first, second) =
            ("AKID/20261130/us-east-1/s/aws4_request", "AKID/20261130/us-east-2/s/aws4_request");
        for (text, secret, proven, kept) in [
            (first, &own, false, 0),
            (first, &own, true, 1),
            (first, &own, false, 1),
            (second, &own, false, 1),
            (second, &own, true, 2),
            // Another secret takes the place of the one before.
            (first, &other, false, 2),
            (first, &other, true, 2),
        ] {
            let credential = credential(text);
            let expected = hmac::sign(&signing_key(secret, &credential), b"text");
            let proof = |key: &Key| holds(key, b"text", expected.as_ref()) && proven;
            assert_eq!(keys.prove(&credential, secret, proof), proven, "{text}");
            assert_eq!(keys.0.len(), kept, "{text}");
        }
    }

    #[test]
    fn no_more_keys_are_kept_than_the_capacity() {
        let keys = SigningKeys::new(NonZeroUsize::new(3).unwrap());
        for day in 10..30 {
            let text = format!("AKID/202611{day}/us-east-1/s/aws4_request");
            assert!(keys.prove(&credential(&text), &Secret::from("secret"), |_key| true));
            assert!((1..=3).contains(&keys.0.len()));
        }
    }

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

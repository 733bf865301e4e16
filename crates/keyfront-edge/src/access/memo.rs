//! Signatures that were found to hold: a viewer who asks again with the same one costs no further verification.
//!
//! Only that a key signed a message is remembered, and only if it did. Whether the key is still trusted, and whether the
//! policy lets this request pass now, is decided each time.

use std::hash::{BuildHasher, Hasher, RandomState};

use keyfront_domain::signed_request::{HashAlgorithm, VerifyingKey};

/// How many signatures are remembered. Each takes about 40 bytes.
const REMEMBERED: usize = 16_384;

/// Signatures that hold, by a digest of key, hash, message and signature. The digest is keyed, so that it cannot be aimed
/// at: a viewer does not know the key, and never sees a digest.
pub(crate) struct SignatureMemo {
    holding: quick_cache::sync::Cache<u128, ()>,
    keys: [RandomState; 2],
}

impl SignatureMemo {
    pub(crate) fn new() -> SignatureMemo {
        let keys = [RandomState::new(), RandomState::new()];
        SignatureMemo { holding: quick_cache::sync::Cache::new(REMEMBERED), keys }
    }

    /// Whether a key signed a message.
    pub(crate) fn signed(
        &self,
        key: &VerifyingKey,
        hash: HashAlgorithm,
        message: &[u8],
        signature: &[u8],
    ) -> bool {
        let digest = self.digest(key, hash, message, signature);
        if self.holding.get(&digest).is_some() {
            return true;
        }
        let holds = key.signed(hash, message, signature);
        if holds {
            self.holding.insert(digest, ());
        }
        holds
    }

    fn digest(&self, key: &VerifyingKey, hash: HashAlgorithm, message: &[u8], signature: &[u8]) -> u128 {
        let [high, low] = self.keys.each_ref().map(|keyed| {
            let mut hasher = keyed.build_hasher();
            for part in [key.identity(), hash.name().as_bytes(), message, signature] {
                hasher.write_usize(part.len());
                hasher.write(part);
            }
            u128::from(hasher.finish())
        });
        (high << 64) | low
    }
}

#[cfg(test)]
mod tests {
    use keyfront_domain::public_key::KeyKind;
    use keyfront_domain::signed_request::{SigningKey, generate};

    use super::*;

    fn key() -> (SigningKey, VerifyingKey) {
        let signing = SigningKey::from_pem(&generate(KeyKind::EcdsaP256).unwrap().private_pem).unwrap();
        let verifying = VerifyingKey::new(&signing.public_key().unwrap()).unwrap();
        (signing, verifying)
    }

    #[test]
    fn a_signature_is_remembered_for_its_key_hash_and_message_alone() {
        let (memo, (signing, verifying), (_, other)) = (SignatureMemo::new(), key(), key());
        let signature = signing.sign(HashAlgorithm::Sha1, b"message").unwrap();
        for _ in 0..2 {
            assert!(memo.signed(&verifying, HashAlgorithm::Sha1, b"message", &signature));
            assert!(!memo.signed(&verifying, HashAlgorithm::Sha256, b"message", &signature));
            assert!(!memo.signed(&verifying, HashAlgorithm::Sha1, b"massage", &signature));
            assert!(!memo.signed(&other, HashAlgorithm::Sha1, b"message", &signature));
        }
        assert_eq!(memo.holding.len(), 1);
    }
}

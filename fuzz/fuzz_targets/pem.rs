//! Keys in PEM, public and private. A public key that is accepted can verify.
#![no_main]

use keyfront_domain::public_key::PublicKey;
use keyfront_domain::signed_request::{HashAlgorithm, SigningKey, VerifyingKey};
use libfuzzer_sys::fuzz_target;

fuzz_target!(|pem: &str| {
    if let Ok(key) = PublicKey::parse(pem) {
        let key = VerifyingKey::new(&key).expect("an accepted key verifies");
        assert!(!key.signed(HashAlgorithm::Sha1, b"message", b"signature"));
    }
    if let Ok(key) = SigningKey::from_pem(pem) {
        key.public_key().expect("a private key has a public key");
    }
});

//! Bytes that may be a message of the AWS Encryption SDK, or its text: refused, never harmful.
#![no_main]

use std::sync::LazyLock;

use keyfront_domain::field_level_encryption::message::{Expected, PrivateKey, from_text};
use libfuzzer_sys::fuzz_target;

static KEY: LazyLock<PrivateKey> = LazyLock::new(|| {
    let pem = include_str!("../../crates/keyfront-testkit/fixtures/public-keys/rsa-2048-private.pem");
    PrivateKey::parse(pem.as_bytes()).expect("a private key")
});

fuzz_target!(|bytes: &[u8]| {
    for message in [Some(bytes.to_vec()), from_text(bytes).ok()].into_iter().flatten() {
        if let Ok(plaintext) = KEY.decrypt(&message, Expected::default()) {
            // With the public key anyone can write one.
            assert!(plaintext.len() < message.len());
        }
    }
});

//! A form's body, whole and cut in two: the same outcome, the same fields encrypted, the same fields kept.
#![no_main]

use std::sync::{Arc, LazyLock};

use keyfront_domain::field_level_encryption::form::{FormEncryption, FormError, Limits, SecretFields};
use keyfront_domain::field_level_encryption::message::Recipient;
use keyfront_domain::public_key::PublicKey;
use libfuzzer_sys::fuzz_target;

static SECRETS: LazyLock<Arc<SecretFields>> = LazyLock::new(|| {
    let pem = include_str!("../../crates/keyfront-testkit/fixtures/public-keys/rsa-2048.pem");
    let key = PublicKey::parse(pem).expect("a public key");
    let recipient = Recipient::new("provider", "name", &key).expect("a recipient");
    let patterns = ["a".to_owned(), "b*".to_owned()];
    Arc::new(SecretFields::default().with(recipient, &patterns).expect("patterns"))
});

const LIMITS: Limits = Limits { body_bytes: 4096, fields: 10, field_bytes: 64 };

fn run(pieces: &[&[u8]]) -> (Result<(), FormError>, u64, usize) {
    let mut form = FormEncryption::new(Arc::clone(&SECRETS), LIMITS);
    let mut out = Vec::new();
    let result = pieces.iter().try_for_each(|piece| form.push(piece, &mut out));
    let result = result.and_then(|()| form.finish(&mut out));
    // Messages differ in every run, so they are counted only.
    let kept = String::from_utf8_lossy(&out).split('&').filter(|field| !field.contains("=AYAB")).count();
    (result, form.encrypted_fields(), kept)
}

fuzz_target!(|bytes: &[u8]| {
    let (&first, body) = bytes.split_first().unwrap_or((&0, &[]));
    let cut = usize::from(first).min(body.len());
    assert_eq!(run(&[body]), run(&[&body[..cut], &body[cut..]]));
});

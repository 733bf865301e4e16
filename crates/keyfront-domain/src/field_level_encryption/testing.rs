//! Keys and recipients for the tests of messages and forms.

use super::message::{PrivateKey, Recipient};
use crate::public_key::PublicKey;

/// A file of the fixtures.
macro_rules! fixture {
    ($name:literal) => {
        include_str!(concat!(env!("CARGO_MANIFEST_DIR"), "/../keyfront-testkit/fixtures/", $name))
    };
}
pub(super) use fixture;

pub(super) const PROVIDER: &str = "FLEDemo";
pub(super) const KEY_NAME: &str = "ExampleKey";
pub(super) const PEM: &str = fixture!("public-keys/rsa-2048.pem");

/// The recipient whose private key is [`private_key`].
pub(super) fn recipient() -> Recipient {
    Recipient::new(PROVIDER, KEY_NAME, &PublicKey::parse(PEM).unwrap()).unwrap()
}

/// The key that belongs to [`PEM`].
pub(super) fn private_key() -> PrivateKey {
    PrivateKey::parse(fixture!("public-keys/rsa-2048-private.pem").as_bytes()).unwrap()
}

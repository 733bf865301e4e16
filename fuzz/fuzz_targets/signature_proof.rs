//! SigV4A signatures in DER: the proof by recomputation says of each what verification says.
#![no_main]

use std::sync::LazyLock;

use keyfront_wire::signature::{Secret, V4aPrivateKey, V4aPublicKey};
use libfuzzer_sys::fuzz_target;

const ACCESS_KEY_ID: &str = "AKIDEXAMPLE";

static KEYS: LazyLock<Option<(V4aPrivateKey, V4aPublicKey)>> = LazyLock::new(|| {
    let secret = Secret::from("wJalrXUtnFEMI/K7MDENG+bPxRfiCYEXAMPLEKEY");
    let private = V4aPrivateKey::derive(ACCESS_KEY_ID, &secret).ok()?;
    Some((private, V4aPublicKey::derive(ACCESS_KEY_ID, &secret).ok()?))
});

// The first byte is the length of the text that was signed, which follows; the rest is the signature.
fuzz_target!(|bytes: &[u8]| {
    let Some((length, rest)) = bytes.split_first() else { return };
    let Some((text, signature)) = rest.split_at_checked((*length).into()) else { return };
    let Some((private, public)) = KEYS.as_ref() else { panic!("a key follows from this secret") };
    assert_eq!(private.holds(text, signature), public.holds(text, signature));
});

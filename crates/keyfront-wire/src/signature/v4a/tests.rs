//! Tests of SigV4A: derived keys and signatures.

use aws_sigv4::sign::v4a::{calculate_signature, generate_signing_key};
use proptest::prelude::*;

use super::*;

fn keys(capacity: usize) -> V4aKeys {
    V4aKeys::new(NonZeroUsize::new(capacity).unwrap(), V4aProof::default())
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(200))]

    #[test]
    fn the_key_pair_is_the_one_that_the_official_signer_derives(id in "[A-Z0-9]{1,40}", secret in ".{1,80}") {
        let official = generate_signing_key(&id, &secret);
        let secret = Secret::from(secret);
        let scalar = private_scalar(&id, &secret).unwrap();
        prop_assert_eq!(scalar.as_slice(), official.as_ref());
        // The public key is right if it accepts what the private one signed.
        let signature = decode(&calculate_signature(&official, b"text")).unwrap();
        let key = V4aPublicKey::derive(&id, &secret).unwrap();
        prop_assert!(key.holds(b"text", &signature));
        prop_assert!(!key.holds(b"test", &signature));
        let key = V4aPrivateKey::derive(&id, &secret).unwrap();
        prop_assert!(key.holds(b"text", &signature));
        prop_assert!(!key.holds(b"test", &signature));
    }
}

#[test]
fn adding_one_carries() {
    let mut number = [0; 32];
    number[31] = 0xff;
    number[30] = 0xff;
    add_one(&mut number);
    assert_eq!(number[29..], [1, 0, 0]);
}

#[test]
fn a_key_is_derived_once_for_a_secret_and_again_for_another() {
    let keys = keys(8);
    let first = keys.get("AKID", &"one".into()).unwrap();
    assert!(Arc::ptr_eq(&first, &keys.get("AKID", &"one".into()).unwrap()));
    let second = keys.get("AKID", &"two".into()).unwrap();
    assert!(!Arc::ptr_eq(&first, &second));
    assert!(Arc::ptr_eq(&second, &keys.get("AKID", &"two".into()).unwrap()));
    assert_eq!(keys.derived.len(), 1);
}

#[test]
fn no_more_keys_are_kept_than_the_capacity() {
    let keys = keys(3);
    for id in 0..20 {
        keys.get(&format!("AKID{id}"), &"secret".into()).unwrap();
        assert!((1..=3).contains(&keys.derived.len()));
    }
}

#[test]
fn a_signature_is_lower_case_hexadecimal_of_a_plausible_length() {
    for signature in ["", "30", "zz", &"A".repeat(140), &"a".repeat(139), &"a".repeat(146)] {
        assert_eq!(decode(signature), Err(SignatureError::MalformedSignature), "{signature}");
    }
    assert_eq!(decode(&"a".repeat(140)).map(|der| der.len()), Ok(70));
}

#[test]
fn debug_shows_the_public_half_only() {
    let secret = Secret::from("wJalrXUtnFEMI/K7MDENG+bPxRfiCYEXAMPLEKEY");
    let key = V4aPublicKey::derive("AKIDEXAMPLE", &secret).unwrap();
    assert!(format!("{key:?}").starts_with("V4aPublicKey(04b6618f6a65740a99"));
    assert_eq!(format!("{secret:?}"), "Secret(..)");
}

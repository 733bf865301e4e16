//! Verification of a whole `GetKey`, and of the bare signature of the same length.

use std::hint::black_box;

use aws_lc_rs::rand::SystemRandom;
use aws_lc_rs::signature::{
    ECDSA_P256_SHA256_ASN1, ECDSA_P256_SHA256_ASN1_SIGNING, EcdsaKeyPair, KeyPair, ParsedPublicKey,
};
use bytes::Bytes;
use divan::Bencher;
use http::Request;
use keyfront_testkit::signing::{Algorithm, Signer};
use keyfront_wire::signature::{Claim, Expectation, RequestView, Verifier};
use time::OffsetDateTime;
use time::macros::datetime;

use crate::ARN;

const SERVICE: &str = "cloudfront-keyvaluestore";
const NOW: OffsetDateTime = datetime!(2026-11-22 03:31:32 UTC);

#[divan::bench]
fn ecdsa_p256_alone(bencher: Bencher<'_, '_>) {
    // As long as a string to sign.
    let message = [b'x'; 135];
    let pair = EcdsaKeyPair::generate(&ECDSA_P256_SHA256_ASN1_SIGNING).unwrap();
    let signature = pair.sign(&SystemRandom::new(), &message).unwrap();
    let key = ParsedPublicKey::new(&ECDSA_P256_SHA256_ASN1, pair.public_key()).unwrap();
    bencher.bench(|| key.verify_sig(black_box(&message), signature.as_ref()).unwrap());
}

#[divan::bench]
fn v4a_get_key(bencher: Bencher<'_, '_>) {
    get_key(bencher, &Signer::data_plane("test", "test"));
}

#[divan::bench]
fn v4_get_key(bencher: Bencher<'_, '_>) {
    let algorithm = Algorithm::V4 { region: "us-east-1".to_owned() };
    get_key(bencher, &Signer::new("test", "test", SERVICE, algorithm));
}

fn get_key(bencher: Bencher<'_, '_>, signer: &Signer) {
    let uri = format!("http://000000000000.localhost:4700/key-value-stores/{ARN}/keys/some%2Fkey");
    let request = signer.sign(Request::get(uri).body(Bytes::new()).unwrap(), NOW);
    let (parts, body) = request.into_parts();
    let (verifier, secret, expected) = (Verifier::default(), "test".into(), Expectation::new(SERVICE));
    bencher.bench(|| {
        let claim = Claim::parse(RequestView::from(black_box(&parts))).unwrap();
        verifier.verify(&claim, &body, &secret, NOW, &expected).unwrap();
    });
}

//! Verification of a whole signed URL and of its policy alone, beside the bare signature.

use std::hint::black_box;
use std::net::IpAddr;
use std::sync::LazyLock;

use aws_lc_rs::encoding::AsDer;
use aws_lc_rs::rand::SystemRandom;
use aws_lc_rs::rsa::{KeyPair, KeySize};
use aws_lc_rs::signature::{KeyPair as _, ParsedPublicKey, RSA_PKCS1_2048_8192_SHA256, RSA_PKCS1_SHA256};
use divan::Bencher;
use keyfront_domain::public_key::{KeyKind, PublicKey};
use keyfront_domain::signed_request::{
    CustomPolicy, Policy, SourceIp, Url, VerifyingKey, ViewerRequest, base64, canned_text, verify,
};

const HOST: &str = "d111111abcdef8.cloudfront.net";
const TARGET: &str = "/images/2026/11/image.jpg?size=large";
const URL: Url<'_> = Url { scheme: "https", host: HOST, target: TARGET };
const VIEWER: [u8; 4] = [192, 0, 2, 7];

static PAIR: LazyLock<KeyPair> = LazyLock::new(|| KeyPair::generate(KeySize::Rsa2048).unwrap());

fn custom() -> String {
    let resource = "https://*.cloudfront.net/images/*";
    let source_ip = SourceIp::parse("192.0.2.0/24");
    CustomPolicy { resource, expires: 1_800_000_000, not_before: Some(1), source_ip }.to_json()
}

fn sign(message: &str) -> Vec<u8> {
    let mut signature = vec![0; PAIR.public_modulus_len()];
    PAIR.sign(&RSA_PKCS1_SHA256, &SystemRandom::new(), message.as_bytes(), &mut signature).unwrap();
    signature
}

fn spki() -> Vec<u8> {
    PAIR.public_key().as_der().unwrap().as_ref().to_vec()
}

#[divan::bench]
fn rsa_2048_alone(bencher: Bencher<'_, '_>) {
    let message = canned_text(URL, "1800000000");
    let signature = sign(&message);
    let key = ParsedPublicKey::new(&RSA_PKCS1_2048_8192_SHA256, spki()).unwrap();
    bencher.bench(|| key.verify_sig(black_box(message.as_bytes()), &signature).unwrap());
}

#[divan::bench]
fn canned_url(bencher: Bencher<'_, '_>) {
    let signature = sign(&canned_text(URL, "1800000000"));
    verify_url(bencher, "Expires=1800000000", &signature);
}

#[divan::bench]
fn custom_url(bencher: Bencher<'_, '_>) {
    let policy = custom();
    verify_url(bencher, &format!("Policy={}", base64::encode(policy.as_bytes())), &sign(&policy));
}

/// Reading a policy and holding a request against it.
#[divan::bench]
fn custom_policy_alone(bencher: Bencher<'_, '_>) {
    let json = custom();
    bencher.bench(|| {
        let policy = Policy::parse(black_box(json.as_bytes())).unwrap();
        policy.violations(URL, VIEWER.into(), 2).next()
    });
}

fn verify_url(bencher: Bencher<'_, '_>, terms: &str, signature: &[u8]) {
    let signature = base64::encode(signature);
    let target = format!("{TARGET}&{terms}&Signature={signature}&Key-Pair-Id=K&Hash-Algorithm=SHA256");
    let key = VerifyingKey::new(&PublicKey { kind: KeyKind::RsaBits2048, spki: spki() }).unwrap();
    let viewer_ip = IpAddr::from(VIEWER);
    bencher.bench(|| {
        let target = black_box(target.as_str());
        let request = ViewerRequest { scheme: "https", host: HOST, target, cookies: &[], viewer_ip, now: 2 };
        verify(&request, |id| (id == "K").then_some(&key)).unwrap()
    });
}

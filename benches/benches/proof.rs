//! A SigV4A signature proven by recomputation, beside its verification by aws-lc-rs: both in turns in one run, and the ratio.
//!
//! The time of either moves with the machine's load; the ratio is what counts.
#![expect(clippy::unwrap_used, reason = "a benchmark that cannot be set up has nothing to measure")]
#![expect(clippy::print_stdout, reason = "its only output is the terminal")]
#![expect(clippy::disallowed_methods, reason = "measuring time is what it is for")]

use std::hint::black_box;
use std::time::{Duration, Instant};

use aws_sigv4::sign::v4a::{calculate_signature, generate_signing_key};
use bytes::Bytes;
use http::Request;
use keyfront_testkit::signing::{Algorithm, Signer};
use keyfront_wire::signature::{
    Claim, Expectation, KEPT_KEYS, RequestView, Secret, V4aPrivateKey, V4aProof, V4aPublicKey, Verifier,
};
use time::OffsetDateTime;
use time::macros::datetime;

const SERVICE: &str = "cloudfront-keyvaluestore";
const NOW: OffsetDateTime = datetime!(2026-11-22 03:31:32 UTC);
/// How often each is measured, in turns.
const ROUNDS: usize = 41;
/// Proofs on the clock in one round.
const PROOFS: u32 = 200;

/// What is measured, with its name.
type Row<'p> = (&'static str, Box<dyn Fn() + 'p>);

fn main() {
    let secret = Secret::from("test");
    let private = V4aPrivateKey::derive("test", &secret).unwrap();
    let public = V4aPublicKey::derive("test", &secret).unwrap();
    // Of the SDKs' signer, over a text as long as a string to sign.
    let text = [b'x'; 135];
    let signature = hex::decode(calculate_signature(generate_signing_key("test", "test"), &text)).unwrap();
    let v4 = Signer::new("test", "test", SERVICE, Algorithm::V4 { region: "us-east-1".to_owned() });
    let rows: [Row<'_>; 5] = [
        ("P-256 verification by aws-lc-rs", Box::new(|| assert!(public.holds(black_box(&text), &signature)))),
        ("P-256 recomputation", Box::new(|| assert!(private.holds(black_box(&text), &signature)))),
        ("GetKey with SigV4A, verified", get_key(&Signer::data_plane("test", "test"), V4aProof::Verify)),
        ("GetKey with SigV4A, recomputed", get_key(&Signer::data_plane("test", "test"), V4aProof::Recompute)),
        ("GetKey with SigV4", get_key(&v4, V4aProof::Verify)),
    ];
    let mut times = vec![Vec::with_capacity(ROUNDS); rows.len()];
    for _ in 0..ROUNDS {
        for ((_, prove), times) in rows.iter().zip(&mut times) {
            let began = Instant::now();
            (0..PROOFS).for_each(|_| prove());
            times.push(began.elapsed() / PROOFS);
        }
    }
    let medians: Vec<Duration> = times.iter_mut().map(|times| median(times)).collect();
    let verification = medians.first().map_or(1.0, Duration::as_secs_f64);
    println!("{:<34} {:>9} {:>18}", "", "median", "of a verification");
    for ((name, _), median) in rows.iter().zip(&medians) {
        let micros = median.as_secs_f64() * 1e6;
        println!("{name:<34} {micros:>6.1} µs {:>18.2}", median.as_secs_f64() / verification);
    }
}

/// The whole of a request's proof: its claim read, its canonical form made, and the signature proven.
fn get_key(signer: &Signer, proof: V4aProof) -> Box<dyn Fn()> {
    let arn =
        "arn%3Aaws%3Acloudfront%3A%3A000000000000%3Akey-value-store%2F54947df8-0e9e-4471-a2f9-9af509fb5889";
    let uri = format!("http://000000000000.localhost:4700/key-value-stores/{arn}/keys/some%2Fkey");
    let (parts, body) = signer.sign(Request::get(uri).body(Bytes::new()).unwrap(), NOW).into_parts();
    let (verifier, secret) = (Verifier::new(KEPT_KEYS, proof), Secret::from("test"));
    Box::new(move || {
        let claim = Claim::parse(RequestView::from(black_box(&parts))).unwrap();
        verifier.verify(&claim, &body, &secret, NOW, &Expectation::new(SERVICE)).unwrap();
    })
}

fn median(times: &mut [Duration]) -> Duration {
    times.sort_unstable();
    times.get(times.len() / 2).copied().unwrap_or_default()
}

//! Signatures against AWS's own vectors, the official signer, and everything that must not pass.

#![cfg(test)]

mod captures;
mod properties;
mod refusals;
mod round_trips;
mod suite;
mod vectors;

use bytes::Bytes;
use http::Request;
use keyfront_testkit::signing::Signer;
use keyfront_wire::signature::{
    Claim, Expectation, KEPT_KEYS, RequestView, Secret, SignatureError, V4aProof, Verifier,
};
use time::OffsetDateTime;
use time::macros::datetime;

const ID: &str = "AKIDEXAMPLE";
const SECRET: &str = "wJalrXUtnFEMI/K7MDENG+bPxRfiCYEXAMPLEKEY";
const NOW: OffsetDateTime = datetime!(2026-11-22 03:31:32 UTC);

const CONTROL: Expectation<'_> = Expectation { region: Some("us-east-1"), ..Expectation::new("cloudfront") };
const DATA: Expectation<'_> =
    Expectation { region: Some("us-east-1"), ..Expectation::new("cloudfront-keyvaluestore") };

fn control() -> Signer {
    Signer::control_plane(ID, SECRET)
}

fn data() -> Signer {
    Signer::data_plane(ID, SECRET)
}

/// Reads and verifies, as a server does, with the one secret that it knows.
fn check(
    request: &Request<Bytes>,
    expected: &Expectation<'_>,
    now: OffsetDateTime,
) -> Result<(), SignatureError> {
    let view = RequestView {
        method: request.method(),
        path: request.uri().path(),
        query: request.uri().query().unwrap_or_default(),
        headers: request.headers(),
        authority: None,
    };
    check_view(view, request.body(), expected, now)
}

fn check_view(
    view: RequestView<'_>,
    body: &[u8],
    expected: &Expectation<'_>,
    now: OffsetDateTime,
) -> Result<(), SignatureError> {
    let claim = Claim::parse(view)?;
    verify(&claim, body, &SECRET.into(), now, expected)
}

/// What a verifier says of a claim, whichever way it proves signatures.
fn verify(
    claim: &Claim<'_>,
    body: &[u8],
    secret: &Secret,
    now: OffsetDateTime,
    expected: &Expectation<'_>,
) -> Result<(), SignatureError> {
    let [verified, recomputed] = [V4aProof::Verify, V4aProof::Recompute]
        .map(|proof| Verifier::new(KEPT_KEYS, proof).verify(claim, body, secret, now, expected));
    assert_eq!(recomputed, verified);
    verified
}

fn request(method: &str, target: &str, body: &'static str) -> Request<Bytes> {
    Request::builder()
        .method(method)
        .uri(target)
        .header("host", "111111111111.localhost:4700")
        .body(Bytes::from_static(body.as_bytes()))
        .unwrap()
}

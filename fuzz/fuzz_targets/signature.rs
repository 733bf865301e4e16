//! Requests that say they are signed, in SigV4 or SigV4A, in a header or in the query: none of them is.
#![no_main]

use std::sync::LazyLock;

use http::Request;
use keyfront_wire::signature::{Claim, Expectation, Secret, Verifier};
use libfuzzer_sys::fuzz_target;

static VERIFIER: LazyLock<Verifier> = LazyLock::new(Verifier::default);

// The first line is the target, the second a body, and each further line a header.
fuzz_target!(|text: &str| {
    let mut lines = text.split('\n');
    let target = lines.next().unwrap_or_default();
    let body = lines.next().unwrap_or_default();
    let mut request = Request::builder().uri(target);
    for line in lines {
        let (name, value) = line.split_once(':').unwrap_or((line, ""));
        request = request.header(name, value.trim());
    }
    let Ok((parts, ())) = request.body(()).map(Request::into_parts) else { return };
    let Ok(claim) = Claim::parse(&parts) else { return };
    let secret = Secret::from("never used to sign".to_owned());
    for service in ["cloudfront", "cloudfront-keyvaluestore"] {
        let expected = Expectation::new(service);
        assert!(VERIFIER.verify(&claim, body.as_bytes(), &secret, claim.signed_at(), &expected).is_err());
    }
});

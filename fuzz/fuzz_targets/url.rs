//! The target of a request: verifying says what examining begins with, and nothing panics.
#![no_main]

use keyfront_domain::signed_request::{ViewerRequest, examine, strip, verify};
use keyfront_fuzz::trusted;
use libfuzzer_sys::fuzz_target;

fuzz_target!(|target: &str| {
    let viewer_ip = [192, 0, 2, 7].into();
    let request =
        ViewerRequest { scheme: "https", host: "example.com", target, cookies: &[], viewer_ip, now: 1 };
    let verified = verify(&request, trusted);
    let refusals = examine(&request, trusted);
    assert_eq!(verified.as_ref().err(), refusals.first());
    for refusal in refusals {
        assert!(!refusal.to_string().is_empty());
    }
    // Stripping takes away and never adds.
    assert!(strip(target).len() <= target.len());
});

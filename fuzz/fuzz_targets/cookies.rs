//! `Cookie` headers, one per line: verifying says what examining begins with, and nothing panics.
#![no_main]

use keyfront_domain::signed_request::{ViewerRequest, examine, verify};
use keyfront_fuzz::trusted;
use libfuzzer_sys::fuzz_target;

fuzz_target!(|bytes: &[u8]| {
    let cookies: Vec<&[u8]> = bytes.split(|byte| *byte == b'\n').collect();
    let viewer_ip = [192, 0, 2, 7].into();
    let request = ViewerRequest {
        scheme: "https",
        host: "example.com",
        target: "/a?b=c",
        cookies: &cookies,
        viewer_ip,
        now: 1,
    };
    assert_eq!(verify(&request, trusted).as_ref().err(), examine(&request, trusted).first());
});

//! A custom policy, and behind a NUL a request target that it is held against.
#![no_main]

use keyfront_domain::signed_request::{Policy, Url};
use libfuzzer_sys::fuzz_target;

fuzz_target!(|bytes: &[u8]| {
    let (json, target) = match bytes.iter().position(|byte| *byte == 0) {
        Some(nul) => (&bytes[..nul], String::from_utf8_lossy(&bytes[nul + 1..])),
        None => (bytes, "/a/b?c=d".into()),
    };
    if let Ok(policy) = Policy::parse(json) {
        let url = Url { scheme: "https", host: "example.com", target: &target };
        for refusal in policy.violations(url, [192, 0, 2, 7].into(), 1) {
            assert!(!refusal.to_string().is_empty());
        }
    }
});

//! No input panics, and no request verifies that was not signed.

use std::time::Duration;

use http::{HeaderMap, HeaderName, HeaderValue, Method};
use keyfront_testkit::signing::{Algorithm, Form, Signer, Tamper, tamper};
use proptest::prelude::*;
use proptest::sample::select;

use super::*;

/// Text made of the pieces that matter to the parser, and of anything else.
fn text() -> impl Strategy<Value = String> {
    let piece = prop_oneof![
        8 => select(vec![
            "AWS4-HMAC-SHA256", "AWS4-ECDSA-P256-SHA256", " ", ",", ", ", "=", "&", "/", ";", "%", "%2", "%2F", "%00",
            "+", "..", "//", "*", "Credential=", "SignedHeaders=", "Signature=", "host", "x-amz-date",
            "AKIDEXAMPLE/20261122/us-east-1/cloudfront/aws4_request", "20261122T033132Z", "X-Amz-Algorithm=",
            "X-Amz-Credential=", "X-Amz-Date=", "X-Amz-Expires=", "X-Amz-SignedHeaders=", "X-Amz-Signature=",
            "X-Amz-Region-Set=", "UNSIGNED-PAYLOAD", "9999999999999999999999",
        ]).prop_map(str::to_owned),
        2 => ".{0,8}",
    ];
    prop::collection::vec(piece, 0..24).prop_map(|pieces| pieces.concat())
}

fn header() -> impl Strategy<Value = (HeaderName, HeaderValue)> {
    let name = select(vec![
        "authorization",
        "host",
        "date",
        "x-amz-date",
        "x-amz-region-set",
        "x-amz-content-sha256",
        "x-amz-security-token",
        "x-amz-other",
    ]);
    let value = prop_oneof![
        text().prop_map(String::into_bytes),
        Just(b"20261122T033132Z".to_vec()),
        prop::collection::vec(any::<u8>(), 0..64),
    ];
    (name, value).prop_filter_map("a header value", |(name, value)| {
        Some((HeaderName::from_static(name), HeaderValue::from_bytes(&value).ok()?))
    })
}

/// A path whose segments are keys in the SDKs' spelling, or dots, or nothing.
fn path() -> impl Strategy<Value = String> {
    let segment = prop_oneof!["[A-Za-z0-9_.~-]{0,6}", "(%[0-9A-F]{2}){1,4}", Just("..".to_owned())];
    prop::collection::vec(segment, 1..5).prop_map(|segments| format!("/x/{}", segments.join("/")))
}

fn signer() -> impl Strategy<Value = Signer> {
    let algorithm = prop_oneof![
        Just(Algorithm::V4 { region: "us-east-1".to_owned() }),
        Just(Algorithm::V4a { region_set: "*".to_owned() }),
    ];
    let form = prop_oneof![
        Just(Form::Header),
        (1..604_800_u64).prop_map(|s| Form::Presigned(Duration::from_secs(s)))
    ];
    (algorithm, form, any::<bool>()).prop_map(|(algorithm, form, normalize_path)| Signer {
        algorithm,
        form,
        normalize_path,
        ..data()
    })
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(400))]

    #[test]
    fn no_request_panics_and_none_verifies_by_chance(
        path in text(),
        query in text(),
        headers in prop::collection::vec(header(), 0..6),
        now in any::<i32>(),
    ) {
        let headers: HeaderMap = headers.into_iter().collect();
        let view =
            RequestView { method: &Method::GET, path: &path, query: &query, headers: &headers, authority: Some("h") };
        let now = OffsetDateTime::from_unix_timestamp(i64::from(now)).unwrap();
        for expected in [CONTROL, DATA] {
            let error = check_view(view, b"", &expected, now).unwrap_err();
            // Whatever came in, the message is one that fits into an XML or JSON document.
            prop_assert!(error.to_string().chars().all(|c| c == '\t' || !c.is_control()), "{error}");
        }
    }

    #[test]
    fn what_was_signed_verifies_and_what_was_altered_does_not(
        signer in signer(),
        path in path(),
        query in "([a-z]{1,3}=(%[0-7][0-9A-F]|%C3%BC|%2B|[a-z.~]){0,4}&){0,3}",
        body in prop::collection::vec(any::<u8>(), 0..64),
        what in select(Tamper::ALL.to_vec()),
    ) {
        // Signers differ in what a bare plus sign and bytes that are no UTF-8 mean; the SDKs send neither.
        let mut unsigned = request("POST", &format!("{path}?{query}"), "");
        *unsigned.body_mut() = body.into();
        let signed = signer.sign(unsigned, NOW);
        prop_assert_eq!(check(&signed, &DATA, NOW), Ok(()));
        let v4_header = matches!(signer.algorithm, Algorithm::V4 { .. }) && signer.form == Form::Header;
        if what != Tamper::AccessKeyId || !v4_header {
            prop_assert!(check(&tamper(signed, what), &DATA, NOW).is_err());
        }
    }
}

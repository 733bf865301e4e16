//! What the official signer signs, in every way a client may ask it to, verifies.

use std::time::Duration;

use keyfront_testkit::signing::{Algorithm, Form, Payload, Signer, Tamper, tamper};
use keyfront_wire::signature::{Claim, Expectation, PathStyle, SignatureError, V4aProof, Verifier};

use super::*;

/// Keys as the SDKs encode them into the path: everything but letters, digits and `-_.~`, the slash included.
const KEYS: [&str; 20] = [
    "k1",
    "a%20b",
    "a%2Fb",
    "a%252Fb",
    "100%25",
    "%2Flead",
    "trail%2F",
    "a%2F%2Fb",
    "a%2Bb",
    "a%3Fb%26c%3Dd%23e",
    "q%22%27%5C",
    "%3A%3D%3B%40%24%21%2A%28%29%5B%5D%7B%7D%7C%5E%60%3C%3E",
    "%C3%BC%2F%C3%B1",
    "%F0%9F%98%80",
    "~x-_.",
    ".",
    "..",
    "..%2Fx",
    "%2E%2E",
    // Not what an SDK sends, but what a hand-written client may.
    "a//b",
];

fn path(key: &str) -> String {
    format!(
        "/key-value-stores/arn%3Aaws%3Acloudfront%3A%3A111111111111%3Akey-value-store%2F28bf2b9e/keys/{key}"
    )
}

/// All signers of the data plane: both algorithms, both forms, both readings of dot segments.
fn signers() -> Vec<Signer> {
    let mut signers = Vec::new();
    for algorithm in [
        Algorithm::V4a { region_set: "*".to_owned() },
        Algorithm::V4a { region_set: "eu-west-1,us-*".to_owned() },
        Algorithm::V4 { region: "us-east-1".to_owned() },
    ] {
        for form in [Form::Header, Form::Presigned(Duration::from_mins(15))] {
            for normalize_path in [false, true] {
                signers.push(Signer { algorithm: algorithm.clone(), form, normalize_path, ..data() });
            }
        }
    }
    signers
}

#[test]
fn keys_of_every_spelling_verify_and_none_after_tampering() {
    for signer in signers() {
        for key in KEYS {
            let signed = signer.sign(request("PUT", &path(key), r#"{"Value":"v"}"#), NOW);
            let title = format!("{key} {:?} {:?} {}", signer.algorithm, signer.form, signer.normalize_path);
            assert_eq!(signed.uri().path(), path(key), "the signer changed the path");
            assert_eq!(check(&signed, &DATA, NOW), Ok(()), "{title}");
            for what in Tamper::ALL {
                let v4_header =
                    matches!(signer.algorithm, Algorithm::V4 { .. }) && signer.form == Form::Header;
                if what == Tamper::AccessKeyId && v4_header {
                    continue; // Not covered by the signature: the id decides which secret is looked up.
                }
                let tampered = tamper(signed.clone(), what);
                assert!(check(&tampered, &DATA, NOW).is_err(), "{title}: {what:?}");
            }
        }
    }
}

#[test]
fn each_reading_of_dot_segments_can_be_insisted_upon() {
    let expected = |path| Expectation { path, ..DATA };
    for (normalize_path, right, wrong) in
        [(false, PathStyle::AsSent, PathStyle::Normalized), (true, PathStyle::Normalized, PathStyle::AsSent)]
    {
        let signed = Signer { normalize_path, ..data() }.sign(request("GET", &path(".."), ""), NOW);
        assert_eq!(check(&signed, &expected(right), NOW), Ok(()));
        assert_eq!(check(&signed, &expected(wrong), NOW), Err(SignatureError::Mismatch));
    }
}

#[test]
fn queries_verify_however_their_values_are_spelled() {
    for query in [
        "MaxResults=5",
        "NextToken=dG9rOjEw%7C%2B%2F%3D%20%26%25%C3%A9~",
        "Operation=Tag&Resource=arn%3Aaws%3Acloudfront%3A%3A111111111111%3Akey-value-store%2Fx",
        "Resource=arn:aws:cloudfront::111111111111:key-value-store/x&Operation=Untag",
        "WithTags",
        "a=&b&a=2&a=1&a-b=3",
    ] {
        let signed = control().sign(request("GET", &format!("/2020-05-31/tagging?{query}"), ""), NOW);
        assert_eq!(check(&signed, &CONTROL, NOW), Ok(()), "{query}");
        assert!(check(&tamper(signed, Tamper::Query), &CONTROL, NOW).is_err(), "{query}");
    }
}

#[test]
fn every_way_to_sign_the_body_verifies_where_it_is_allowed() {
    let lenient = Expectation { unsigned_payload: true, ..CONTROL };
    for (payload, strict) in [
        (Payload::Hashed, Ok(())),
        (Payload::Declared, Ok(())),
        (Payload::Unsigned, Err(SignatureError::UnsignedPayload)),
    ] {
        for body in ["", "<CreateKeyValueStoreRequest/>"] {
            let by = Signer { payload, ..control() };
            let signed = by.sign(request("POST", "/2020-05-31/key-value-store", body), NOW);
            assert_eq!(check(&signed, &CONTROL, NOW), strict, "{payload:?}");
            assert_eq!(check(&signed, &lenient, NOW), Ok(()), "{payload:?}");
            let other_body = check(&tamper(signed, Tamper::Body), &lenient, NOW);
            match payload {
                Payload::Hashed => assert_eq!(other_body, Err(SignatureError::Mismatch)),
                Payload::Declared => assert_eq!(other_body, Err(SignatureError::PayloadMismatch)),
                Payload::Unsigned => assert_eq!(other_body, Ok(())),
            }
        }
    }
}

#[test]
fn a_session_token_is_carried_and_covered() {
    for form in [Form::Header, Form::Presigned(Duration::from_mins(1))] {
        let by = Signer { session_token: Some("tok/en+==".to_owned()), form, ..data() };
        let signed = by.sign(request("GET", &path("k"), ""), NOW);
        let (parts, _body) = signed.clone().into_parts();
        assert_eq!(Claim::parse(&parts).unwrap().session_token(), Some("tok/en+=="));
        assert_eq!(check(&signed, &DATA, NOW), Ok(()));
    }
}

#[test]
fn headers_that_clients_add_after_signing_do_no_harm() {
    let mut signed = data().sign(request("GET", &path("k"), ""), NOW);
    for name in ["amz-sdk-invocation-id", "amz-sdk-request", "x-amzn-trace-id", "x-amz-user-agent", "accept"]
    {
        signed.headers_mut().insert(name, "added".parse().unwrap());
    }
    assert_eq!(check(&signed, &DATA, NOW), Ok(()));
}

#[test]
fn an_absolute_form_target_and_an_http2_authority_verify() {
    let absolute = "http://111111111111.localhost:4700/2020-05-31/key-value-store?MaxItems=1";
    let unsigned = Request::get(absolute).body(Bytes::new()).unwrap();
    let (mut parts, body) = control().sign(unsigned, NOW).into_parts();
    let verify = |parts: &http::request::Parts| {
        let claim = Claim::parse(parts)?;
        Verifier::default().verify(&claim, &body, &SECRET.into(), NOW, &CONTROL)
    };
    assert_eq!(verify(&parts), Ok(()));
    // Over HTTP/2 the host stands in `:authority` alone, which the server finds in the URI.
    parts.headers.remove("host").unwrap();
    assert_eq!(verify(&parts), Ok(()));
    parts.uri = "/2020-05-31/key-value-store?MaxItems=1".parse().unwrap();
    assert_eq!(verify(&parts), Err(SignatureError::SignedHeaderAbsent("host".to_owned())));
}

#[test]
fn one_verifier_serves_many_keys_and_follows_a_changed_secret() {
    let verifiers = [V4aProof::Verify, V4aProof::Recompute]
        .map(|proof| Verifier::new(std::num::NonZeroUsize::MIN, proof));
    let signed = data().sign(request("GET", &path("k"), ""), NOW);
    let (parts, body) = signed.into_parts();
    let claim = Claim::parse(&parts).unwrap();
    for secret in [SECRET, "changed", SECRET] {
        let expected = if secret == SECRET { Ok(()) } else { Err(SignatureError::Mismatch) };
        for verifier in &verifiers {
            assert_eq!(verifier.verify(&claim, &body, &secret.into(), NOW, &DATA), expected, "{secret}");
        }
    }
}

//! Tests of signatures: canonical requests are spelled out, and signed by the steps that AWS describes.

use std::time::Duration;

use aws_sigv4::sign::v4::{calculate_signature, generate_signing_key};

use super::*;

/// AWS: "Signature Calculations for the Authorization Header", the keys of the examples.
fn credentials() -> OriginCredentials {
    OriginCredentials {
        access_key_id: "AKIAIOSFODNN7EXAMPLE".to_owned(),
        secret_access_key: "wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY".to_owned(),
        session_token: None,
    }
}

/// 2013-05-24T00:00:00Z.
fn now() -> SystemTime {
    SystemTime::UNIX_EPOCH + Duration::from_hours(380_376)
}

fn scope(origin: AccessControlledOrigin) -> Scope {
    Scope { origin, region: "us-east-1".to_owned() }
}

fn headers(pairs: &[(&'static str, &'static str)]) -> HeaderMap {
    let pairs = pairs.iter();
    pairs.map(|(name, value)| (HeaderName::from_static(name), HeaderValue::from_static(value))).collect()
}

fn signed(
    origin: AccessControlledOrigin,
    method: &Method,
    target: &str,
    mut headers: HeaderMap,
) -> HeaderMap {
    sign_request(&credentials(), &scope(origin), now(), method, target, &mut headers).unwrap();
    headers
}

fn text<'h>(headers: &'h HeaderMap, name: &str) -> &'h str {
    headers.get(name).map_or("", |value| value.to_str().unwrap())
}

/// The signature of a canonical request, by the steps of AWS: "Create a signed AWS API request".
fn signature(service: &str, canonical: &str) -> String {
    let hash = aws_hash(canonical.as_bytes());
    let to_sign =
        format!("AWS4-HMAC-SHA256\n20130524T000000Z\n20130524/us-east-1/{service}/aws4_request\n{hash}");
    let key = generate_signing_key(&credentials().secret_access_key, now(), "us-east-1", service);
    calculate_signature(key, to_sign.as_bytes())
}

fn aws_hash(bytes: &[u8]) -> String {
    let digest = rustls::crypto::aws_lc_rs::cipher_suite::TLS13_AES_128_GCM_SHA256;
    let rustls::SupportedCipherSuite::Tls13(suite) = digest else { panic!("it is of TLS 1.3") };
    hex::encode(suite.common.hash_provider.hash(bytes))
}

const EMPTY: &str = "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855";

#[test]
fn a_put_is_signed_with_the_digest_that_the_viewer_gives() {
    // AWS: "Example: PUT Object", less its Date header, which is not signed here.
    let sent = headers(&[
        ("host", "examplebucket.s3.amazonaws.com"),
        ("x-amz-storage-class", "REDUCED_REDUNDANCY"),
        ("x-amz-content-sha256", "44ce7dd67c959e0d3524ffac1771dfbba87d2b6b4b4e99e42034a8b803f8b072"),
        ("content-type", "text/plain"),
    ]);
    let signed = signed(AccessControlledOrigin::S3, &Method::PUT, "/test$file.text", sent);
    let canonical = "PUT\n/test%24file.text\n\nhost:examplebucket.s3.amazonaws.com\n\
                     x-amz-content-sha256:44ce7dd67c959e0d3524ffac1771dfbba87d2b6b4b4e99e42034a8b803f8b072\n\
                     x-amz-date:20130524T000000Z\nx-amz-storage-class:REDUCED_REDUNDANCY\n\n\
                     host;x-amz-content-sha256;x-amz-date;x-amz-storage-class\n\
                     44ce7dd67c959e0d3524ffac1771dfbba87d2b6b4b4e99e42034a8b803f8b072";
    assert_eq!(
        text(&signed, "authorization"),
        format!(
            "AWS4-HMAC-SHA256 Credential=AKIAIOSFODNN7EXAMPLE/20130524/us-east-1/s3/aws4_request, \
             SignedHeaders=host;x-amz-content-sha256;x-amz-date;x-amz-storage-class, Signature={}",
            signature("s3", canonical)
        )
    );
    assert_eq!(text(&signed, "content-type"), "text/plain");
}

#[test]
fn paths_and_queries_are_signed_as_the_service_reads_them() {
    use AccessControlledOrigin::{Lambda, S3};
    let host = "h.example.com";
    for (origin, service, target, path, query, body) in [
        (S3, "s3", "/a%20b/c(d)?x=1", "/a%20b/c%28d%29", "x=1", "UNSIGNED-PAYLOAD"),
        (S3, "s3", "//a/../b", "//a/../b", "", "UNSIGNED-PAYLOAD"),
        (S3, "s3", "/%C3%BC?b=2&a=%2F", "/%C3%BC", "a=%2F&b=2", "UNSIGNED-PAYLOAD"),
        (Lambda, "lambda", "/a%20b?q=1", "/a%2520b", "q=1", EMPTY),
    ] {
        let signed = signed(origin, &Method::GET, target, headers(&[("host", host)]));
        let canonical = format!(
            "GET\n{path}\n{query}\nhost:{host}\nx-amz-content-sha256:{body}\nx-amz-date:20130524T000000Z\n\n\
             host;x-amz-content-sha256;x-amz-date\n{body}"
        );
        let (_, found) = text(&signed, "authorization").split_once("Signature=").unwrap();
        assert_eq!(found, signature(service, &canonical), "{target}");
    }
}

#[test]
fn what_a_viewer_signed_is_replaced() {
    let sent = || {
        headers(&[
            ("host", "h.example.com"),
            ("authorization", "AWS4-HMAC-SHA256 of the viewer"),
            ("x-amz-date", "19700101T000000Z"),
            ("x-amz-security-token", "of the viewer"),
            ("x-amz-content-sha256", "of the viewer"),
            ("x-amz-meta-kept", "1"),
        ])
    };
    let get = signed(AccessControlledOrigin::S3, &Method::GET, "/", sent());
    assert_eq!(text(&get, "x-amz-date"), "20130524T000000Z");
    assert_eq!(text(&get, "x-amz-security-token"), "");
    assert_eq!(text(&get, "x-amz-content-sha256"), "UNSIGNED-PAYLOAD");
    assert_eq!(text(&get, "x-amz-meta-kept"), "1");
    let names = "SignedHeaders=host;x-amz-content-sha256;x-amz-date;x-amz-meta-kept,";
    assert!(text(&get, "authorization").contains(names), "{get:?}");
    assert_eq!(get.get_all("authorization").iter().count(), 1);
    let post = signed(AccessControlledOrigin::Lambda, &Method::POST, "/", sent());
    assert_eq!(text(&post, "x-amz-content-sha256"), "of the viewer");
}

#[test]
fn a_token_of_temporary_keys_is_sent_and_signed() {
    let credentials = OriginCredentials { session_token: Some("token".to_owned()), ..credentials() };
    let mut headers = headers(&[("host", "h.example.com")]);
    let s3 = scope(AccessControlledOrigin::S3);
    sign_request(&credentials, &s3, now(), &Method::GET, "/", &mut headers).unwrap();
    assert_eq!(text(&headers, "x-amz-security-token"), "token");
    assert!(text(&headers, "authorization").contains("x-amz-date;x-amz-security-token,"));
}

#[test]
fn the_region_is_in_the_name_of_the_host() {
    for (host, region) in [
        ("abc.lambda-url.eu-west-1.on.aws", Some("eu-west-1")),
        ("abc.data.mediastore.us-west-2.amazonaws.com", Some("us-west-2")),
        ("abc.egress.def.mediapackagev2.eu-north-1.amazonaws.com", Some("eu-north-1")),
        ("www.example.com", None),
    ] {
        assert_eq!(Scope::region_of_host(host), region, "{host}");
    }
}

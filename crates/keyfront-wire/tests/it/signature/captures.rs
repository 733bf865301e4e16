//! Requests of real clients, as they came over the wire: Terraform's AWS provider 5.100.0 (SDK for Go) and boto3.

use http::{HeaderMap, HeaderName, Method};
use keyfront_wire::signature::SignatureError;
use time::macros::datetime;

use super::*;

const STORE: &str = "/key-value-stores/arn%3Aaws%3Acloudfront%3A%3A111111111111%3Akey-value-store%2F";

fn headers(lines: &[(&str, &str)]) -> HeaderMap {
    lines.iter().map(|(name, value)| (name.parse::<HeaderName>().unwrap(), value.parse().unwrap())).collect()
}

#[test]
fn terraform_reads_a_store() {
    let headers = headers(&[
        ("Host", "111111111111.localhost:18080"),
        ("Amz-Sdk-Invocation-Id", "c1a6b0ad-6570-40a2-a0ae-f20f05bf8ff1"),
        ("Amz-Sdk-Request", "attempt=1; max=2"),
        (
            "Authorization",
            "AWS4-ECDSA-P256-SHA256 Credential=AKIDEXAMPLE/20261122/cloudfront-keyvaluestore/aws4_request, SignedHeaders=amz-sdk-invocation-id;amz-sdk-request;host;x-amz-date;x-amz-region-set, Signature=3046022100d1bbf052f02b8d3897f9936d7589cf543a339b70e71c14a5a11217276c76ee7f022100d3eecdbf9653d32c6254c09520231e029b8d115aa0227b170066cf14adc8c21d",
        ),
        ("X-Amz-Date", "20261122T033132Z"),
        ("X-Amz-Region-Set", "*"),
        ("Accept-Encoding", "gzip"),
    ]);
    let path = format!("{STORE}28bf2b9e-02b8-452b-86c6-f515e510a95d");
    let view =
        RequestView { method: &Method::GET, path: &path, query: "", headers: &headers, authority: None };
    assert_eq!(check_view(view, b"", &DATA, datetime!(2026-11-22 03:31:32 UTC)), Ok(()));
}

#[test]
fn terraform_puts_a_key() {
    let headers = headers(&[
        ("Host", "111111111111.localhost:18080"),
        ("Content-Length", "14"),
        ("Amz-Sdk-Invocation-Id", "bf97112b-023f-4fff-9834-d57bb060ee68"),
        ("Amz-Sdk-Request", "attempt=1; max=2"),
        (
            "Authorization",
            "AWS4-ECDSA-P256-SHA256 Credential=AKIDEXAMPLE/20261122/cloudfront-keyvaluestore/aws4_request, SignedHeaders=amz-sdk-invocation-id;amz-sdk-request;content-length;content-type;host;if-match;x-amz-date;x-amz-region-set, Signature=30440220335d7407bfd4f8516c65b23e87b981055bef5cf134e7e20557b15f55e97267d60220694dea5c73d3dfea14e919085ca2777c0e90272c7b2b50ff955b0de586330fef",
        ),
        ("Content-Type", "application/json"),
        ("If-Match", "KVAZV6UAT8LI7VL"),
        ("X-Amz-Date", "20261122T033132Z"),
        ("X-Amz-Region-Set", "*"),
    ]);
    let path = format!("{STORE}28bf2b9e-02b8-452b-86c6-f515e510a95d/keys/k1");
    let view =
        RequestView { method: &Method::PUT, path: &path, query: "", headers: &headers, authority: None };
    let now = datetime!(2026-11-22 03:31:32 UTC);
    assert_eq!(check_view(view, br#"{"Value":"v1"}"#, &DATA, now), Ok(()));
    assert_eq!(check_view(view, br#"{"Value":"v2"}"#, &DATA, now), Err(SignatureError::Mismatch));
}

#[test]
fn terraform_creates_a_store() {
    let headers = headers(&[
        ("Host", "localhost:18080"),
        ("Content-Length", "133"),
        ("Amz-Sdk-Invocation-Id", "895c7850-0174-43a5-8547-f1ee07813152"),
        ("Amz-Sdk-Request", "attempt=1; max=2"),
        (
            "Authorization",
            "AWS4-HMAC-SHA256 Credential=AKIDEXAMPLE/20261122/us-east-1/cloudfront/aws4_request, SignedHeaders=amz-sdk-invocation-id;amz-sdk-request;content-length;content-type;host;x-amz-date, Signature=a659c7e330b46d37f578289850a7e5a0a0f578a3970fccb2b002aeefb71e8577",
        ),
        ("Content-Type", "application/xml"),
        ("X-Amz-Date", "20261122T032601Z"),
        ("Accept-Encoding", "gzip"),
    ]);
    let body = br#"<CreateKeyValueStoreRequest xmlns="http://cloudfront.amazonaws.com/doc/2020-05-31/"><Name>store-1</Name></CreateKeyValueStoreRequest>"#;
    let path = "/2020-05-31/key-value-store";
    let view = RequestView { method: &Method::POST, path, query: "", headers: &headers, authority: None };
    assert_eq!(check_view(view, body, &CONTROL, datetime!(2026-11-22 03:26:10 UTC)), Ok(()));
}

#[test]
fn boto3_updates_keys() {
    let headers = headers(&[
        ("If-Match", "KV9XBZ3NYHN7ASI"),
        ("Content-Type", "application/json"),
        ("host", "111111111111.localhost:28917"),
        ("X-Amz-Date", "20261122T040651Z"),
        ("X-Amz-Region-Set", "*"),
        (
            "Authorization",
            "AWS4-ECDSA-P256-SHA256 Credential=AKIDEXAMPLE/20261122/cloudfront-keyvaluestore/aws4_request, SignedHeaders=content-type;host;if-match;x-amz-date;x-amz-region-set, Signature=304502200f30cdf1b5f88ebf062388ccbcbd26203234356b36a39b423aa947d76e4969c7022100b6b34fd7b115e45e21087eb3ffc84a8fdb448b7267026c6b3954148638ec7dac",
        ),
        ("amz-sdk-invocation-id", "f211eced-dd57-4f65-88a4-f164615c3487"),
        ("amz-sdk-request", "attempt=1; max=2"),
        ("Content-Length", "76"),
    ]);
    let path = format!("{STORE}1e43408e-c6ab-438e-8032-f7aac02ee411/keys");
    let view =
        RequestView { method: &Method::POST, path: &path, query: "", headers: &headers, authority: None };
    let body = br#"{"Puts": [{"Key": "n/1", "Value": "\u00fc"}], "Deletes": [{"Key": "plain"}]}"#;
    assert_eq!(check_view(view, body, &DATA, datetime!(2026-11-22 04:06:51 UTC)), Ok(()));
}

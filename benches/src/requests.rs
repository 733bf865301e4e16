//! Requests of an SDK's kind, signed and written out as the bytes that go over the wire.

use std::time::SystemTime;

use bytes::Bytes;
use http::Request;
use http::header::{CONTENT_LENGTH, IF_MATCH};
use keyfront_domain::etag;
use keyfront_testkit::signing::Signer;

/// The well-known credential of a server for development: both halves.
const CREDENTIAL: &str = "test";
/// As an SDK makes it from the endpoint `http://localhost:4700`. No server looks at it.
const HOST: &str = "http://000000000000.localhost:4700";

/// GetKey.
pub(crate) fn get_key(arn: &str, key: &str) -> Vec<u8> {
    data_plane("GET", &key_path(arn, key), None, Bytes::new())
}

/// PutKey on the store's `version`. A store begins with version 1, and every change adds one; ETags follow
/// from the version, so a whole chain of puts can be signed before the first is sent.
pub(crate) fn put_key(arn: &str, key: &str, value: &str, version: u64) -> Vec<u8> {
    let body = format!(r#"{{"Value":"{value}"}}"#);
    data_plane("PUT", &key_path(arn, key), Some(version), body.into())
}

/// UpdateKeys that puts `pairs` into the store's `version`.
pub(crate) fn update_keys(arn: &str, pairs: &[(String, String)], version: u64) -> Vec<u8> {
    let puts: Vec<String> =
        pairs.iter().map(|(key, value)| format!(r#"{{"Key":"{key}","Value":"{value}"}}"#)).collect();
    let path = format!("/key-value-stores/{}/keys", escaped(arn));
    data_plane("POST", &path, Some(version), format!(r#"{{"Puts":[{}]}}"#, puts.join(",")).into())
}

/// CreateKeyValueStore.
pub(crate) fn create_store(name: &str) -> Vec<u8> {
    let body = format!(
        "<CreateKeyValueStoreRequest xmlns=\"http://cloudfront.amazonaws.com/doc/2020-05-31/\"><Name>{name}</Name>\
         </CreateKeyValueStoreRequest>"
    );
    control_plane("POST", body.into())
}

/// ListKeyValueStores.
pub(crate) fn list_stores() -> Vec<u8> {
    control_plane("GET", Bytes::new())
}

fn control_plane(method: &str, body: Bytes) -> Vec<u8> {
    let request = Request::builder().method(method).uri(format!("{HOST}/2020-05-31/key-value-store"));
    signed(request, body, &Signer::control_plane(CREDENTIAL, CREDENTIAL))
}

fn data_plane(method: &str, path: &str, if_match: Option<u64>, body: Bytes) -> Vec<u8> {
    let mut request = Request::builder().method(method).uri(format!("{HOST}{path}"));
    if let Some(version) = if_match {
        request = request.header(IF_MATCH, etag::data_plane(version));
    }
    signed(request, body, &Signer::data_plane(CREDENTIAL, CREDENTIAL))
}

#[expect(clippy::expect_used, reason = "what this module makes can be written as a request")]
fn signed(request: http::request::Builder, body: Bytes, signer: &Signer) -> Vec<u8> {
    let request = request.header(CONTENT_LENGTH, body.len()).body(body).expect("a request");
    let request = signer.sign(request, SystemTime::now());
    let mut bytes = format!("{} {} HTTP/1.1\r\n", request.method(), target(&request)).into_bytes();
    for (name, value) in request.headers() {
        bytes.extend_from_slice(name.as_str().as_bytes());
        bytes.extend_from_slice(b": ");
        bytes.extend_from_slice(value.as_bytes());
        bytes.extend_from_slice(b"\r\n");
    }
    bytes.extend_from_slice(b"\r\n");
    bytes.extend_from_slice(request.body());
    bytes
}

fn target(request: &Request<Bytes>) -> &str {
    request.uri().path_and_query().map_or("/", http::uri::PathAndQuery::as_str)
}

fn key_path(arn: &str, key: &str) -> String {
    format!("/key-value-stores/{}/keys/{}", escaped(arn), escaped(key))
}

/// A path label, as the SDKs escape it.
fn escaped(text: &str) -> String {
    let escape = |byte: u8| match byte {
        b'A'..=b'Z' | b'a'..=b'z' | b'0'..=b'9' | b'-' | b'.' | b'_' | b'~' => char::from(byte).to_string(),
        _ => format!("%{byte:02X}"),
    };
    text.bytes().map(escape).collect()
}

//! Requests of an SDK's kind, signed and written out as the bytes that go over the wire.

use std::time::SystemTime;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use bytes::Bytes;
use http::Request;
use http::header::{CONTENT_LENGTH, IF_MATCH};
use keyfront_domain::etag;
use keyfront_testkit::signing::{Algorithm, Signer};

/// The well-known credential of a server for development: both halves.
const CREDENTIAL: &str = "test";
/// As an SDK makes both from the endpoint `http://localhost:4700`. No server listens there.
const CONTROL_PLANE: &str = "http://localhost:4700";
const DATA_PLANE: &str = "http://000000000000.localhost:4700";
/// A public key of 2048 bits, whose private half was not kept.
const PUBLIC_KEY: &str = include_str!("public_key.pem");

/// A signed request; [`written`] is how it goes over a connection of HTTP/1.1.
pub(crate) type Signed = Request<Bytes>;

/// GetKey.
pub(crate) fn get_key(arn: &str, key: &str) -> Signed {
    data_plane("GET", &key_path(arn, key), None, Bytes::new())
}

/// GetKey, signed with plain SigV4.
pub(crate) fn get_key_with_v4(arn: &str, key: &str) -> Signed {
    let algorithm = Algorithm::V4 { region: "us-east-1".to_owned() };
    let signer = Signer::new(CREDENTIAL, CREDENTIAL, "cloudfront-keyvaluestore", algorithm);
    let request = Request::builder().uri(format!("{DATA_PLANE}{}", key_path(arn, key)));
    signed(request, Bytes::new(), &signer)
}

/// PutKey on the store's `version`. A store begins with version 1, and every change adds one; ETags follow
/// from the version, so a whole chain of puts can be signed before the first is sent.
pub(crate) fn put_key(arn: &str, key: &str, value: &str, version: u64) -> Signed {
    put_key_with(arn, key, value, &etag::data_plane(version))
}

/// PutKey with this ETag.
pub(crate) fn put_key_with(arn: &str, key: &str, value: &str, etag: &str) -> Signed {
    let body = format!(r#"{{"Value":"{value}"}}"#);
    data_plane("PUT", &key_path(arn, key), Some(etag), body.into())
}

/// UpdateKeys that puts `pairs` into the store's `version`.
pub(crate) fn update_keys(arn: &str, pairs: &[(String, String)], version: u64) -> Signed {
    update_keys_with(arn, pairs, &etag::data_plane(version))
}

/// UpdateKeys with this ETag.
pub(crate) fn update_keys_with(arn: &str, pairs: &[(String, String)], etag: &str) -> Signed {
    let puts: Vec<String> =
        pairs.iter().map(|(key, value)| format!(r#"{{"Key":"{key}","Value":"{value}"}}"#)).collect();
    let path = format!("/key-value-stores/{}/keys", escaped(arn));
    data_plane("POST", &path, Some(etag), format!(r#"{{"Puts":[{}]}}"#, puts.join(",")).into())
}

/// CreateKeyValueStore.
pub(crate) fn create_store(name: &str) -> Signed {
    let body = format!(
        "<CreateKeyValueStoreRequest xmlns=\"http://cloudfront.amazonaws.com/doc/2020-05-31/\"><Name>{name}</Name>\
         </CreateKeyValueStoreRequest>"
    );
    control_plane("POST", "key-value-store", body.into())
}

/// ListKeyValueStores.
pub(crate) fn list_stores() -> Signed {
    control_plane("GET", "key-value-store", Bytes::new())
}

/// ListKeys: the first page, of at most fifty pairs.
pub(crate) fn list_keys(arn: &str) -> Signed {
    let path = format!("/key-value-stores/{}/keys?MaxResults=50", escaped(arn));
    data_plane("GET", &path, None, Bytes::new())
}

/// DescribeKeyValueStore of the data plane.
pub(crate) fn describe_store(arn: &str) -> Signed {
    data_plane("GET", &format!("/key-value-stores/{}", escaped(arn)), None, Bytes::new())
}

/// CreatePublicKey, of the same key under a new name.
pub(crate) fn create_public_key(name: &str) -> Signed {
    let body = format!(
        "<PublicKeyConfig xmlns=\"http://cloudfront.amazonaws.com/doc/2020-05-31/\"><CallerReference>{name}\
         </CallerReference><Name>{name}</Name><EncodedKey>{PUBLIC_KEY}</EncodedKey></PublicKeyConfig>"
    );
    control_plane("POST", "public-key", body.into())
}

/// CreateDistribution, with one custom origin and the managed cache policy CachingOptimized.
pub(crate) fn create_distribution(name: &str, origin: &str) -> Signed {
    distribution(name, origin, "")
}

/// The same with a function for the viewer's request.
pub(crate) fn create_distribution_with(name: &str, origin: &str, function: &str) -> Signed {
    let association = format!(
        "<FunctionAssociations><Quantity>1</Quantity><Items><FunctionAssociation><FunctionARN>\
         arn:aws:cloudfront::000000000000:function/{function}</FunctionARN><EventType>viewer-request</EventType>\
         </FunctionAssociation></Items></FunctionAssociations>"
    );
    distribution(name, origin, &association)
}

fn distribution(name: &str, origin: &str, functions: &str) -> Signed {
    let body = format!(
        "<DistributionConfig xmlns=\"http://cloudfront.amazonaws.com/doc/2020-05-31/\"><CallerReference>{name}\
         </CallerReference><Origins><Quantity>1</Quantity><Items><Origin><Id>o</Id><DomainName>{origin}</DomainName>\
         <CustomOriginConfig><HTTPPort>80</HTTPPort><HTTPSPort>443</HTTPSPort>\
         <OriginProtocolPolicy>http-only</OriginProtocolPolicy></CustomOriginConfig></Origin></Items></Origins>\
         <DefaultCacheBehavior><TargetOriginId>o</TargetOriginId><ViewerProtocolPolicy>allow-all\
         </ViewerProtocolPolicy>{functions}<CachePolicyId>658327ea-f89d-4fab-a63d-7e88639e58f6</CachePolicyId>\
         </DefaultCacheBehavior><Comment></Comment><Enabled>true</Enabled></DistributionConfig>"
    );
    control_plane("POST", "distribution", body.into())
}

/// CreateFunction, with a store that it reads.
pub(crate) fn create_function(name: &str, code: &str, store: &str) -> Signed {
    let code = STANDARD.encode(code);
    let body = format!(
        "<CreateFunctionRequest xmlns=\"http://cloudfront.amazonaws.com/doc/2020-05-31/\"><Name>{name}</Name>\
         <FunctionConfig><Comment></Comment><Runtime>cloudfront-js-2.0</Runtime><KeyValueStoreAssociations>\
         <Quantity>1</Quantity><Items><KeyValueStoreAssociation><KeyValueStoreARN>{store}</KeyValueStoreARN>\
         </KeyValueStoreAssociation></Items></KeyValueStoreAssociations></FunctionConfig>\
         <FunctionCode>{code}</FunctionCode></CreateFunctionRequest>"
    );
    control_plane("POST", "function", body.into())
}

/// PublishFunction of the stage that has this ETag.
pub(crate) fn publish_function(name: &str, etag: &str) -> Signed {
    let request = Request::post(format!("{CONTROL_PLANE}/2020-05-31/function/{name}/publish"));
    let request = request.header(IF_MATCH, etag);
    signed(request, Bytes::new(), &Signer::control_plane(CREDENTIAL, CREDENTIAL))
}

/// GET without a signature.
#[expect(clippy::expect_used, reason = "what this module makes can be written as a request")]
pub(crate) fn get(host: &str, path: &str) -> Signed {
    let request = Request::get(format!("http://{host}{path}")).header(http::header::HOST, host);
    request.body(Bytes::new()).expect("a request")
}

fn control_plane(method: &str, resource: &str, body: Bytes) -> Signed {
    let request = Request::builder().method(method).uri(format!("{CONTROL_PLANE}/2020-05-31/{resource}"));
    signed(request, body, &Signer::control_plane(CREDENTIAL, CREDENTIAL))
}

fn data_plane(method: &str, path: &str, if_match: Option<&str>, body: Bytes) -> Signed {
    let mut request = Request::builder().method(method).uri(format!("{DATA_PLANE}{path}"));
    if let Some(etag) = if_match {
        request = request.header(IF_MATCH, etag);
    }
    signed(request, body, &Signer::data_plane(CREDENTIAL, CREDENTIAL))
}

#[expect(clippy::expect_used, reason = "what this module makes can be written as a request")]
fn signed(request: http::request::Builder, body: Bytes, signer: &Signer) -> Signed {
    let request = request.header(CONTENT_LENGTH, body.len()).body(body).expect("a request");
    signer.sign(request, SystemTime::now())
}

/// A request as the bytes that go over a connection of HTTP/1.1.
pub(crate) fn written(request: &Signed) -> Vec<u8> {
    let mut bytes = format!("{} {} HTTP/1.1\r\n", request.method(), target(request)).into_bytes();
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

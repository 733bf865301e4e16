//! Requests of an SDK's kind, signed and written out as the bytes that go over the wire.

use std::sync::OnceLock;
use std::time::SystemTime;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use bytes::Bytes;
use http::Request;
use http::header::{CONTENT_LENGTH, IF_MATCH};
use keyfront_domain::etag;
use keyfront_testkit::signing::{Algorithm, Signer};

/// The access key of the well-known credential of a server for development. Its secret is the same.
pub(crate) const ACCESS_KEY: &str = "test";
/// The secret of the access key at a server that is not for development.
pub(crate) const SECRET: &str = "secret-of-a-measurement";
/// The secret with which this program signs.
static SIGNING: OnceLock<&str> = OnceLock::new();

/// Signs everything from now on for servers that are not for development.
pub(crate) fn sign_for_serve() {
    // It stays what it was first.
    SIGNING.set(SECRET).ok();
}

fn secret() -> &'static str {
    SIGNING.get().copied().unwrap_or(ACCESS_KEY)
}
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
    let signer = Signer::new(ACCESS_KEY, secret(), "cloudfront-keyvaluestore", algorithm);
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
    let content = format!("<Name>{name}</Name>");
    document("POST", "key-value-store", None, &element("CreateKeyValueStoreRequest", &content))
}

/// ListKeyValueStores.
pub(crate) fn list_stores() -> Signed {
    document("GET", "key-value-store", None, "")
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
    create_public_key_of(name, PUBLIC_KEY)
}

/// CreatePublicKey of this key, in PEM.
pub(crate) fn create_public_key_of(name: &str, pem: &str) -> Signed {
    let content =
        format!("<CallerReference>{name}</CallerReference><Name>{name}</Name><EncodedKey>{pem}</EncodedKey>");
    document("POST", "public-key", None, &element("PublicKeyConfig", &content))
}

/// A request of the control plane with a document, and with an ETag if it changes something.
pub(crate) fn document(method: &str, resource: &str, if_match: Option<&str>, document: &str) -> Signed {
    let mut request = Request::builder().method(method).uri(format!("{CONTROL_PLANE}/2020-05-31/{resource}"));
    if let Some(etag) = if_match {
        request = request.header(IF_MATCH, etag);
    }
    signed(request, document.to_owned().into(), &Signer::control_plane(ACCESS_KEY, secret()))
}

/// The root of a document of the control plane.
pub(crate) fn element(name: &str, content: &str) -> String {
    format!("<{name} xmlns=\"http://cloudfront.amazonaws.com/doc/2020-05-31/\">{content}</{name}>")
}

/// CreateDistribution, with one custom origin, the managed cache policy CachingOptimized and a function for the viewer's
/// request.
pub(crate) fn create_distribution(name: &str, origin: &str, function: &str) -> Signed {
    let association = format!(
        "<FunctionAssociations><Quantity>1</Quantity><Items><FunctionAssociation><FunctionARN>\
         arn:aws:cloudfront::000000000000:function/{function}</FunctionARN><EventType>viewer-request</EventType>\
         </FunctionAssociation></Items></FunctionAssociations>"
    );
    let content = format!(
        "<CallerReference>{name}</CallerReference><Origins><Quantity>1</Quantity><Items><Origin><Id>o</Id>\
         <DomainName>{origin}</DomainName><CustomOriginConfig><HTTPPort>80</HTTPPort><HTTPSPort>443</HTTPSPort>\
         <OriginProtocolPolicy>http-only</OriginProtocolPolicy></CustomOriginConfig></Origin></Items></Origins>\
         <DefaultCacheBehavior><TargetOriginId>o</TargetOriginId><ViewerProtocolPolicy>allow-all\
         </ViewerProtocolPolicy>{association}<CachePolicyId>658327ea-f89d-4fab-a63d-7e88639e58f6</CachePolicyId>\
         </DefaultCacheBehavior><Comment></Comment><Enabled>true</Enabled>"
    );
    document("POST", "distribution", None, &element("DistributionConfig", &content))
}

/// CreateFunction, with a store that it reads.
pub(crate) fn create_function(name: &str, code: &str, store: &str) -> Signed {
    let code = STANDARD.encode(code);
    let content = format!(
        "<Name>{name}</Name><FunctionConfig><Comment></Comment><Runtime>cloudfront-js-2.0</Runtime>\
         <KeyValueStoreAssociations><Quantity>1</Quantity><Items><KeyValueStoreAssociation><KeyValueStoreARN>{store}\
         </KeyValueStoreARN></KeyValueStoreAssociation></Items></KeyValueStoreAssociations></FunctionConfig>\
         <FunctionCode>{code}</FunctionCode>"
    );
    document("POST", "function", None, &element("CreateFunctionRequest", &content))
}

/// PublishFunction of the stage that has this ETag.
pub(crate) fn publish_function(name: &str, etag: &str) -> Signed {
    document("POST", &format!("function/{name}/publish"), Some(etag), "")
}

/// What a browser asks for: GET without a signature of AWS's, with the headers of every browser.
#[expect(clippy::expect_used, reason = "what this module makes can be written as a request")]
pub(crate) fn get(host: &str, path: &str) -> Signed {
    let request = Request::get(format!("http://{host}{path}"))
        .header(http::header::HOST, host)
        .header("user-agent", "Mozilla/5.0 (X11; Linux x86_64; rv:128.0) Gecko/20100101 Firefox/128.0")
        .header("accept", "text/html,application/xhtml+xml")
        .header("accept-language", "en-GB,en;q=0.5")
        .header("accept-encoding", "gzip, br");
    request.body(Bytes::new()).expect("a request")
}

fn data_plane(method: &str, path: &str, if_match: Option<&str>, body: Bytes) -> Signed {
    let mut request = Request::builder().method(method).uri(format!("{DATA_PLANE}{path}"));
    if let Some(etag) = if_match {
        request = request.header(IF_MATCH, etag);
    }
    signed(request, body, &Signer::data_plane(ACCESS_KEY, secret()))
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

//! Buckets: signed requests as a server gets them, and folders in their place.

use aws_sigv4::sign::v4::{calculate_signature, generate_signing_key};
use keyfront_functions::event::{AccessControlledOrigin, SignedRequests};

use super::server::Server;
use super::*;

const BUCKET: &str = "photos.s3.eu-west-1.amazonaws.com";
const SECRET: &str = "wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY";

fn bucket(signs: Option<SignedRequests>) -> OriginDescription {
    let mut origin = description(BUCKET);
    origin.kind = OriginKind::Bucket;
    origin.access_control = signs.map(|signs| RequestSigning { signs, origin: AccessControlledOrigin::S3 });
    origin
}

fn with_endpoint(server: &Server) -> OriginSettings {
    let s3 = S3Settings {
        endpoint: Some(server.url().parse().unwrap()),
        credentials: Some(OriginCredentials {
            access_key_id: "AKIDEXAMPLE".to_owned(),
            secret_access_key: SECRET.to_owned(),
            session_token: None,
        }),
        ..S3Settings::default()
    };
    OriginSettings { s3, ..OriginSettings::default() }
}

/// Checks the signature of a request by what arrived alone, as a server does.
fn is_signed_rightly(request: &str) -> bool {
    let (head, _body) = request.split_once("\r\n\r\n").unwrap();
    let mut lines = head.lines();
    let [method, target, _version] = lines.next().unwrap().split(' ').collect::<Vec<_>>().try_into().unwrap();
    let headers: BTreeMap<_, _> = lines
        .map(|line| line.split_once(": ").unwrap())
        .map(|(name, value)| (name.to_ascii_lowercase(), value))
        .collect();
    let authorization = headers["authorization"];
    let part = |name: &str| {
        let (_, rest) = authorization.split_once(name).unwrap();
        rest.split(',').next().unwrap()
    };
    let names = part("SignedHeaders=");
    let listed: Vec<_> = names.split(';').map(|name| format!("{name}:{}\n", headers[name])).collect();
    let listed = listed.concat();
    let (path, query) = target.split_once('?').unwrap_or((target, ""));
    let digest = headers["x-amz-content-sha256"];
    let canonical = format!("{method}\n{path}\n{query}\n{listed}\n{names}\n{digest}");
    let scope = "20150830/eu-west-1/s3/aws4_request";
    assert_eq!(part("Credential="), format!("AKIDEXAMPLE/{scope}"));
    let to_sign = format!("AWS4-HMAC-SHA256\n{}\n{scope}\n{}", headers["x-amz-date"], sha256(&canonical));
    let key = generate_signing_key(SECRET, clock()(), "eu-west-1", "s3");
    calculate_signature(key, to_sign.as_bytes()) == part("Signature=")
}

fn sha256(text: &str) -> String {
    let suite = rustls::crypto::aws_lc_rs::cipher_suite::TLS13_AES_128_GCM_SHA256;
    let suite = suite.tls13().unwrap();
    hex::encode(suite.common.hash_provider.hash(text.as_bytes()))
}

#[tokio::test]
async fn a_signed_request_is_what_its_signature_says() {
    let server = Server::answering(OK).await;
    let mut origin = bucket(Some(SignedRequests::Always));
    origin.path = "/v1".to_owned();
    origin.custom_headers = vec![("x-amz-meta-a".parse().unwrap(), "of the origin".parse().unwrap())];
    let mut request = get("/a%20b.txt");
    request.query = Some("a=1&b=2".to_owned());
    for (name, value) in [
        ("host", "www.example.com"),
        ("authorization", "of the viewer"),
        ("x-amz-date", "20200101T000000Z"),
        ("x-amz-cf-id", "id"),
        ("x-amz-meta-a", "of the viewer"),
        ("range", "bytes=0-1"),
    ] {
        request.headers.insert(name, value.parse().unwrap());
    }
    assert_eq!(asked(&origins(with_endpoint(&server)), &plan(origin), request).await, ok());
    let sent = server.request();
    let first = format!("GET /photos/v1/a%20b.txt?a=1&b=2 HTTP/1.1\r\nHost: {}\r\n", server.address);
    assert!(sent.starts_with(&first), "{sent}");
    assert!(
        sent.contains("SignedHeaders=host;x-amz-cf-id;x-amz-content-sha256;x-amz-date;x-amz-meta-a,"),
        "{sent}"
    );
    assert!(
        sent.contains("\r\nX-Amz-Meta-A: of the origin\r\n") && sent.contains("\r\nRange: bytes=0-1\r\n"),
        "{sent}"
    );
    assert!(is_signed_rightly(&sent), "{sent}");
    assert!(!is_signed_rightly(&sent.replace("a%20b", "a%20c")));
}

#[tokio::test]
async fn requests_are_signed_as_the_access_control_says() {
    for (signs, authorization, signed) in [
        (Some(SignedRequests::Always), Some("of the viewer"), true),
        (Some(SignedRequests::NoOverride), None, true),
        (Some(SignedRequests::NoOverride), Some("of the viewer"), false),
        (None, Some("of the viewer"), false),
    ] {
        let server = Server::answering(OK).await;
        let mut request = get("/");
        if let Some(value) = authorization {
            request.headers.insert("authorization", value.parse().unwrap());
        }
        assert_eq!(asked(&origins(with_endpoint(&server)), &plan(bucket(signs)), request).await, ok());
        let sent = server.request();
        assert_eq!(sent.contains("AWS4-HMAC-SHA256"), signed, "{signs:?} {authorization:?}");
        assert_eq!(sent.contains("of the viewer"), authorization.is_some() && !signed, "{signs:?}");
    }
}

#[tokio::test]
async fn a_folder_answers_for_a_bucket_whose_requests_are_signed() {
    let folder = tempfile::tempdir().unwrap();
    std::fs::write(folder.path().join("a.txt"), "from the folder").unwrap();
    let folders = BTreeMap::from([("photos".to_owned(), BucketFolder::at(folder.path().to_owned()))]);
    let s3 = S3Settings { folders, ..S3Settings::default() };
    let origins = origins(OriginSettings { s3, reach_unmapped: false, ..OriginSettings::default() });
    let mut identity = bucket(None);
    identity.has_identity = true;
    for (origin, path, expected) in [
        (bucket(Some(SignedRequests::Always)), "/a.txt", (200, Some("from the folder"))),
        (identity, "/a.txt", (200, Some("from the folder"))),
        (bucket(Some(SignedRequests::Always)), "/b.txt", (403, None)),
        (bucket(None), "/a.txt", (403, None)),
        (description("photos.s3-website.eu-west-1.amazonaws.com"), "/a.txt", (200, Some("from the folder"))),
        (description("photos.s3-website.eu-west-1.amazonaws.com"), "/b.txt", (404, None)),
    ] {
        let (status, body) = asked(&origins, &plan(origin), get(path)).await.unwrap();
        assert_eq!((status, Some(body.as_str()).filter(|_| status == 200)), expected, "{path}");
    }
}

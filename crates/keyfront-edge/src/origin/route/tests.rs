//! Tests of routes: where a request goes to, under which names.

use std::collections::BTreeMap;
use std::path::PathBuf;

use http::Method;
use keyfront_functions::event::AccessControlledOrigin;

use super::*;
use crate::origin::RequestSigning;
use crate::origin::settings::OriginCredentials;
use crate::origin::tests::{description, get};

fn settings() -> OriginSettings {
    let mut settings = OriginSettings::default();
    settings.s3.credentials = Some(OriginCredentials {
        access_key_id: "AKIDEXAMPLE".to_owned(),
        secret_access_key: "secret".to_owned(),
        session_token: None,
    });
    settings
}

fn bucket(name: &str) -> OriginDescription {
    OriginDescription { kind: OriginKind::Bucket, ..description(name) }
}

fn signed(
    mut origin: OriginDescription,
    kind: AccessControlledOrigin,
    signs: SignedRequests,
) -> OriginDescription {
    origin.access_control = Some(RequestSigning { signs, origin: kind });
    origin
}

/// A route in words: scheme, peer, `Host`, prefix, and what it is signed for.
fn told(settings: &OriginSettings, origin: &OriginDescription, request: &OriginRequest) -> String {
    match find(settings, origin, request) {
        Ok(Route::Server(route)) => {
            let scheme = if route.peer.tls.is_some() { "https" } else { "http" };
            let signed = route.scope.map(|scope| format!(" signed {:?} {}", scope.origin, scope.region));
            let Peer { host, port, .. } = route.peer;
            let header = route.host.to_str().unwrap();
            format!("{scheme}://{host}:{port}{} Host {header}{}", route.prefix, signed.unwrap_or_default())
        }
        Ok(Route::Folder(folder)) => {
            let Folder { bucket, website, admitted, prefix } = folder;
            format!("{}{prefix} website {website} admitted {admitted}", bucket.path.display())
        }
        Err(failure) => format!("{failure:?}").split('(').next().unwrap().to_owned(),
    }
}

#[test]
fn a_server_is_reached_as_its_protocol_policy_says() {
    for (protocol, secure, expected) in [
        (ProtocolPolicy::HttpOnly, true, "http://a.example.com:81/v1 Host a.example.com"),
        (ProtocolPolicy::HttpsOnly, false, "https://a.example.com:444/v1 Host a.example.com"),
        (ProtocolPolicy::MatchViewer, false, "http://a.example.com:81/v1 Host a.example.com"),
        (ProtocolPolicy::MatchViewer, true, "https://a.example.com:444/v1 Host a.example.com"),
    ] {
        let mut origin = description("a.example.com");
        origin.path = "/v1".to_owned();
        origin.kind = OriginKind::Server(ServerOrigin {
            http_port: 81,
            https_port: 444,
            protocol,
            ip_address_type: None,
        });
        let request = OriginRequest { secure, ..get("/") };
        assert_eq!(told(&settings(), &origin, &request), expected, "{protocol:?} {secure}");
    }
}

#[test]
fn a_mapping_gives_address_and_scheme_alone() {
    let mut settings = settings();
    settings.mappings = BTreeMap::from([
        ("a.example.com".to_owned(), "http://127.0.0.1:3000".parse().unwrap()),
        ("b.example.com".to_owned(), "https://127.0.0.1:3443/x".parse().unwrap()),
        ("c.example.com".to_owned(), Target::Folder(PathBuf::from("site"))),
        ("b.s3.amazonaws.com".to_owned(), Target::Folder(PathBuf::from("site"))),
        ("b.s3-website-us-east-1.amazonaws.com".to_owned(), Target::Folder(PathBuf::from("site"))),
    ]);
    let mut https_only = description("a.example.com");
    https_only.kind = OriginKind::Server(ServerOrigin {
        http_port: 80,
        https_port: 443,
        protocol: ProtocolPolicy::HttpsOnly,
        ip_address_type: None,
    });
    for (origin, expected) in [
        (https_only, "http://127.0.0.1:3000 Host a.example.com"),
        (description("b.example.com"), "https://127.0.0.1:3443/x Host b.example.com"),
        (description("c.example.com"), "site website true admitted true"),
        (bucket("b.s3.amazonaws.com"), "site website false admitted false"),
        (description("b.s3-website-us-east-1.amazonaws.com"), "site website true admitted true"),
    ] {
        assert_eq!(told(&settings, &origin, &get("/")), expected, "{}", origin.domain_name);
    }
}

#[test]
fn a_bucket_is_a_folder_or_at_the_endpoint_or_in_s3() {
    let name = "b.s3.eu-west-1.amazonaws.com";
    let plain = settings();
    let mut folder = settings();
    folder.s3.folders = BTreeMap::from([("b".to_owned(), BucketFolder::at("site".into()))]);
    let mut endpoint = settings();
    endpoint.s3.endpoint = Some("http://127.0.0.1:9000".parse().unwrap());
    let mut garage = endpoint.clone();
    garage.s3.region = Some("garage".to_owned());
    garage.s3.path_style = Some(false);
    let always = |name| signed(bucket(name), AccessControlledOrigin::S3, SignedRequests::Always);
    let website = "b.s3-website-us-east-1.amazonaws.com";
    for (settings, origin, expected) in [
        (&plain, bucket(name), format!("http://{name}:80 Host {name}")),
        (&plain, always(name), format!("https://{name}:443 Host {name} signed S3 eu-west-1")),
        (&plain, always("b.s3.amazonaws.com"), {
            "https://b.s3.amazonaws.com:443 Host b.s3.amazonaws.com signed S3 us-east-1".to_owned()
        }),
        (&folder, bucket(name), "site website false admitted false".to_owned()),
        (&folder, always(name), "site website false admitted true".to_owned()),
        (&folder, description(website), "site website true admitted true".to_owned()),
        (
            &folder,
            bucket("c.s3.amazonaws.com"),
            "http://c.s3.amazonaws.com:80 Host c.s3.amazonaws.com".to_owned(),
        ),
        (&endpoint, bucket(name), "http://127.0.0.1:9000/b Host 127.0.0.1:9000".to_owned()),
        (
            &endpoint,
            always(name),
            "http://127.0.0.1:9000/b Host 127.0.0.1:9000 signed S3 eu-west-1".to_owned(),
        ),
        (&garage, always(name), "http://127.0.0.1:9000 Host b.127.0.0.1:9000 signed S3 garage".to_owned()),
        (&endpoint, description(website), format!("http://{website}:80 Host {website}")),
    ] {
        assert_eq!(told(settings, &origin, &get("/")), expected);
    }
    let mut without_keys = plain;
    without_keys.s3.credentials = None;
    assert_eq!(told(&without_keys, &always(name), &get("/")), "NotReachableHere");
    let mut closed = OriginSettings { reach_unmapped: false, ..OriginSettings::default() };
    assert_eq!(told(&closed, &bucket(name), &get("/")), "NotReachableHere");
    closed.s3.bucket_host_suffixes = vec!["objects.example.com".to_owned()];
    closed.s3.endpoint = Some("http://127.0.0.1:9000".parse().unwrap());
    let of_suffix = told(&closed, &bucket("b.objects.example.com"), &get("/"));
    assert_eq!(of_suffix, "http://127.0.0.1:9000/b Host 127.0.0.1:9000");
}

#[test]
fn signed_requests_have_the_origins_host_and_others_the_forwarded_one() {
    // AWS: "Origin access control": signing behavior.
    let lambda = "abc.lambda-url.eu-central-1.on.aws";
    for (signs, authorization, expected) in [
        (
            SignedRequests::Always,
            false,
            format!("https://{lambda}:443 Host {lambda} signed Lambda eu-central-1"),
        ),
        (
            SignedRequests::Always,
            true,
            format!("https://{lambda}:443 Host {lambda} signed Lambda eu-central-1"),
        ),
        (
            SignedRequests::NoOverride,
            false,
            format!("https://{lambda}:443 Host {lambda} signed Lambda eu-central-1"),
        ),
        (SignedRequests::NoOverride, true, format!("http://{lambda}:80 Host www.example.com")),
        (SignedRequests::Never, false, format!("http://{lambda}:80 Host www.example.com")),
    ] {
        let origin = signed(description(lambda), AccessControlledOrigin::Lambda, signs);
        let mut request = OriginRequest { method: Method::GET, ..get("/") };
        request.headers.insert(HOST, HeaderValue::from_static("www.example.com"));
        if authorization {
            request.headers.insert("authorization", HeaderValue::from_static("Bearer x"));
        }
        assert_eq!(told(&settings(), &origin, &request), expected, "{signs:?} {authorization}");
    }
}

#[test]
fn names_in_tls_are_those_of_the_host_header_and_of_the_origin() {
    // AWS: "Requirements for using SSL/TLS certificates with CloudFront"; "updateRequestOrigin()".
    let mut settings = settings();
    settings.mappings =
        BTreeMap::from([("m.example.com".to_owned(), "https://dev.example.net".parse().unwrap())]);
    for (name, forwarded, sni, allowed, expected_sni, accepted) in [
        ("a.example.com", None, None, &[][..], "a.example.com", &["a.example.com"][..]),
        (
            "a.example.com",
            Some("www.example.com:8443"),
            None,
            &[],
            "www.example.com",
            &["a.example.com", "www.example.com"],
        ),
        ("a.example.com", Some("192.0.2.1"), None, &[], "a.example.com", &["a.example.com"]),
        (
            "a.example.com",
            None,
            Some("s.example.com"),
            &[],
            "s.example.com",
            &["a.example.com", "s.example.com"],
        ),
        (
            "a.example.com",
            None,
            Some("s.example.com"),
            &["*.c.example.com"],
            "s.example.com",
            &["*.c.example.com"],
        ),
        ("m.example.com", None, None, &[], "m.example.com", &["dev.example.net", "m.example.com"]),
    ] {
        let mut origin = description(name);
        origin.sni = sni.map(str::to_owned);
        origin.allowed_certificate_names = allowed.iter().map(|name: &&str| (*name).to_owned()).collect();
        let mut request = OriginRequest { secure: true, ..get("/") };
        if let Some(host) = forwarded {
            request.headers.insert(HOST, HeaderValue::from_static(host));
        }
        let Ok(Route::Server(route)) = find(&settings, &origin, &request) else { panic!("{name}") };
        let tls = route.peer.tls.unwrap();
        assert_eq!(
            (tls.sni.as_str(), tls.accepted),
            (expected_sni, accepted.iter().map(|n| (*n).to_owned()).collect())
        );
    }
}

//! Tests of origins as distributions and functions describe them.

use keyfront_functions::event::{CustomHeaders, OriginTimeouts};
use serde_json::json;

use super::*;

fn origin(document: serde_json::Value) -> config::Origin {
    serde_json::from_value(document).unwrap()
}

fn control(behavior: &str, kind: &str) -> OriginAccessControlConfig {
    let document = json!({"Name": "n", "SigningProtocol": "sigv4", "SigningBehavior": behavior,
        "OriginAccessControlOriginType": kind});
    serde_json::from_value(document).unwrap()
}

/// What `OriginMtlsConfig` names.
const CERTIFICATE: &str =
    "arn:aws:acm:us-east-1:111122223333:certificate/54947df8-0e9e-4471-a2f9-9af509fb5889";

fn server() -> OriginDescription {
    let document = json!({
        "Id": "api", "DomainName": "API.example.com", "OriginPath": "/v1",
        "CustomHeaders": {"Quantity": 1, "Items": [{"HeaderName": "X-Key", "HeaderValue": "ü"}]},
        "CustomOriginConfig": {
            "HTTPPort": 8080, "HTTPSPort": 8443, "OriginProtocolPolicy": "match-viewer",
            "OriginSslProtocols": {"Quantity": 1, "Items": ["TLSv1.2"]}, "OriginReadTimeout": 20,
            "OriginKeepaliveTimeout": 7, "IpAddressType": "ipv6", "OriginMtlsConfig": {"ClientCertificateArn": CERTIFICATE}
        },
        "ConnectionAttempts": 2, "ConnectionTimeout": 4, "ResponseCompletionTimeout": 90,
        "OriginShield": {"Enabled": true, "OriginShieldRegion": "us-east-2"}
    });
    OriginDescription::compile(&origin(document), None).unwrap()
}

fn bucket(identity: &str, control: Option<&OriginAccessControlConfig>) -> OriginDescription {
    let document = json!({"Id": "b", "DomainName": "b.s3.eu-west-1.amazonaws.com",
        "S3OriginConfig": {"OriginAccessIdentity": identity}});
    OriginDescription::compile(&origin(document), control).unwrap()
}

#[test]
fn an_origin_is_described_by_its_document() {
    let expected = OriginDescription {
        id: "api".into(),
        domain_name: "api.example.com".to_owned(),
        path: "/v1".to_owned(),
        custom_headers: vec![(
            HeaderName::from_static("x-key"),
            HeaderValue::from_bytes("ü".as_bytes()).unwrap(),
        )],
        kind: OriginKind::Server(ServerOrigin {
            http_port: 8080,
            https_port: 8443,
            protocol: ProtocolPolicy::MatchViewer,
            ip_address_type: Some(IpAddressType::Ipv6),
        }),
        access_control: None,
        has_identity: false,
        host_header: None,
        sni: None,
        allowed_certificate_names: Vec::new(),
        client_certificate: Some(CERTIFICATE.to_owned()),
        connection_attempts: 2,
        times: OriginTimes {
            connection: Duration::from_secs(4),
            read: Duration::from_secs(20),
            completion: Some(Duration::from_secs(90)),
            keep_alive: Duration::from_secs(7),
        },
        shield_region: Some("us-east-2".to_owned()),
    };
    assert_eq!(server(), expected);
}

#[test]
fn values_of_custom_headers_are_not_printed() {
    let headers = Some(CustomHeaders(vec![("x-secret".to_owned(), "hush".to_owned())]));
    let update = OriginUpdate { custom_headers: headers, ..OriginUpdate::default() };
    let printed = format!("{:?}", server().updated(&update));
    assert!(printed.contains("x-secret") && !printed.contains("hush"), "{printed}");
}

#[test]
fn what_a_document_leaves_out_is_as_the_service_has_it() {
    // AWS: "Origin settings".
    let bucket = bucket("", None);
    assert_eq!(bucket.kind, OriginKind::Bucket);
    assert_eq!(bucket.connection_attempts, 3);
    let times = OriginTimes {
        connection: Duration::from_secs(10),
        read: Duration::from_secs(30),
        completion: None,
        keep_alive: Duration::from_secs(5),
    };
    assert_eq!(bucket.times, times);
    let document =
        json!({"Id": "v", "DomainName": "i.example.com", "VpcOriginConfig": {"VpcOriginId": "vo_a"}});
    let vpc = OriginDescription::compile(&origin(document), None).unwrap();
    assert_eq!(vpc.kind, OriginKind::Vpc { id: "vo_a".to_owned() });
}

#[test]
fn a_document_that_the_service_refuses_is_not_described() {
    let server = |member: &str, value: serde_json::Value| {
        let mut document = json!({"Id": "a", "DomainName": "a.example.com",
            "CustomOriginConfig": {"OriginProtocolPolicy": "http-only"}});
        if let Some(existing) = document.get_mut(member) {
            existing.as_object_mut().unwrap().extend(value.as_object().unwrap().clone());
        } else {
            document[member] = value;
        }
        document
    };
    for (document, what) in [
        (json!({"Id": "a"}), "CustomOriginConfig"),
        (server("CustomOriginConfig", json!({"OriginProtocolPolicy": "any"})), "OriginProtocolPolicy"),
        (server("CustomOriginConfig", json!({"HTTPPort": 70000})), "HTTPPort"),
        (server("ConnectionAttempts", json!(1000)), "ConnectionAttempts"),
        (
            server("CustomHeaders", json!({"Items": [{"HeaderName": "a", "HeaderValue": "b\r\nc: d"}]})),
            "CustomHeaders",
        ),
    ] {
        let error = OriginDescription::compile(&origin(document), None).unwrap_err();
        assert_eq!(error.what, what);
    }
    for (behavior, kind, what) in
        [("sometimes", "s3", "SigningBehavior"), ("always", "s4", "OriginAccessControlOriginType")]
    {
        let document = origin(json!({"Id": "a", "S3OriginConfig": {}}));
        let error = OriginDescription::compile(&document, Some(&control(behavior, kind))).unwrap_err();
        assert_eq!(error.what, what);
    }
}

#[test]
fn requests_are_signed_for_an_access_control_or_an_identity() {
    use AccessControlledOrigin::{Lambda, S3};
    use SignedRequests::{Always, NoOverride};
    let signing = |signs, origin| Some(RequestSigning { signs, origin });
    for (identity, document, expected) in [
        ("", None, None),
        ("", Some(control("always", "s3")), signing(Always, S3)),
        ("", Some(control("no-override", "lambda")), signing(NoOverride, Lambda)),
        ("", Some(control("never", "s3")), None),
        ("origin-access-identity/cloudfront/E74FTE3AEXAMPLE", None, signing(Always, S3)),
    ] {
        assert_eq!(bucket(identity, document.as_ref()).signing(), expected, "{identity} {document:?}");
    }
}

#[test]
fn a_function_changes_what_it_names_and_nothing_else() {
    assert_eq!(server().updated(&OriginUpdate::default()), server());
    let update = OriginUpdate {
        domain_name: Some("Other.example.com".to_owned()),
        overrides: OriginOverrides {
            host_header: Some("host.example.com".to_owned()),
            sni: Some("sni.example.com".to_owned()),
            allowed_certificate_names: Some(vec!["*.example.com".to_owned()]),
        },
        path: Some(String::new()),
        custom_headers: Some(CustomHeaders(vec![("x-new".to_owned(), "1".to_owned())])),
        connection_attempts: Some(1),
        shield: Some(OriginShield::Disabled),
        access_control: None,
        timeouts: OriginTimeouts {
            read_s: Some(1),
            response_completion_s: Some(2),
            keep_alive_s: Some(3),
            connection_s: Some(4),
        },
        connection: Some(OriginConnection {
            port: 9443,
            protocol: OriginProtocol::Https,
            tls_versions: Vec::new(),
            ip_address_type: Some(IpAddressType::Ipv6),
        }),
        without_client_certificate: true,
    };
    let expected = OriginDescription {
        client_certificate: None,
        domain_name: "other.example.com".to_owned(),
        path: String::new(),
        custom_headers: vec![(HeaderName::from_static("x-new"), HeaderValue::from_static("1"))],
        kind: OriginKind::Server(ServerOrigin {
            http_port: 80,
            https_port: 9443,
            protocol: ProtocolPolicy::HttpsOnly,
            ip_address_type: Some(IpAddressType::Ipv6),
        }),
        host_header: Some(HeaderValue::from_static("host.example.com")),
        sni: Some("sni.example.com".to_owned()),
        allowed_certificate_names: vec!["*.example.com".to_owned()],
        connection_attempts: 1,
        times: OriginTimes {
            connection: Duration::from_secs(4),
            read: Duration::from_secs(1),
            completion: Some(Duration::from_secs(2)),
            keep_alive: Duration::from_secs(3),
        },
        shield_region: None,
        ..server()
    };
    assert_eq!(server().updated(&update), expected);
}

#[test]
fn an_origin_becomes_a_bucket_or_stops_being_one_with_its_name() {
    let signed =
        OriginAccessControl::Enabled { signs: SignedRequests::Always, origin: AccessControlledOrigin::S3 };
    let always = control("always", "s3");
    let identity = "origin-access-identity/cloudfront/E74FTE3AEXAMPLE";
    for (origin, name, access_control, is_bucket, is_signed) in [
        (bucket("", Some(&always)), "c.s3.amazonaws.com", None, true, true),
        (bucket(identity, None), "c.s3.amazonaws.com", None, true, true),
        (bucket(identity, None), "www.example.com", None, false, false),
        (bucket("", Some(&always)), "c.s3.amazonaws.com", Some(OriginAccessControl::Disabled), true, false),
        (server(), "c.s3.amazonaws.com", Some(signed), true, true),
        (server(), "c.s3.amazonaws.com", None, false, false),
        (server(), "www.example.com", None, false, false),
    ] {
        let domain_name = Some(name.to_owned());
        let update = OriginUpdate { domain_name, access_control, ..OriginUpdate::default() };
        let updated = origin.updated(&update);
        assert_eq!(updated.kind == OriginKind::Bucket, is_bucket, "{} {update:?}", origin.id);
        assert_eq!(updated.signing().is_some(), is_signed, "{} {update:?}", origin.id);
    }
}

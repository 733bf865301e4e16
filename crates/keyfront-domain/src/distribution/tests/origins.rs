//! Rules of origins and groups.

use serde_json::{Value, json};

use super::bodies::{aws_cli, cloudformation, terraform};
use super::{assert_found, config, found, with};
use crate::Quotas;
use crate::distribution::S3Hosts;

#[test]
fn an_origin_is_a_domain_name() {
    let host = "Origins.Items.0.DomainName";
    let colon =
        "Origins.Items[0].DomainName: InvalidArgument: The parameter origin name cannot contain a colon.";
    let address =
        "Origins.Items[0].DomainName: InvalidArgument: The parameter origin name cannot be an IP address";
    let domain =
        "Origins.Items[0].DomainName: InvalidArgument: The parameter origin name must be a domain name.";
    let long = format!("{}.example.com", "a".repeat(64));
    assert_found(
        &terraform(),
        &[
            (&[(host, json!("www.example.com"))], &[]),
            (&[(host, json!("old_bucket.example.com"))], &[]),
            (&[(host, json!("https://www.example.com"))], &[colon]),
            (&[(host, json!("www.example.com:8080"))], &[colon]),
            (&[(host, json!("::1"))], &[colon]),
            (&[(host, json!("192.0.2.7"))], &[address]),
            (&[(host, json!("localhost"))], &[domain]),
            (&[(host, json!(""))], &[domain]),
            (&[(host, json!("www.example.com/path"))], &[domain]),
            (&[(host, json!("www..example.com"))], &[domain]),
            (&[(host, json!(long))], &[domain]),
            (&[(host, json!("{{tenant}}.example.com"))], &[domain]),
        ],
    );
}

#[test]
fn an_origin_of_s3_is_a_bucket() {
    let no_bucket = "Origins.Items[0].DomainName: InvalidArgument: The parameter Origin DomainName does not refer to a \
                     valid S3 bucket.";
    for (host, bucket) in [
        ("b.s3.amazonaws.com", true),
        ("B.S3.amazonaws.com", true),
        ("my.old.bucket.s3.amazonaws.com", true),
        ("b.s3.us-east-1.amazonaws.com", true),
        ("b.s3-us-west-2.amazonaws.com", true),
        ("b.s3-external-1.amazonaws.com", true),
        ("b.s3.us-gov-west-1.amazonaws.com", true),
        ("b.s3.dualstack.eu-west-1.amazonaws.com", true),
        ("b.s3.cn-north-1.amazonaws.com.cn", true),
        ("ap-111122223333.s3-accesspoint.eu-west-1.amazonaws.com", true),
        ("b.s3-website-us-east-1.amazonaws.com", false),
        ("b.s3-website.eu-central-1.amazonaws.com", false),
        ("s3.amazonaws.com", false),
        ("s3.us-east-1.amazonaws.com", false),
        ("example.com", false),
        ("b.s3.example.com", false),
        ("b.s3.somewhere.amazonaws.com", false),
    ] {
        let expected: &[&str] = if bucket { &[] } else { &[no_bucket] };
        let body = with(aws_cli(), &[("Origins.Items.0.DomainName", json!(host))]);
        assert_eq!(found(body), expected, "{host}");
    }
}

#[test]
fn an_operator_can_name_other_stores_of_objects() {
    let hosts = S3Hosts {
        suffixes: vec!["s3.localhost.localstack.cloud".to_owned(), ".objects.internal".to_owned()],
    };
    for (host, bucket) in [
        ("b.s3.localhost.localstack.cloud", true),
        ("b.objects.internal", true),
        ("objects.internal", false),
        ("bobjects.internal", false),
    ] {
        assert_eq!(hosts.is_bucket(host), bucket, "{host}");
        let body = config(with(aws_cli(), &[("Origins.Items.0.DomainName", json!(host))]));
        assert_eq!(body.check_members(&Quotas::default(), &hosts).is_ok(), bucket, "{host}");
    }
}

#[test]
fn an_origin_has_one_configuration() {
    let text = "Origins.Items[0]: InvalidArgument: Exactly one of CustomOriginConfig and S3OriginConfig must be \
                specified";
    let custom = terraform()["Origins"]["Items"][0]["CustomOriginConfig"].clone();
    let (s3, other) = ("Origins.Items.0.S3OriginConfig", "Origins.Items.0.CustomOriginConfig");
    let vpc = "Origins.Items.0.VpcOriginConfig";
    assert_found(
        &aws_cli(),
        &[
            (&[(s3, json!(null))], &[text]),
            (&[(other, custom)], &[text]),
            (&[(vpc, json!({ "VpcOriginId": "vo_1" }))], &[text]),
            (&[(s3, json!(null)), (vpc, json!({ "VpcOriginId": "vo_1" }))], &[]),
            (
                &[(s3, json!(null)), (vpc, json!({ "VpcOriginId": "" }))],
                &[
                    // R5 V-edge/create-distribution-empty-vpc-origin-id, a capture of 2026-10 in MiniStack's tests.
                    "Origins.Items[0].VpcOriginConfig.VpcOriginId: InvalidArgument: The parameter vpcOriginId must not be \
                     empty for VPC Origin.",
                ],
            ),
        ],
    );
}

#[test]
fn access_is_by_identity_or_by_control() {
    let identity = "Origins.Items.0.S3OriginConfig.OriginAccessIdentity";
    let control = "Origins.Items.0.OriginAccessControlId";
    let unknown = "Origins.Items[0].S3OriginConfig.OriginAccessIdentity: InvalidOriginAccessIdentity: The specified \
                   origin access identity does not exist or is not valid.";
    let path = || json!("origin-access-identity/cloudfront/E2QWRUHAPOMQZL");
    assert_found(
        &aws_cli(),
        &[
            (&[(identity, path())], &[]),
            (&[(control, json!("E1UOO8R317GEA1"))], &[]),
            (&[(identity, json!("E2QWRUHAPOMQZL"))], &[unknown]),
            (&[(identity, json!("origin-access-identity/cloudfront/"))], &[unknown]),
            (
                &[(identity, path()), (control, json!("E1UOO8R317GEA1"))],
                &[
                    "Origins.Items[0].OriginAccessControlId: IllegalOriginAccessConfiguration: An origin cannot contain both \
               an origin access control (OAC) and an origin access identity (OAI).",
                ],
            ),
        ],
    );
}

#[test]
fn a_control_fits_the_origins_that_name_it() {
    let differ = "InvalidArgument: Illegal configuration: The origin type and OAC origin type differ.";
    let name = "InvalidDomainNameForOriginAccessControl: An origin access control is associated with an origin whose \
                domain name is not supported.";
    let control = ("Origins.Items.0.OriginAccessControlId", json!("E1"));
    let identity = "Origins.Items.0.S3OriginConfig.OriginAccessIdentity";
    let custom =
        |host: &str| with(terraform(), &[control.clone(), ("Origins.Items.0.DomainName", json!(host))]);
    for (body, origin_type, expected) in [
        (with(aws_cli(), std::slice::from_ref(&control)), "s3", None),
        (with(aws_cli(), std::slice::from_ref(&control)), "lambda", Some(differ)),
        (
            with(aws_cli(), &[control.clone(), (identity, json!("origin-access-identity/cloudfront/E2"))]),
            "s3",
            Some(differ),
        ),
        (custom("api.example.com"), "s3", Some(differ)),
        (custom("api.example.com"), "lambda", Some(name)),
        (custom("abc.lambda-url.eu-west-1.on.aws"), "lambda", None),
        (custom("abc.data.mediastore.eu-west-1.amazonaws.com"), "mediastore", None),
        (custom("abc.egress.mediapackagev2.eu-west-1.amazonaws.com"), "mediapackagev2", None),
        (custom("abc.lambda-url.eu-west-1.on.aws"), "mediastore", Some(name)),
    ] {
        let config = config(body);
        let refusal =
            config.check_origin_access_control("E1", origin_type).err().map(|error| error.to_string());
        assert_eq!(refusal.as_deref(), expected, "{origin_type} {:?}", config.origins.items[0].domain_name);
        assert_eq!(config.check_origin_access_control("E2", origin_type), Ok(()), "another control");
    }
}

#[test]
fn ids_are_unique_among_origins_and_groups() {
    assert_found(
        &cloudformation(),
        &[
            (
                &[("Origins.Items.1.Id", json!("StackOrigin1"))],
                &[
                    "Origins.Items[1].Id: InvalidArgument: The parameter Id is not unique.",
                    "OriginGroups.Items[0].Members.Items[1].OriginId: NoSuchOrigin: One or more of your origins or origin \
                 groups do not exist.",
                ],
            ),
            (
                &[
                    ("OriginGroups.Items.0.Id", json!("StackOrigin1")),
                    ("DefaultCacheBehavior.TargetOriginId", json!("StackOrigin2")),
                ],
                &["OriginGroups.Items[0].Id: InvalidArgument: The parameter Id is not unique."],
            ),
            // Two origins that are equal but for their ids are fine.
            (&[("Origins.Items.1.DomainName", json!("site.s3.eu-central-1.amazonaws.com"))], &[]),
        ],
    );
}

#[test]
fn a_group_has_two_origins_and_statuses_of_failure() {
    let members = "OriginGroups.Items.0.Members.Items.1.OriginId";
    let codes = "OriginGroups.Items.0.FailoverCriteria.StatusCodes.Items.1";
    assert_found(
        &cloudformation(),
        &[
            (
                &[(members, json!("StackOrigin1"))],
                &[
                    "OriginGroups.Items[0].Members.Items[1].OriginId: InvalidArgument: The parameter OriginId is not unique.",
                ],
            ),
            (&[(codes, json!(429))], &[]),
            (
                &[(codes, json!(200))],
                &[
                    "OriginGroups.Items[0].FailoverCriteria.StatusCodes: InvalidArgument: The parameter StatusCode is \
               invalid.",
                ],
            ),
        ],
    );
}

#[test]
fn times_and_ports_are_limited() {
    let custom = |member: &str| format!("Origins.Items.0.CustomOriginConfig.{member}");
    let [read, keepalive, http] = ["OriginReadTimeout", "OriginKeepaliveTimeout", "HTTPPort"].map(custom);
    let place = "Origins.Items[0].CustomOriginConfig";
    let read_refused = format!(
        "{place}.OriginReadTimeout: InvalidOriginReadTimeout: The read timeout specified for the origin is not valid."
    );
    let keepalive_refused = format!(
        "{place}.OriginKeepaliveTimeout: InvalidOriginKeepaliveTimeout: The keep alive timeout specified for the origin \
         is not valid."
    );
    let port_refused = format!("{place}.HTTPPort: InvalidArgument: The parameter HTTPPort is invalid.");
    let attempts =
        "Origins.Items[0].ConnectionAttempts: InvalidArgument: The parameter ConnectionAttempts is invalid.";
    let timeout =
        "Origins.Items[0].ConnectionTimeout: InvalidArgument: The parameter ConnectionTimeout is invalid.";
    let whole = "Origins.Items[0].ResponseCompletionTimeout: InvalidArgument: The parameter ResponseCompletionTimeout \
                 is invalid.";
    let shield = "Origins.Items[0].OriginShield.OriginShieldRegion: InvalidArgument: The parameter OriginShieldRegion \
                  is required.";
    let completion = "Origins.Items.0.ResponseCompletionTimeout";
    assert_found(
        &terraform(),
        &[
            (&[(&read, json!(120)), (&keepalive, json!(1))], &[]),
            (&[(&read, json!(0))], &[&read_refused]),
            (&[(&read, json!(121))], &[&read_refused]),
            (&[(&keepalive, json!(121))], &[&keepalive_refused]),
            (&[(&http, json!(8080))], &[]),
            (&[(&http, json!(81))], &[&port_refused]),
            (&[(&http, json!(65_536))], &[&port_refused]),
            (&[("Origins.Items.0.ConnectionAttempts", json!(4))], &[attempts]),
            (&[("Origins.Items.0.ConnectionTimeout", json!(11))], &[timeout]),
            (&[(completion, json!(30))], &[]),
            (&[(completion, json!(29))], &[whole]),
            (&[("Origins.Items.0.OriginShield", json!({ "Enabled": true }))], &[shield]),
            (
                &[(
                    "Origins.Items.0.OriginShield",
                    json!({ "Enabled": true, "OriginShieldRegion": "eu-west-1" }),
                )],
                &[],
            ),
        ],
    );
}

#[test]
fn a_path_begins_with_a_slash_and_does_not_end_with_one() {
    let refused = "Origins.Items[0].OriginPath: InvalidArgument: The parameter OriginPath is invalid.";
    let place = "Origins.Items.0.OriginPath";
    let long = format!("/{}", "p".repeat(255));
    assert_found(
        &terraform(),
        &[
            (&[(place, json!("/production/images"))], &[]),
            (&[(place, json!("production"))], &[refused]),
            (&[(place, json!("/production/"))], &[refused]),
            (&[(place, json!("/"))], &[refused]),
            (
                &[(place, json!(long))],
                &["Origins.Items[0].OriginPath: InvalidArgument: The parameter OriginPath is too big."],
            ),
        ],
    );
}

#[test]
fn headers_for_an_origin_have_names_and_lengths() {
    let headers = |pairs: &[(&str, &str)]| -> Value {
        let items: Vec<_> =
            pairs.iter().map(|(name, value)| json!({ "HeaderName": name, "HeaderValue": value })).collect();
        json!({ "Quantity": items.len(), "Items": items })
    };
    let name =
        |text: &str| format!("Origins.Items[0].CustomHeaders.Items[0].HeaderName: InvalidArgument: {text}");
    let (long_name, long_value) = ("n".repeat(257), "v".repeat(1784));
    let many: Vec<_> = (0..6).map(|n| (format!("x-{n}"), "v".repeat(1783))).collect();
    let many: Vec<_> = many.iter().map(|(name, value)| (name.as_str(), value.as_str())).collect();
    for (pairs, expected) in [
        (vec![("x-secret", "s"), ("Authorization", "Basic")], vec![]),
        (vec![("", "s")], vec![name("The parameter HeaderName is required.")]),
        (vec![("a b", "s")], vec![name("The parameter HeaderName contains a b that is not allowed.")]),
        (vec![("Host", "s")], vec![name("The parameter HeaderName contains Host that is not allowed.")]),
        (vec![("x-amz-id", "s")], vec![name("The parameter HeaderName contains x-amz-id that is not allowed.")]),
        (vec![("X-Edge-Y", "s")], vec![name("The parameter HeaderName contains X-Edge-Y that is not allowed.")]),
        (vec![(long_name.as_str(), "s")], vec![name("The parameter HeaderName is too big.")]),
        (
            vec![("x-secret", long_value.as_str())],
            vec!["Origins.Items[0].CustomHeaders.Items[0].HeaderValue: InvalidArgument: The parameter HeaderValue is \
                  too big."
                .to_owned()],
        ),
        (
            vec![("x-a", "1"), ("X-A", "2")],
            vec!["Origins.Items[0].CustomHeaders.Items[1].HeaderName: InvalidArgument: The parameter HeaderName is not \
                  unique."
                .to_owned()],
        ),
        (
            many,
            vec!["Origins.Items[0].CustomHeaders: InvalidArgument: The parameter CustomHeaders is too big.".to_owned()],
        ),
    ] {
        let body = with(terraform(), &[("Origins.Items.0.CustomHeaders", headers(&pairs))]);
        assert_eq!(found(body), expected, "{pairs:?}");
    }
}

//! What the service fills in.

use serde_json::{Value, json};

use super::bodies::{aws_cli, cloudformation, multi_tenant, terraform};
use super::{Members, completed, found, with};

/// `create-distribution --origin-domain-name` of the AWS CLI's examples, with what the service shows since.
#[test]
fn the_body_of_the_aws_cli_is_filled_in() {
    let two = json!({ "Quantity": 2, "Items": ["HEAD", "GET"] });
    let expected = json!({
        "CallerReference": "cli-example",
        "Aliases": { "Quantity": 0 },
        "DefaultRootObject": "index.html",
        "Origins": { "Quantity": 1, "Items": [{
            "Id": "bucket",
            "DomainName": "amzn-s3-demo-bucket.s3.amazonaws.com",
            "OriginPath": "",
            "CustomHeaders": { "Quantity": 0 },
            "S3OriginConfig": { "OriginAccessIdentity": "", "OriginReadTimeout": 30 },
            "ConnectionAttempts": 3,
            "ConnectionTimeout": 10,
            "OriginShield": { "Enabled": false },
            "OriginAccessControlId": "",
        }]},
        "OriginGroups": { "Quantity": 0 },
        "DefaultCacheBehavior": {
            "TargetOriginId": "bucket",
            "ForwardedValues": {
                "QueryString": false,
                "Cookies": { "Forward": "none" },
                "Headers": { "Quantity": 0 },
                "QueryStringCacheKeys": { "Quantity": 0 },
            },
            "TrustedSigners": { "Enabled": false, "Quantity": 0 },
            "TrustedKeyGroups": { "Enabled": false, "Quantity": 0 },
            "ViewerProtocolPolicy": "allow-all",
            "MinTTL": 0,
            "AllowedMethods": { "Quantity": 2, "Items": ["HEAD", "GET"], "CachedMethods": two },
            "SmoothStreaming": false,
            "DefaultTTL": 86_400,
            "MaxTTL": 31_536_000,
            "Compress": false,
            "LambdaFunctionAssociations": { "Quantity": 0 },
            "FunctionAssociations": { "Quantity": 0 },
            "FieldLevelEncryptionId": "",
            "GrpcConfig": { "Enabled": false },
        },
        "CacheBehaviors": { "Quantity": 0 },
        "CustomErrorResponses": { "Quantity": 0 },
        "Comment": "",
        "Logging": { "Enabled": false, "IncludeCookies": false, "Bucket": "", "Prefix": "" },
        "PriceClass": "PriceClass_All",
        "Enabled": true,
        "ViewerCertificate": {
            "CloudFrontDefaultCertificate": true,
            "SSLSupportMethod": "vip",
            "MinimumProtocolVersion": "TLSv1",
            "CertificateSource": "cloudfront",
        },
        "Restrictions": { "GeoRestriction": { "RestrictionType": "none", "Quantity": 0 } },
        "WebACLId": "",
        "HttpVersion": "http2",
        "IsIPV6Enabled": true,
        "ContinuousDeploymentPolicyId": "",
        "Staging": false,
    });
    assert_eq!(Value::from(completed(aws_cli())), expected);
    assert_eq!(found(aws_cli()), Vec::<String>::new());
}

/// A member of a completed configuration, by its place.
fn at(config: &Members, place: &str) -> Value {
    let pointer = format!("/{}", place.replace('.', "/"));
    Value::from(config.clone()).pointer(&pointer).cloned().unwrap_or_default()
}

/// Looks at one place after each change of a body; `null` where the member is not shown.
fn assert_completed(body: &Value, cases: &[(&str, Value, &str, Value)]) {
    for (place, sent, shown, expected) in cases {
        let config = completed(with(body.clone(), &[(place, sent.clone())]));
        assert_eq!(at(&config, shown), *expected, "{place} {sent}");
    }
}

#[test]
fn the_body_of_terraform_is_shown_as_it_is_sent_but_for_form_and_what_it_leaves_out() {
    let config = completed(terraform());
    let expected = with(
        terraform(),
        &[
            ("Aliases", json!({ "Quantity": 0 })),
            ("CacheBehaviors", json!({ "Quantity": 0 })),
            ("OriginGroups", json!({ "Quantity": 0 })),
            ("Origins.Items.0.CustomHeaders", json!({ "Quantity": 0 })),
            ("Origins.Items.0.OriginShield", json!({ "Enabled": false })),
            ("DefaultCacheBehavior.CachePolicyId", json!(null)),
            ("DefaultCacheBehavior.OriginRequestPolicyId", json!(null)),
            ("DefaultCacheBehavior.ResponseHeadersPolicyId", json!(null)),
            ("DefaultCacheBehavior.GrpcConfig", json!({ "Enabled": false })),
            ("DefaultCacheBehavior.AllowedMethods.Items", json!(["HEAD", "GET", "OPTIONS"])),
            ("DefaultCacheBehavior.AllowedMethods.CachedMethods.Items", json!(["HEAD", "GET"])),
            ("DefaultCacheBehavior.ForwardedValues.Headers", json!({ "Quantity": 0 })),
            ("DefaultCacheBehavior.ForwardedValues.QueryStringCacheKeys", json!({ "Quantity": 0 })),
            ("DefaultCacheBehavior.FunctionAssociations", json!({ "Quantity": 0 })),
            ("DefaultCacheBehavior.LambdaFunctionAssociations", json!({ "Quantity": 0 })),
            ("Restrictions.GeoRestriction", json!({ "RestrictionType": "none", "Quantity": 0 })),
            ("ViewerCertificate.SSLSupportMethod", json!("vip")),
            ("ViewerCertificate.CertificateSource", json!("cloudfront")),
        ],
    );
    assert_eq!(Value::from(config), expected);
    assert_eq!(found(terraform()), Vec::<String>::new());
}

#[test]
fn the_body_of_cloudformation_gets_ipv6_and_loses_empty_items() {
    let config = completed(cloudformation());
    for (place, expected) in [
        ("IsIPV6Enabled", json!(true)),
        ("CacheBehaviors", json!({ "Quantity": 0 })),
        ("DefaultCacheBehavior.TrustedSigners", json!({ "Enabled": false, "Quantity": 0 })),
        ("DefaultCacheBehavior.MinTTL", json!(null)),
        ("DefaultCacheBehavior.ForwardedValues", json!(null)),
        ("OriginGroups.Items.0.SelectionCriteria", json!(null)),
        ("ViewerCertificate.CertificateSource", json!("acm")),
        ("ConnectionMode", json!(null)),
    ] {
        assert_eq!(at(&config, place), expected, "{place}");
    }
    assert_eq!(found(cloudformation()), Vec::<String>::new());
}

/// Example 3 of `create-distribution`, with the read timeout of S3 origins that the service shows since.
#[test]
fn a_multi_tenant_distribution_has_members_of_its_own() {
    let config = completed(multi_tenant());
    let arn = multi_tenant()["ViewerCertificate"]["ACMCertificateArn"].clone();
    let mut expected = multi_tenant();
    for (member, value) in [
        ("OriginGroups", json!({ "Quantity": 0 })),
        ("CacheBehaviors", json!({ "Quantity": 0 })),
        ("CustomErrorResponses", json!({ "Quantity": 0 })),
        ("Logging", json!({ "Enabled": false, "IncludeCookies": false, "Bucket": "", "Prefix": "" })),
        ("Restrictions", json!({ "GeoRestriction": { "RestrictionType": "none", "Quantity": 0 } })),
        ("WebACLId", json!("")),
        ("Origins.Items.0.ConnectionAttempts", json!(3)),
        ("Origins.Items.0.ConnectionTimeout", json!(10)),
        ("Origins.Items.0.OriginShield", json!({ "Enabled": false })),
        ("Origins.Items.0.OriginAccessControlId", json!("")),
        ("Origins.Items.0.S3OriginConfig.OriginReadTimeout", json!(30)),
        ("DefaultCacheBehavior.TrustedKeyGroups", json!({ "Enabled": false, "Quantity": 0 })),
        ("DefaultCacheBehavior.Compress", json!(false)),
        ("DefaultCacheBehavior.LambdaFunctionAssociations", json!({ "Quantity": 0 })),
        ("DefaultCacheBehavior.FunctionAssociations", json!({ "Quantity": 0 })),
        ("DefaultCacheBehavior.FieldLevelEncryptionId", json!("")),
        ("DefaultCacheBehavior.GrpcConfig", json!({ "Enabled": false })),
        ("ViewerCertificate.CloudFrontDefaultCertificate", json!(false)),
        ("ViewerCertificate.MinimumProtocolVersion", json!("TLSv1.2_2021")),
        ("ViewerCertificate.Certificate", arn),
        ("ViewerCertificate.CertificateSource", json!("acm")),
    ] {
        expected = with(expected, &[(member, value)]);
    }
    assert_eq!(Value::from(config), expected);
    assert_eq!(found(multi_tenant()), Vec::<String>::new());
    assert_completed(
        &multi_tenant(),
        &[
            (
                "ViewerCertificate",
                json!(null),
                "ViewerCertificate",
                json!({
                    "CloudFrontDefaultCertificate": true,
                    "SSLSupportMethod": "sni-only",
                    "MinimumProtocolVersion": "TLSv1",
                    "CertificateSource": "cloudfront",
                }),
            ),
            ("Aliases", json!({ "Quantity": 0, "Items": [] }), "Aliases", json!(null)),
            ("Staging", json!(false), "Staging", json!(null)),
            ("ContinuousDeploymentPolicyId", json!(""), "ContinuousDeploymentPolicyId", json!(null)),
            (
                "DefaultCacheBehavior.SmoothStreaming",
                json!(false),
                "DefaultCacheBehavior.SmoothStreaming",
                json!(null),
            ),
            (
                "DefaultCacheBehavior.TrustedSigners",
                json!({ "Enabled": false, "Quantity": 0 }),
                "DefaultCacheBehavior.TrustedSigners",
                json!(null),
            ),
        ],
    );
}

#[test]
fn members_that_are_left_out_have_the_values_of_the_service() {
    let custom = json!({ "HTTPPort": 80, "HTTPSPort": 443, "OriginProtocolPolicy": "https-only" });
    let vpc = json!({ "VpcOriginId": "vo_BQwjxxQxjCaBcQLzJUFkDM", "OwnerAccountId": "" });
    let lambda = json!({ "Quantity": 1, "Items": [
        { "LambdaFunctionARN": "arn:aws:lambda:us-east-1:111122223333:function:f:1", "EventType": "origin-request" },
    ]});
    let errors = json!({ "Quantity": 1, "Items": [{ "ErrorCode": 404 }] });
    assert_completed(
        &aws_cli(),
        &[
            (
                "Origins.Items.0.CustomOriginConfig",
                custom.clone(),
                "Origins.Items.0.CustomOriginConfig",
                json!({
                    "HTTPPort": 80,
                    "HTTPSPort": 443,
                    "OriginProtocolPolicy": "https-only",
                    "OriginSslProtocols": { "Quantity": 2, "Items": ["SSLv3", "TLSv1"] },
                    "OriginReadTimeout": 30,
                    "OriginKeepaliveTimeout": 5,
                }),
            ),
            (
                "Origins.Items.0.VpcOriginConfig",
                vpc,
                "Origins.Items.0.VpcOriginConfig",
                json!({
                    "VpcOriginId": "vo_BQwjxxQxjCaBcQLzJUFkDM",
                    "OriginReadTimeout": 30,
                    "OriginKeepaliveTimeout": 5,
                }),
            ),
            (
                "DefaultCacheBehavior.LambdaFunctionAssociations",
                lambda,
                "DefaultCacheBehavior.LambdaFunctionAssociations.Items.0.IncludeBody",
                json!(false),
            ),
            (
                "CustomErrorResponses",
                errors,
                "CustomErrorResponses.Items.0",
                json!({
                    "ErrorCode": 404, "ErrorCachingMinTTL": 10,
                }),
            ),
            ("DefaultRootObject", json!(null), "DefaultRootObject", json!("")),
            ("Comment", json!(null), "Comment", json!("")),
            ("AnycastIpListId", json!(""), "AnycastIpListId", json!(null)),
            ("TenantConfig", json!({}), "TenantConfig", json!(null)),
            ("ConnectionMode", json!("direct"), "ConnectionMode", json!("direct")),
            ("HttpVersion", json!("HTTP2and3"), "HttpVersion", json!("http2and3")),
            ("IsIPV6Enabled", json!(false), "IsIPV6Enabled", json!(false)),
        ],
    );
}

#[test]
fn logs_that_are_not_written_have_neither_bucket_nor_prefix() {
    let logging = |enabled: bool| json!({ "Enabled": enabled, "IncludeCookies": true, "Bucket": "logs.s3.amazonaws.com", "Prefix": "p/" });
    let emptied = json!({ "Enabled": false, "IncludeCookies": true, "Bucket": "", "Prefix": "" });
    assert_completed(
        &aws_cli(),
        &[
            ("Logging", logging(true), "Logging", logging(true)),
            ("Logging", logging(false), "Logging", emptied),
            (
                "Logging",
                json!({ "Enabled": true, "Bucket": "b" }),
                "Logging",
                json!({
                    "Enabled": true, "IncludeCookies": false, "Bucket": "b", "Prefix": "",
                }),
            ),
        ],
    );
}

#[test]
fn methods_are_shown_in_one_order() {
    let all = json!(["GET", "HEAD", "OPTIONS", "PUT", "POST", "PATCH", "DELETE"]);
    let methods = |items: Value| json!({ "Quantity": items.as_array().unwrap().len(), "Items": items });
    let (place, items) = ("DefaultCacheBehavior.AllowedMethods", "DefaultCacheBehavior.AllowedMethods.Items");
    let sorted = json!(["HEAD", "DELETE", "POST", "GET", "OPTIONS", "PUT", "PATCH"]);
    let cached = "DefaultCacheBehavior.AllowedMethods.CachedMethods";
    assert_completed(
        &aws_cli(),
        &[
            (place, methods(all.clone()), items, sorted),
            (place, methods(json!(["GET", "HEAD"])), items, json!(["HEAD", "GET"])),
            (place, methods(json!(["OPTIONS", "GET", "HEAD"])), items, json!(["HEAD", "GET", "OPTIONS"])),
            (place, methods(all), cached, json!({ "Quantity": 2, "Items": ["HEAD", "GET"] })),
        ],
    );
}

#[test]
fn forwarded_values_bring_ttls_and_lists() {
    let seconds = |ttls: Value| {
        let behavior = with(aws_cli(), &[("DefaultCacheBehavior.MinTTL", json!(null))]);
        let mut behavior = behavior["DefaultCacheBehavior"].clone();
        behavior.as_object_mut().unwrap().extend(super::members(ttls));
        let config = completed(with(aws_cli(), &[("DefaultCacheBehavior", behavior)]));
        ["MinTTL", "DefaultTTL", "MaxTTL"].map(|ttl| at(&config, &format!("DefaultCacheBehavior.{ttl}")))
    };
    for (ttls, expected) in [
        (json!({ "MinTTL": 0 }), [0, 86_400, 31_536_000]),
        (json!({ "MinTTL": 3600 }), [3600, 86_400, 31_536_000]),
        (json!({ "MinTTL": 100_000 }), [100_000, 100_000, 31_536_000]),
        (json!({ "MinTTL": 40_000_000 }), [40_000_000, 40_000_000, 40_000_000]),
        (json!({ "MinTTL": 0, "DefaultTTL": 0, "MaxTTL": 0 }), [0, 0, 0]),
        (json!({ "MinTTL": 0, "DefaultTTL": 40_000_000 }), [0, 40_000_000, 40_000_000]),
    ] {
        assert_eq!(seconds(ttls.clone()), expected.map(Value::from), "{ttls}");
    }
    let listed = json!({ "Quantity": 1, "Items": ["session"] });
    let cookies = "DefaultCacheBehavior.ForwardedValues.Cookies";
    assert_completed(
        &aws_cli(),
        &[
            (
                cookies,
                json!({ "Forward": "whitelist", "WhitelistedNames": listed }),
                cookies,
                json!({ "Forward": "whitelist", "WhitelistedNames": listed }),
            ),
            (
                cookies,
                json!({ "Forward": "all", "WhitelistedNames": listed }),
                cookies,
                json!({ "Forward": "all" }),
            ),
        ],
    );
}

#[test]
fn with_a_cache_policy_nothing_is_added_that_the_policy_says() {
    let behavior = json!({
        "TargetOriginId": "bucket", "ViewerProtocolPolicy": "allow-all", "CachePolicyId": "p",
        "RealtimeLogConfigArn": "",
    });
    let config = completed(with(aws_cli(), &[("DefaultCacheBehavior", behavior)]));
    for member in ["ForwardedValues", "MinTTL", "DefaultTTL", "MaxTTL", "RealtimeLogConfigArn"] {
        assert_eq!(at(&config, &format!("DefaultCacheBehavior.{member}")), Value::Null, "{member}");
    }
}

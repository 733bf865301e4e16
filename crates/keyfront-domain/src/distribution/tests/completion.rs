//! What the service fills in.

use serde_json::{Value, json};

use super::{completed, found, sent, with};

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
    assert_eq!(Value::from(completed(sent())), expected);
    assert_eq!(found(sent()), Vec::<String>::new());
}

#[test]
fn to_complete_what_is_complete_changes_nothing() {
    for changes in [
        vec![],
        vec![("ViewerCertificate", json!({ "ACMCertificateArn": "arn", "SSLSupportMethod": "sni-only" }))],
        vec![("ConnectionMode", json!("tenant-only"))],
        vec![("DefaultCacheBehavior.CachePolicyId", json!("id"))],
    ] {
        let once = completed(with(sent(), &changes));
        assert_eq!(completed(once.clone().into()), once, "{changes:?}");
    }
}

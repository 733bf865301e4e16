//! Bodies that clients send.

use serde_json::{Value, json};

/// What `aws cloudfront create-distribution --origin-domain-name` sends for a bucket.
pub(super) fn aws_cli() -> Value {
    json!({
        "CallerReference": "cli-example",
        "Origins": { "Quantity": 1, "Items": [{
            "Id": "bucket",
            "DomainName": "amzn-s3-demo-bucket.s3.amazonaws.com",
            "OriginPath": "",
            "S3OriginConfig": { "OriginAccessIdentity": "" },
        }]},
        "DefaultCacheBehavior": {
            "TargetOriginId": "bucket",
            "ForwardedValues": { "QueryString": false, "Cookies": { "Forward": "none" } },
            "TrustedSigners": { "Enabled": false, "Quantity": 0 },
            "ViewerProtocolPolicy": "allow-all",
            "MinTTL": 0,
        },
        "Comment": "",
        "Enabled": true,
        "DefaultRootObject": "index.html",
    })
}

/// What the Terraform provider sends for a small configuration.
pub(super) fn terraform() -> Value {
    let none = json!({ "Quantity": 0, "Items": [] });
    json!({
        "CallerReference": "terraform-20260102030405060700000001",
        "Aliases": none,
        "Origins": { "Quantity": 1, "Items": [{
            "Id": "api",
            "DomainName": "api.example.com",
            "OriginPath": "",
            "OriginAccessControlId": "",
            "ConnectionAttempts": 3,
            "ConnectionTimeout": 10,
            "CustomHeaders": none,
            "CustomOriginConfig": {
                "HTTPPort": 80,
                "HTTPSPort": 443,
                "OriginProtocolPolicy": "https-only",
                "OriginReadTimeout": 30,
                "OriginKeepaliveTimeout": 5,
                "OriginSslProtocols": { "Quantity": 1, "Items": ["TLSv1.2"] },
            },
        }]},
        "DefaultCacheBehavior": {
            "TargetOriginId": "api",
            "CachePolicyId": "",
            "OriginRequestPolicyId": "",
            "ResponseHeadersPolicyId": "",
            "FieldLevelEncryptionId": "",
            "ViewerProtocolPolicy": "redirect-to-https",
            "Compress": false,
            "SmoothStreaming": false,
            "MinTTL": 0,
            "DefaultTTL": 0,
            "MaxTTL": 0,
            "AllowedMethods": {
                "Quantity": 3,
                "Items": ["GET", "HEAD", "OPTIONS"],
                "CachedMethods": { "Quantity": 2, "Items": ["GET", "HEAD"] },
            },
            "ForwardedValues": {
                "QueryString": true,
                "Cookies": { "Forward": "none" },
                "Headers": none,
                "QueryStringCacheKeys": none,
            },
            "FunctionAssociations": none,
            "LambdaFunctionAssociations": none,
            "TrustedKeyGroups": { "Enabled": false, "Quantity": 0 },
            "TrustedSigners": { "Enabled": false, "Quantity": 0 },
        },
        "CacheBehaviors": none,
        "CustomErrorResponses": { "Quantity": 1, "Items": [{
            "ErrorCode": 404, "ErrorCachingMinTTL": 0, "ResponseCode": "", "ResponsePagePath": "",
        }]},
        "Comment": "",
        "DefaultRootObject": "",
        "Enabled": true,
        "HttpVersion": "http2",
        "IsIPV6Enabled": false,
        "Logging": { "Enabled": false, "IncludeCookies": false, "Bucket": "", "Prefix": "" },
        "PriceClass": "PriceClass_All",
        "Restrictions": { "GeoRestriction": { "RestrictionType": "none", "Quantity": 0, "Items": [] } },
        "Staging": false,
        "ContinuousDeploymentPolicyId": "",
        "ViewerCertificate": { "CloudFrontDefaultCertificate": true, "MinimumProtocolVersion": "TLSv1" },
        "WebACLId": "",
    })
}

/// What CloudFormation sends: every optional list with its empty items, no flag for IPv6.
pub(super) fn cloudformation() -> Value {
    let none = json!({ "Quantity": 0, "Items": [] });
    let disabled = json!({ "Enabled": false, "Quantity": 0, "Items": [] });
    json!({
        "CallerReference": "b5f1f5b8-3d1b-41a8-8a4c-3a1d55b9a7c5",
        "Aliases": { "Quantity": 1, "Items": ["www.example.com"] },
        "DefaultRootObject": "index.html",
        "Origins": { "Quantity": 2, "Items": [
            {
                "Id": "StackOrigin1",
                "DomainName": "site.s3.eu-central-1.amazonaws.com",
                "OriginPath": "",
                "CustomHeaders": none,
                "S3OriginConfig": { "OriginAccessIdentity": "" },
                "OriginAccessControlId": "E1UOO8R317GEA1",
            },
            {
                "Id": "StackOrigin2",
                "DomainName": "standby.s3.eu-west-1.amazonaws.com",
                "OriginPath": "",
                "CustomHeaders": none,
                "S3OriginConfig": { "OriginAccessIdentity": "" },
                "OriginAccessControlId": "E1UOO8R317GEA1",
            },
        ]},
        "OriginGroups": { "Quantity": 1, "Items": [{
            "Id": "StackGroup",
            "FailoverCriteria": { "StatusCodes": { "Quantity": 2, "Items": [500, 503] } },
            "Members": { "Quantity": 2, "Items": [
                { "OriginId": "StackOrigin1" }, { "OriginId": "StackOrigin2" },
            ]},
        }]},
        "DefaultCacheBehavior": {
            "TargetOriginId": "StackGroup",
            "TrustedSigners": disabled,
            "TrustedKeyGroups": disabled,
            "ViewerProtocolPolicy": "redirect-to-https",
            "AllowedMethods": {
                "Quantity": 2,
                "Items": ["HEAD", "GET"],
                "CachedMethods": { "Quantity": 2, "Items": ["HEAD", "GET"] },
            },
            "SmoothStreaming": false,
            "Compress": true,
            "LambdaFunctionAssociations": none,
            "FunctionAssociations": { "Quantity": 1, "Items": [{
                "FunctionARN": "arn:aws:cloudfront::111122223333:function/rewrite",
                "EventType": "viewer-request",
            }]},
            "FieldLevelEncryptionId": "",
            "CachePolicyId": "658327ea-f89d-4fab-a63d-7e88639e58f6",
        },
        "CacheBehaviors": none,
        "CustomErrorResponses": none,
        "Comment": "",
        "Logging": { "Enabled": false, "IncludeCookies": false, "Bucket": "", "Prefix": "" },
        "PriceClass": "PriceClass_100",
        "Enabled": true,
        "ViewerCertificate": {
            "CloudFrontDefaultCertificate": false,
            "ACMCertificateArn": "arn:aws:acm:us-east-1:111122223333:certificate/1954f095-11b6-4daf-9952-0c308a00abcd",
            "SSLSupportMethod": "sni-only",
            "MinimumProtocolVersion": "TLSv1.2_2021",
        },
        "Restrictions": { "GeoRestriction": { "RestrictionType": "none", "Quantity": 0, "Items": [] } },
        "WebACLId": "",
        "HttpVersion": "http2",
    })
}

/// The multi-tenant distribution of the AWS CLI's examples.
pub(super) fn multi_tenant() -> Value {
    json!({
        "CallerReference": "cli-example-with-cert",
        "Comment": "CLI example distribution",
        "DefaultRootObject": "index.html",
        "Origins": { "Quantity": 1, "Items": [{
            "Id": "bucket",
            "DomainName": "amzn-s3-demo-bucket.s3.us-east-1.amazonaws.com",
            "OriginPath": "/{{tenantName}}",
            "CustomHeaders": { "Quantity": 0 },
            "S3OriginConfig": { "OriginAccessIdentity": "" },
        }]},
        "DefaultCacheBehavior": {
            "TargetOriginId": "bucket",
            "CachePolicyId": "658327ea-f89d-4fab-a63d-7e88639e58f6",
            "ViewerProtocolPolicy": "allow-all",
            "AllowedMethods": {
                "Quantity": 2,
                "Items": ["HEAD", "GET"],
                "CachedMethods": { "Quantity": 2, "Items": ["HEAD", "GET"] },
            },
        },
        "Enabled": true,
        "ViewerCertificate": {
            "ACMCertificateArn": "arn:aws:acm:us-east-1:123456789012:certificate/191306a1-db01-49ca-90ef-fc414ee5dabc",
            "SSLSupportMethod": "sni-only",
        },
        "HttpVersion": "http2",
        "ConnectionMode": "tenant-only",
        "TenantConfig": { "ParameterDefinitions": [{
            "Name": "tenantName",
            "Definition": { "StringSchema": {
                "Comment": "tenantName parameter", "DefaultValue": "root", "Required": false,
            }},
        }]},
    })
}

pub(super) fn all() -> [Value; 4] {
    [aws_cli(), terraform(), cloudformation(), multi_tenant()]
}

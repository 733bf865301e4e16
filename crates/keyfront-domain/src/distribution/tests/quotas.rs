//! Quotas of one distribution.

use serde_json::json;

use super::bodies::{cloudformation, terraform};
use super::{config, with};
use crate::Quotas;
use crate::distribution::S3Hosts;

/// Quotas that the bodies just keep.
fn small() -> Quotas {
    Quotas {
        aliases_per_distribution: 1,
        origins_per_distribution: 2,
        origin_groups_per_distribution: 1,
        cache_behaviors_per_distribution: 0,
        custom_headers_per_origin: 0,
        key_groups_per_cache_behavior: 1,
        trusted_signers_per_cache_behavior: 1,
        cookies_per_cache_behavior: 1,
        headers_per_cache_behavior: 1,
        query_strings_per_cache_behavior: 1,
        lambda_function_associations_per_distribution: 0,
        ..Quotas::default()
    }
}

#[test]
fn a_distribution_has_quotas() {
    let quotas = small();
    let two = |items: [&str; 2]| json!({ "Quantity": 2, "Items": items });
    let origin = cloudformation()["Origins"]["Items"][1].clone();
    let third = with(origin, &[("Id", json!("third"))]);
    let group = with(cloudformation()["OriginGroups"]["Items"][0].clone(), &[("Id", json!("again"))]);
    let behavior = with(cloudformation()["DefaultCacheBehavior"].clone(), &[("PathPattern", json!("*.js"))]);
    let header = json!({ "Quantity": 1, "Items": [{ "HeaderName": "x-a", "HeaderValue": "" }] });
    let lambda = json!({ "Quantity": 1, "Items": [
        { "LambdaFunctionARN": "arn:aws:lambda:us-east-1:111122223333:function:f:1", "EventType": "origin-request" },
    ]});
    let trusted = json!({ "Enabled": true, "Quantity": 2, "Items": ["111122223333", "self"] });
    let forwarded = |member: &str| format!("DefaultCacheBehavior.ForwardedValues.{member}");
    let cookies = json!({ "Forward": "whitelist", "WhitelistedNames": two(["a", "b"]) });
    for (body, place, value, code) in [
        (cloudformation(), "Aliases", two(["a.example.com", "b.example.com"]), "TooManyDistributionCNAMEs"),
        (
            with(cloudformation(), &[("Origins.Quantity", json!(3))]),
            "Origins.Items",
            json!([cloudformation()["Origins"]["Items"][0], cloudformation()["Origins"]["Items"][1], third]),
            "TooManyOrigins",
        ),
        (
            with(cloudformation(), &[("OriginGroups.Quantity", json!(2))]),
            "OriginGroups.Items",
            json!([cloudformation()["OriginGroups"]["Items"][0], group]),
            "TooManyOriginGroupsPerDistribution",
        ),
        (
            cloudformation(),
            "CacheBehaviors",
            json!({ "Quantity": 1, "Items": [behavior] }),
            "TooManyCacheBehaviors",
        ),
        (terraform(), "Origins.Items.0.CustomHeaders", header, "TooManyOriginCustomHeaders"),
        (terraform(), "DefaultCacheBehavior.TrustedSigners", trusted.clone(), "TooManyTrustedSigners"),
        (
            terraform(),
            "DefaultCacheBehavior.TrustedKeyGroups",
            trusted,
            "TooManyKeyGroupsAssociatedToDistribution",
        ),
        (
            terraform(),
            "DefaultCacheBehavior.LambdaFunctionAssociations",
            lambda,
            "TooManyLambdaFunctionAssociations",
        ),
        (terraform(), &forwarded("Cookies"), cookies, "TooManyCookieNamesInWhiteList"),
        (terraform(), &forwarded("Headers"), two(["Origin", "Accept"]), "TooManyHeadersInForwardedValues"),
        (terraform(), &forwarded("QueryStringCacheKeys"), two(["a", "b"]), "TooManyQueryStringParameters"),
    ] {
        let config = config(with(body, &[(place, value)]));
        let codes: Vec<_> = config
            .findings(&quotas, &S3Hosts::default())
            .iter()
            .map(|finding| format!("{:?}", finding.refusal.code()))
            .collect();
        assert_eq!(codes, [code], "{place}");
        assert_eq!(config.check_members(&quotas, &S3Hosts::default()), Ok(()), "{place}");
        assert_eq!(format!("{:?}", config.check_aliases_and_quotas(&quotas).unwrap_err().code()), code);
        assert_eq!(config.check(&Quotas::default()), Ok(()), "{place}");
    }
}

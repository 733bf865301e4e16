//! What an update and a create must say.

use serde_json::{Value, json};

use super::bodies::{aws_cli, multi_tenant, terraform};
use super::{completed, members, with};
use crate::distribution::{check_required_on_update, check_sent, required_on_update, sent};

/// A whole configuration with a second behavior, as a client would read it.
fn read() -> Value {
    let mut config = completed(terraform());
    let mut behavior = config["DefaultCacheBehavior"].clone();
    behavior["PathPattern"] = json!("/api/*");
    config.insert("CacheBehaviors".to_owned(), json!({ "Quantity": 1, "Items": [behavior] }));
    config.into()
}

#[test]
fn an_update_says_everything_that_the_service_does_not_guess() {
    let header_settings = "InvalidArgument: The parameter Header settings is required.";
    let smooth = "InvalidArgument: The parameter SmoothStreaming flag is missing.";
    let encryption = "InvalidArgument: The parameter Field level encryption id is required.";
    let custom = "Origins.Items.0.CustomOriginConfig";
    for (place, expected) in [
        ("Aliases", "IllegalUpdate: Aliases are missing for the resource"),
        ("Origins.Items.0.CustomHeaders", "IllegalUpdate: The 'OriginCustomHeaders' field is missing"),
        ("DefaultCacheBehavior.SmoothStreaming", smooth),
        ("CacheBehaviors.Items.0.SmoothStreaming", smooth),
        (&format!("{custom}.OriginReadTimeout"), "IllegalUpdate: OriginReadTimeout is required for updates"),
        ("DefaultCacheBehavior.FieldLevelEncryptionId", encryption),
        ("CacheBehaviors.Items.0.FieldLevelEncryptionId", encryption),
        ("DefaultCacheBehavior.ForwardedValues.Headers", header_settings),
        (
            "CustomErrorResponses",
            "IllegalUpdate: The specified list of custom error responses does not exist or is not valid.",
        ),
        ("DefaultCacheBehavior.MinTTL", "InvalidArgument: The parameter MinTTL is required."),
        (
            "DefaultCacheBehavior.ForwardedValues",
            "InvalidArgument: The parameter ForwardedValues is required.",
        ),
        ("Origins.Items.0.OriginPath", "InvalidArgument: The parameter OriginPath is required."),
        (
            &format!("{custom}.OriginSslProtocols"),
            "InvalidArgument: The parameter OriginSslProtocols is required.",
        ),
        ("DefaultCacheBehavior.AllowedMethods", "InvalidArgument: The parameter AllowedMethods is required."),
        ("CacheBehaviors.Items.0.Compress", "InvalidArgument: The parameter Compress is required."),
        (
            "DefaultCacheBehavior.LambdaFunctionAssociations",
            "InvalidArgument: The parameter LambdaFunctionAssociations is required.",
        ),
        ("DefaultRootObject", "InvalidArgument: The parameter DefaultRootObject is required."),
        ("CacheBehaviors", "InvalidArgument: The parameter CacheBehaviors is required."),
        ("Logging", "InvalidArgument: The parameter Logging is required."),
        ("PriceClass", "InvalidArgument: The parameter PriceClass is required."),
        ("ViewerCertificate", "InvalidArgument: The parameter ViewerCertificate is required."),
        ("Restrictions", "InvalidArgument: The parameter Restrictions is required."),
        ("WebACLId", "InvalidArgument: The parameter WebACLId is required."),
        ("HttpVersion", "InvalidArgument: The parameter HttpVersion is required."),
    ] {
        let sent = members(with(read(), &[(place, Value::Null)]));
        let refusal = check_required_on_update(&sent).err().map(|refusal| refusal.to_string());
        assert_eq!(refusal.as_deref(), Some(expected), "{place}");
        let found = required_on_update(&sent);
        let written = place.replace("Items.0", "Items[0]");
        assert_eq!(found.iter().map(|finding| finding.place.as_str()).collect::<Vec<_>>(), [written]);
    }
}

#[test]
fn an_update_may_leave_out_what_is_newer() {
    for place in [
        "OriginGroups",
        "IsIPV6Enabled",
        "Staging",
        "ContinuousDeploymentPolicyId",
        "Origins.Items.0.OriginShield",
        "Origins.Items.0.OriginAccessControlId",
        "Origins.Items.0.ConnectionAttempts",
        "DefaultCacheBehavior.TrustedSigners",
        "DefaultCacheBehavior.TrustedKeyGroups",
        "DefaultCacheBehavior.FunctionAssociations",
        "DefaultCacheBehavior.GrpcConfig",
        "DefaultCacheBehavior.ForwardedValues.QueryStringCacheKeys",
    ] {
        let sent = members(with(read(), &[(place, Value::Null)]));
        assert_eq!(check_required_on_update(&sent), Ok(()), "{place}");
    }
    let multi_tenant = completed(multi_tenant());
    assert_eq!(check_required_on_update(&multi_tenant), Ok(()));
}

/// As seen: aliases first, then origins, then behaviors.
#[test]
fn the_first_refusal_of_a_create_sent_as_an_update_is_that_of_the_aliases() {
    let found: Vec<_> =
        required_on_update(&members(aws_cli())).iter().map(|finding| finding.place.clone()).collect();
    let expected = [
        "Aliases",
        "Origins.Items[0].CustomHeaders",
        "DefaultCacheBehavior.SmoothStreaming",
        "DefaultCacheBehavior.FieldLevelEncryptionId",
        "DefaultCacheBehavior.ForwardedValues.Headers",
        "CustomErrorResponses",
        "DefaultCacheBehavior.AllowedMethods",
        "DefaultCacheBehavior.Compress",
        "DefaultCacheBehavior.LambdaFunctionAssociations",
        "CacheBehaviors",
        "Logging",
        "PriceClass",
        "ViewerCertificate",
        "Restrictions",
        "WebACLId",
        "HttpVersion",
    ];
    assert_eq!(found, expected);
}

#[test]
fn a_create_says_what_is_never_filled_in() {
    let function = |event: &str| {
        json!({ "Quantity": 1, "Items": [
            { "FunctionARN": "arn:aws:cloudfront::111122223333:function/f", "EventType": event },
        ]})
    };
    let certificate = json!({ "ACMCertificateArn": "arn" });
    let behavior =
        json!({ "Quantity": 1, "Items": [{ "FunctionAssociations": function("origin-response") }] });
    let event = |value: &str, path: &str| {
        format!(
            "MalformedXML: 1 validation error detected: Value '{value}' at \
             'distributionConfig.{path}.functionAssociations.items.1.member.eventType' failed to satisfy constraint: \
             Member must satisfy value set: [viewer-request, viewer-response]"
        )
    };
    let default = "DefaultCacheBehavior";
    for (place, value, expected) in [
        ("Comment", json!(null), None),
        (
            "DefaultCacheBehavior.MinTTL",
            json!(null),
            Some("InvalidArgument: The parameter MinTTL is required.".into()),
        ),
        (
            "DefaultCacheBehavior.ForwardedValues",
            json!(null),
            Some("InvalidArgument: The parameter ForwardedValues is required.".into()),
        ),
        ("DefaultCacheBehavior.CachePolicyId", json!("id"), None),
        (
            "ViewerCertificate",
            certificate,
            Some("InvalidArgument: The parameter SSLSupportMethod is required.".into()),
        ),
        (
            &format!("{default}.FunctionAssociations"),
            function("origin-request"),
            Some(event("origin-request", "defaultCacheBehavior")),
        ),
        (&format!("{default}.FunctionAssociations"), function("viewer-response"), None),
        ("CacheBehaviors", behavior, Some(event("origin-response", "cacheBehaviors.items.1.member"))),
    ] {
        let document = members(with(aws_cli(), &[(place, value)]));
        let refusal = check_sent(&document).err().map(|refusal| refusal.to_string());
        assert_eq!(refusal, expected, "{place}");
        assert_eq!(sent(&document).is_empty(), expected.is_none());
    }
    let without = members(with(multi_tenant(), &[("DefaultCacheBehavior.CachePolicyId", Value::Null)]));
    let refusal = check_sent(&without).unwrap_err().to_string();
    assert_eq!(refusal, "InvalidArgument: The parameter CachePolicyId is required.");
}

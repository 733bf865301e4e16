//! Tests of the rules of streaming distributions.

use serde_json::{Map, Value, json};

use super::{StreamingDistributionConfig, active_trusted_signers, complete};
use crate::Quotas;
use crate::distribution::S3Hosts;

/// A configuration in which this member is different, completed.
fn completed(member: &str, value: Value) -> Map<String, Value> {
    let mut config = json!({
        "CallerReference": "r",
        "S3Origin": { "DomainName": "media.s3.amazonaws.com", "OriginAccessIdentity": "" },
        "Comment": "",
        "TrustedSigners": { "Enabled": false, "Quantity": 0 },
        "Enabled": true,
    });
    config[member] = value;
    let Value::Object(mut config) = config else { panic!() };
    complete(&mut config);
    config
}

fn view(member: &str, value: Value) -> StreamingDistributionConfig {
    serde_json::from_value(completed(member, value).into()).unwrap()
}

fn origin(domain_name: &str, identity: &str) -> Value {
    json!({ "DomainName": domain_name, "OriginAccessIdentity": identity })
}

#[test]
fn what_is_left_out_is_filled_in() {
    let config = completed("Comment", json!("c"));
    for (member, expected) in [
        ("Aliases", json!({ "Quantity": 0 })),
        ("Logging", json!({ "Enabled": false, "Bucket": "", "Prefix": "" })),
        ("PriceClass", json!("PriceClass_All")),
        ("TrustedSigners", json!({ "Enabled": false, "Quantity": 0 })),
    ] {
        assert_eq!(config[member], expected, "{member}");
    }
    let logging = json!({ "Enabled": true, "Bucket": "logs.s3.amazonaws.com", "Prefix": "p/" });
    assert_eq!(completed("Logging", logging.clone())["Logging"], logging);
    let off = json!({ "Enabled": false, "Bucket": "logs.s3.amazonaws.com", "Prefix": "p/" });
    assert_eq!(completed("Logging", off)["Logging"]["Bucket"], "");
    assert_eq!(
        completed("Aliases", json!({ "Quantity": 0, "Items": [] }))["Aliases"],
        json!({ "Quantity": 0 })
    );
}

#[test]
fn the_rules_refuse_in_the_words_of_the_service() {
    let listed = |items: &[&str]| json!({ "Quantity": items.len(), "Items": items });
    let signers = |enabled: bool, items: &[&str]| json!({ "Enabled": enabled, "Quantity": items.len(), "Items": items });
    let no_bucket = "InvalidArgument: The parameter Origin DomainName does not refer to a valid S3 bucket.";
    let no_identity =
        "InvalidOriginAccessIdentity: The specified origin access identity does not exist or is not valid.";
    let many: Vec<_> = (0..101).map(|n| format!("a{n}.example.com")).collect();
    let many: Vec<_> = many.iter().map(String::as_str).collect();
    for (member, value, expected) in [
        ("CallerReference", json!(""), "InvalidArgument: The parameter CallerReference is required."),
        ("Comment", json!("c".repeat(129)), "InvalidArgument: The parameter Comment is too big."),
        ("S3Origin", origin("media.s3-eu-west-1.amazonaws.com", ""), ""),
        ("S3Origin", origin("a.media.s3.cn-north-1.amazonaws.com.cn", ""), ""),
        ("S3Origin", origin("s3.amazonaws.com", ""), no_bucket),
        ("S3Origin", origin("www.example.com", ""), no_bucket),
        ("S3Origin", origin("media.s3.amazonaws.com", "origin-access-identity/cloudfront/E1"), ""),
        ("S3Origin", origin("media.s3.amazonaws.com", "E1"), no_identity),
        ("S3Origin", origin("media.s3.amazonaws.com", "origin-access-identity/cloudfront/"), no_identity),
        ("Aliases", listed(&["a.example.com", "*.b.example.com"]), ""),
        ("Aliases", listed(&["A.example.com"]), "InvalidArgument: The parameter Aliases is invalid."),
        ("Aliases", listed(&["example"]), "InvalidArgument: The parameter Aliases is invalid."),
        ("Aliases", listed(&["a..b"]), "InvalidArgument: The parameter Aliases is invalid."),
        (
            "Aliases",
            listed(&many),
            "TooManyStreamingDistributionCNAMEs: Your request contains more CNAMEs than are allowed per distribution.",
        ),
        (
            "Aliases",
            json!({ "Quantity": 1 }),
            "InconsistentQuantities: The value of Quantity and the size of Items don't match.",
        ),
        ("TrustedSigners", signers(true, &["self", "111122223333"]), ""),
        ("TrustedSigners", signers(true, &[]), "InvalidArgument: The parameter TrustedSigners is invalid."),
        (
            "TrustedSigners",
            signers(false, &["self"]),
            "InvalidArgument: The parameter TrustedSigners is invalid.",
        ),
        (
            "TrustedSigners",
            signers(true, &["me"]),
            "TrustedSignerDoesNotExist: One or more of your trusted signers don't exist.",
        ),
        (
            "TrustedSigners",
            signers(true, &["self"; 6]),
            "TooManyTrustedSigners: Your request contains more trusted signers than are allowed per distribution.",
        ),
    ] {
        let refused = view(member, value.clone()).check(&Quotas::default(), &S3Hosts::default());
        let refused = refused.err().map(|error| error.to_string()).unwrap_or_default();
        assert_eq!(refused, expected, "{member} {value}");
    }
}

#[test]
fn the_origin_and_the_reference_stay() {
    let before = view("Comment", json!("before"));
    assert_eq!(before.check_change(&view("Comment", json!("after"))), Ok(()));
    let identity = origin("media.s3.amazonaws.com", "origin-access-identity/cloudfront/E1");
    assert_eq!(before.check_change(&view("S3Origin", identity)), Ok(()));
    for after in [view("CallerReference", json!("other")), view("S3Origin", origin("b.s3.amazonaws.com", ""))]
    {
        let refused = before.check_change(&after).unwrap_err().to_string();
        assert_eq!(refused, "IllegalUpdate: You cannot update Origin or CallerReference.");
    }
}

#[test]
fn active_signers_are_the_trusted_ones_without_keys() {
    let none = completed("Comment", json!(""));
    assert_eq!(active_trusted_signers(&none), json!({ "Enabled": false, "Quantity": 0 }));
    let one = completed("TrustedSigners", json!({ "Enabled": true, "Quantity": 1, "Items": ["self"] }));
    let active = json!({
        "Enabled": true,
        "Quantity": 1,
        "Items": [{ "AwsAccountNumber": "self", "KeyPairIds": { "Quantity": 0 } }],
    });
    assert_eq!(active_trusted_signers(&one), active);
}

//! Tests of the rules of continuous deployment policies.

use serde_json::{Value, json};

use super::ContinuousDeploymentPolicyConfig;

const STAGING: &str = "d111111abcdef8.cloudfront.net";

fn refusal(names: &Value, traffic: &Value) -> String {
    let config = json!({ "StagingDistributionDnsNames": names, "Enabled": true, "TrafficConfig": traffic });
    let config: ContinuousDeploymentPolicyConfig = serde_json::from_value(config).unwrap();
    config.check().err().map(|error| error.to_string()).unwrap_or_default()
}

fn names(items: &[&str]) -> Value {
    json!({ "Quantity": items.len(), "Items": items })
}

#[test]
fn a_policy_names_one_staging_distribution() {
    for (given, expected) in [
        (names(&[STAGING]), ""),
        (names(&[]), "InvalidArgument: The parameter StagingDistributionDnsNames is required."),
        (
            names(&[STAGING, "other"]),
            "InvalidArgument: The parameter StagingDistributionDnsNames is too big.",
        ),
        (
            json!({ "Quantity": 2, "Items": [STAGING] }),
            "InconsistentQuantities: The value of Quantity and the size of Items don't match.",
        ),
    ] {
        assert_eq!(refusal(&given, &Value::Null), expected, "{given}");
    }
}

#[test]
fn traffic_is_a_share_or_has_a_header() {
    let weight = |weight: f64| json!({ "Type": "SingleWeight", "SingleWeightConfig": { "Weight": weight } });
    let sticky = |idle: i64, maximum: i64| {
        let stickiness = json!({ "IdleTTL": idle, "MaximumTTL": maximum });
        json!({
            "Type": "SingleWeight",
            "SingleWeightConfig": { "Weight": 0.1, "SessionStickinessConfig": stickiness },
        })
    };
    let header = |header: &str, value: &str| json!({ "Type": "SingleHeader", "SingleHeaderConfig": { "Header": header, "Value": value } });
    for (traffic, expected) in [
        (weight(0.0), ""),
        (weight(0.15), ""),
        (weight(f64::from(0.15_f32)), ""),
        (weight(0.151), "The parameter Weight is invalid."),
        (weight(-0.01), "The parameter Weight is invalid."),
        (sticky(300, 3600), ""),
        (sticky(300, 300), ""),
        (sticky(299, 3600), "The parameter IdleTTL is invalid."),
        (sticky(600, 300), "The parameter IdleTTL is invalid."),
        (sticky(300, 3601), "The parameter MaximumTTL is invalid."),
        (header("aws-cf-cd-test", "yes"), ""),
        (header("AWS-CF-CD-Test", "yes"), ""),
        (header("aws-cf-cd-", "yes"), "The parameter Header is invalid."),
        (header("x-test", "yes"), "The parameter Header is invalid."),
        (header("", "yes"), "The parameter Header is required."),
        (header("aws-cf-cd-test", ""), "The parameter Value is required."),
        (header("aws-cf-cd-test", &"v".repeat(1784)), "The parameter Value is too big."),
        (json!({ "Type": "SingleWeight" }), "The parameter SingleWeightConfig is required."),
        (json!({ "Type": "SingleHeader" }), "The parameter SingleHeaderConfig is required."),
        (
            json!({
                "Type": "SingleWeight",
                "SingleWeightConfig": { "Weight": 0.1 },
                "SingleHeaderConfig": { "Header": "aws-cf-cd-a", "Value": "b" },
            }),
            "The parameter SingleHeaderConfig is invalid.",
        ),
    ] {
        let refused = refusal(&names(&[STAGING]), &traffic);
        assert_eq!(refused.trim_start_matches("InvalidArgument: "), expected, "{traffic}");
    }
}

//! Tests against what the Terraform provider 5.100.0 sent for a plan, and what `terraform show -json` printed of it.

use serde_json::{Value, json};

use super::distributions;
use crate::command::distributions::check::candidate::Candidate;
use crate::command::distributions::check::judgement::Judge;

const PLAN: &str = include_str!("testing/plan.json");
const SENT: &str = include_str!("testing/sent.json");
const PLAN_WITH_UNKNOWN: &str = include_str!("testing/plan_with_unknown.json");

fn of(plan: &str) -> Vec<Candidate> {
    let plan: Value = serde_json::from_str(plan).unwrap();
    distributions(plan.as_object().unwrap())
}

/// Sets are sent in another order than they are shown, and empty lists with or without items.
fn in_one_form(value: Value) -> Value {
    match value {
        Value::Object(members) => {
            let empty = |name: &str, value: &Value| name == "Items" && value == &json!([]);
            let members = members.into_iter().filter(|(name, value)| !empty(name, value));
            members.map(|(name, value)| (name, in_one_form(value))).collect()
        }
        Value::Array(items) => {
            let mut items: Vec<_> = items.into_iter().map(in_one_form).collect();
            items.sort_by_key(ToString::to_string);
            items.into()
        }
        scalar @ (Value::Null | Value::Bool(_) | Value::Number(_) | Value::String(_)) => scalar,
    }
}

#[test]
fn a_distribution_of_a_plan_is_what_the_provider_sends() {
    let sent: Value = serde_json::from_str(SENT).unwrap();
    let candidates = of(PLAN);
    let addresses: Vec<_> = candidates.iter().map(|candidate| candidate.resource.clone().unwrap()).collect();
    assert_eq!(addresses, ["aws_cloudfront_distribution.full", "aws_cloudfront_distribution.minimal"]);
    for (candidate, address) in candidates.into_iter().zip(addresses) {
        assert!(!candidate.exists);
        assert_eq!(in_one_form(candidate.config.into()), in_one_form(sent[&address].clone()), "{address}");
    }
}

#[test]
fn what_is_not_known_is_not_found_wrong() {
    let candidates = of(PLAN_WITH_UNKNOWN);
    let judgement = Judge::new().unwrap().judge(&candidates[0]);
    assert_eq!(judgement.findings, []);
    let places: Vec<_> = judgement.differences.iter().map(|difference| difference.place.as_str()).collect();
    assert!(places.contains(&"Origins.Items[0].OriginShield"), "{places:?}");
    for place in ["Origins.Items[0].DomainName", "ViewerCertificate.ACMCertificateArn"] {
        assert!(candidates[0].unknown.contains(&place.to_owned()), "{place}");
    }
}

#[test]
fn what_a_plan_changes_is_an_update_and_what_it_deletes_is_nothing() {
    let change = |actions: Value, before: Value, after: Value| {
        json!({ "format_version": "1.2", "resource_changes": [{
            "address": "aws_cloudfront_distribution.a", "mode": "managed", "type": "aws_cloudfront_distribution",
            "change": { "actions": actions, "before": before, "after": after, "after_unknown": {} },
        }]})
    };
    for (plan, exists) in [
        (change(json!(["create"]), json!(null), json!({})), Some(false)),
        (change(json!(["update"]), json!({}), json!({})), Some(true)),
        (change(json!(["no-op"]), json!({}), json!({})), Some(true)),
        (change(json!(["delete", "create"]), json!({}), json!({})), Some(false)),
        (change(json!(["delete"]), json!({}), json!(null)), None),
    ] {
        let found = distributions(plan.as_object().unwrap());
        assert_eq!(found.first().map(|candidate| candidate.exists), exists, "{plan}");
    }
}

#[test]
fn a_state_has_distributions_in_its_modules() {
    let resource = |address: &str| json!({ "address": address, "mode": "managed", "type": "aws_cloudfront_distribution", "values": {} });
    let other =
        json!({ "address": "aws_s3_bucket.b", "mode": "managed", "type": "aws_s3_bucket", "values": {} });
    let state = json!({ "format_version": "1.0", "values": { "root_module": {
        "resources": [other, resource("aws_cloudfront_distribution.a")],
        "child_modules": [{ "resources": [resource("module.m.aws_cloudfront_distribution.b")] }],
    }}});
    let found = distributions(state.as_object().unwrap());
    let found: Vec<_> =
        found.iter().map(|candidate| (candidate.resource.as_deref(), candidate.exists)).collect();
    let expected = [
        (Some("aws_cloudfront_distribution.a"), true),
        (Some("module.m.aws_cloudfront_distribution.b"), true),
    ];
    assert_eq!(found, expected);
}

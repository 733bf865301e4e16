//! Tests of what is said of a configuration.

use serde_json::{Value, json};

use super::{Judge, Judgement};
use crate::command::distributions::check::candidate::Candidate;

fn small() -> Value {
    json!({
        "CallerReference": "r",
        "Origins": { "Quantity": 1, "Items": [{
            "Id": "o", "DomainName": "b.s3.amazonaws.com", "S3OriginConfig": { "OriginAccessIdentity": "" },
        }]},
        "DefaultCacheBehavior": {
            "TargetOriginId": "o",
            "ViewerProtocolPolicy": "redirect-to-https",
            "CachePolicyId": "658327ea-f89d-4fab-a63d-7e88639e58f6",
        },
        "Comment": "",
        "Enabled": true,
    })
}

fn judged(config: &Value, exists: bool) -> Judgement {
    let config = config.as_object().unwrap().clone();
    Judge::new().unwrap().judge(&Candidate { resource: None, exists, config, unknown: vec![] })
}

fn found(config: &Value, exists: bool) -> Vec<String> {
    let findings = judged(config, exists).findings;
    findings
        .iter()
        .map(|finding| format!("{}: {}: {}", finding.place, finding.code, finding.message))
        .collect()
}

#[test]
fn a_small_configuration_is_fine_and_much_is_filled_in() {
    let judgement = judged(&small(), false);
    assert_eq!(judgement.findings, []);
    let differences: Vec<_> = judgement
        .differences
        .iter()
        .map(|difference| (difference.place.as_str(), &difference.shown))
        .collect();
    assert!(differences.contains(&("IsIPV6Enabled", &Some(json!(true)))));
    assert!(differences.contains(&("Origins.Items[0].ConnectionAttempts", &Some(json!(3)))));
    assert_eq!(differences.len(), 30, "{differences:?}");
}

#[test]
fn an_update_must_say_more() {
    let found = found(&small(), true);
    assert_eq!(found[0], "Aliases: IllegalUpdate: Aliases are missing for the resource");
    assert!(found.len() > 15, "{found:?}");
}

#[test]
fn members_types_and_constraints_are_those_of_the_model() {
    let mut config = small();
    config["Aliasses"] = json!({ "Quantity": 0 });
    config["Enabled"] = json!("true");
    config["PriceClass"] = json!("PriceClass_300");
    config["Origins"]["Items"][0]["DomainNames"] = json!([]);
    config["DefaultCacheBehavior"].as_object_mut().unwrap().remove("ViewerProtocolPolicy");
    let null = "failed to satisfy constraint: Member must not be null";
    let expected = [
        "Aliasses: ParamValidation: Unknown parameter: \"Aliasses\"".to_owned(),
        "Enabled: ParamValidation: Invalid type for parameter: it must be true or false".to_owned(),
        "Origins.Items[0].DomainNames: ParamValidation: Unknown parameter: \"DomainNames\"".to_owned(),
        format!(
            "DefaultCacheBehavior.ViewerProtocolPolicy: MalformedXML: Value null at \
             'distributionConfig.defaultCacheBehavior.viewerProtocolPolicy' {null}"
        ),
        "PriceClass: MalformedXML: Value 'PriceClass_300' at 'distributionConfig.priceClass' failed to satisfy \
         constraint: Member must satisfy value set: [PriceClass_100, PriceClass_200, PriceClass_All, None]"
            .to_owned(),
        format!("Enabled: MalformedXML: Value null at 'distributionConfig.enabled' {null}"),
    ];
    let mut found = found(&config, false);
    found.sort();
    let mut expected = expected.to_vec();
    expected.sort();
    assert_eq!(found, expected);
}

#[test]
fn what_follows_from_a_missing_member_is_not_found_twice() {
    let mut config = small();
    config.as_object_mut().unwrap().remove("DefaultCacheBehavior");
    config["Origins"].as_object_mut().unwrap().remove("Quantity");
    config["Origins"]["Items"][0].as_object_mut().unwrap().remove("DomainName");
    let places: Vec<_> =
        found(&config, false).iter().map(|line| line.split(": ").next().unwrap().to_owned()).collect();
    assert_eq!(places, ["DefaultCacheBehavior", "Origins.Quantity", "Origins.Items[0].DomainName"]);
}

#[test]
fn everything_is_found_at_once() {
    let mut config = small();
    config["Comment"] = json!("c".repeat(129));
    config["ContinuousDeploymentPolicyId"] = json!("p");
    config["DefaultCacheBehavior"]["TargetOriginId"] = json!("x");
    config["DefaultCacheBehavior"]["MinTTL"] = json!(0);
    config["Aliases"] = json!({ "Quantity": 2, "Items": ["WWW.example.com"] });
    let places: Vec<_> =
        found(&config, false).iter().map(|line| line.split(": ").next().unwrap().to_owned()).collect();
    let expected = [
        "ContinuousDeploymentPolicyId",
        "Aliases",
        "Aliases.Items[0]",
        "DefaultCacheBehavior.TargetOriginId",
        "DefaultCacheBehavior.MinTTL",
        "Comment",
        "ViewerCertificate",
    ];
    assert_eq!(places, expected);
}

//! Tests of the rules of distributions, by what they look at.

mod completion;

use serde_json::{Map, Value, json};

use super::{DistributionConfig, S3Hosts, complete};
use crate::Quotas;

type Members = Map<String, Value>;

fn members(json: Value) -> Members {
    serde_json::from_value(json).unwrap()
}

/// What `aws cloudfront create-distribution --origin-domain-name` sends for a bucket.
fn sent() -> Value {
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

/// The document with another value at a place, `Origins.Items.0.Id`; `null` removes what is there.
fn with(mut document: Value, changes: &[(&str, Value)]) -> Value {
    for (place, value) in changes {
        let (parent, last) = place.rsplit_once('.').unwrap_or(("", place));
        let mut at = &mut document;
        for step in parent.split('.').filter(|step| !step.is_empty()) {
            at = match step.parse::<usize>() {
                Ok(index) => &mut at[index],
                Err(_name) => &mut at[step],
            };
        }
        match (last.parse::<usize>(), value) {
            (Ok(index), value) => at[index] = value.clone(),
            (Err(_name), Value::Null) => drop(at.as_object_mut().unwrap().remove(last)),
            (Err(_name), value) => at[last] = value.clone(),
        }
    }
    document
}

fn completed(sent: Value) -> Members {
    let mut config = members(sent);
    complete(&mut config);
    config
}

fn config(sent: Value) -> DistributionConfig {
    serde_json::from_value(completed(sent).into()).unwrap()
}

/// Everything that the rules find, in words.
fn found(sent: Value) -> Vec<String> {
    let findings = config(sent).findings(&Quotas::default(), &S3Hosts::default());
    findings.iter().map(ToString::to_string).collect()
}

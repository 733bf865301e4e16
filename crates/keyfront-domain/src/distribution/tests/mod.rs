//! Tests of the rules of distributions, by what they look at.

mod behaviors;
mod bodies;
mod certificates;
mod completion;
mod functions;
mod origins;
mod quotas;
mod references;
mod required;
mod round_trip;
mod staging;
mod summary;
mod tenants;
mod viewers;
mod whole;

use serde_json::{Map, Value};

use super::{CHECK_CODES, DistributionConfig, S3Hosts, complete};
use crate::Quotas;

type Members = Map<String, Value>;

fn members(json: Value) -> Members {
    serde_json::from_value(json).unwrap()
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
    for finding in &findings {
        let code = finding.refusal.code();
        assert!(CHECK_CODES.contains(&code), "{code:?} is not among the codes of check");
    }
    findings.iter().map(ToString::to_string).collect()
}

/// A change of a body, by place and value, and what the rules find then.
type Case<'c> = (&'c [(&'c str, Value)], &'c [&'c str]);

/// Looks at a body with each of the changes.
fn assert_found(body: &Value, cases: &[Case<'_>]) {
    for (changes, expected) in cases {
        assert_eq!(found(with(body.clone(), changes)), *expected, "{changes:?}");
    }
}

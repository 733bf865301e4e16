//! Compares an outcome with the expectation, a line of text per difference.

use serde_json::Value;

use super::expected::{Expectation, Expected};
use crate::event::OriginDecision;
use crate::{Failure, Outcome};

/// How the text of every failed execution begins.
const EXECUTION: &str =
    "The CloudFront function associated with the CloudFront distribution is invalid or could not run. ";

pub(super) fn differences(expected: &Expected, outcome: &Outcome) -> Vec<String> {
    let mut differences = match (&outcome.result, expected.expectation()) {
        (Ok(returned), Expectation::Output(output)) => {
            let mut found = Vec::new();
            match serde_json::from_str(&returned.to_json()) {
                Ok(returned) => compare("", output, &returned, &mut found),
                Err(error) => found.push(format!("the output is not JSON: {error}")),
            }
            found
        }
        (Err(failure), Expectation::Error(text)) => differing("error", text, brief(&failure.message())),
        (Err(failure), Expectation::ErrorClass(class)) => {
            let message = failure.message();
            let text = brief(&message);
            if is_of_class(failure, text, class) {
                Vec::new()
            } else {
                vec![format!("error: expected one of the class {class}, got {text}")]
            }
        }
        (Err(failure), Expectation::Output(_)) => vec![format!("it failed: {}", failure.message())],
        (Ok(returned), Expectation::Error(text) | Expectation::ErrorClass(text)) => {
            vec![format!("expected to fail with {text:?}, got {}", returned.to_json())]
        }
    };
    if let (Some(origin), Ok(returned)) = (&expected.origin, &outcome.result) {
        let chosen = returned.origin.as_ref().map_or(Value::Null, OriginDecision::to_json);
        compare("origin", origin, &chosen, &mut differences);
    }
    if let Some(logs) = &expected.logs
        && *logs != outcome.logs
    {
        differences.push(format!("logs: expected {logs:?}, got {:?}", outcome.logs));
    }
    differences
}

/// A class is the name of an error; `any` of them; or `invalid value`, for what an edge does not accept.
fn is_of_class(failure: &Failure, text: &str, class: &str) -> bool {
    match failure {
        Failure::Validation(_) => class == "invalid value",
        Failure::Execution(_) | Failure::Throttled => {
            let name = text.split_once(": ").map_or(text, |(name, _)| name);
            class == "any" || class == name
        }
    }
}

/// The part of a failure's text that is its own.
pub(super) fn brief(message: &str) -> &str {
    message.strip_prefix(EXECUTION).unwrap_or(message)
}

fn differing(what: &str, expected: &str, got: &str) -> Vec<String> {
    if expected == got { Vec::new() } else { vec![format!("{what}: expected {expected:?}, got {got:?}")] }
}

/// Adds a line for every member in which two values differ.
fn compare(path: &str, expected: &Value, got: &Value, found: &mut Vec<String>) {
    match (expected, got) {
        (Value::Object(expected), Value::Object(got)) => {
            for (name, value) in expected {
                match got.get(name) {
                    Some(other) => compare(&member(path, name), value, other, found),
                    None => found.push(format!("{}: expected {value}, got nothing", member(path, name))),
                }
            }
            for (name, value) in got.iter().filter(|(name, _)| !expected.contains_key(*name)) {
                found.push(format!("{}: expected nothing, got {value}", member(path, name)));
            }
        }
        (expected, got) if expected == got => {}
        (expected, got) => found.push(format!("{path}: expected {expected}, got {got}")),
    }
}

fn member(path: &str, name: &str) -> String {
    if path.is_empty() { name.to_owned() } else { format!("{path}.{name}") }
}

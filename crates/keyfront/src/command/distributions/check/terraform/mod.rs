//! Distributions in what `terraform show -json` prints of a plan or a state.

mod attributes;
mod behavior;
mod configuration;
mod list;
mod origin;

use serde_json::{Map, Value};

use self::attributes::{Attributes, Unknown};
use super::candidate::Candidate;

const TYPE: &str = "aws_cloudfront_distribution";

/// Every distribution in a plan or a state, as the Terraform provider would send it. What a plan deletes is not.
pub(super) fn distributions(document: &Map<String, Value>) -> Vec<Candidate> {
    if let Some(changes) = document.get("resource_changes").and_then(Value::as_array) {
        return changes.iter().filter_map(of_change).collect();
    }
    let root = document.get("values").and_then(|values| values.get("root_module"));
    let mut found = Vec::new();
    of_module(root.unwrap_or(&Value::Null), &mut found);
    found
}

fn of_change(resource: &Value) -> Option<Candidate> {
    let change = resource.get("change")?;
    let after = change.get("after").filter(|after| after.is_object())?;
    let exists = change.get("before").is_some_and(Value::is_object) && !replaces(change);
    let unknown = change.get("after_unknown").unwrap_or(&Value::Null);
    candidate(resource, after, unknown, exists)
}

/// Whether the distribution is made anew.
fn replaces(change: &Value) -> bool {
    let actions = change.get("actions").and_then(Value::as_array);
    actions.is_some_and(|actions| actions.iter().any(|action| action == "create"))
}

fn of_module(module: &Value, found: &mut Vec<Candidate>) {
    let list = |name: &str| module.get(name).and_then(Value::as_array).into_iter().flatten();
    for resource in list("resources") {
        let values = resource.get("values");
        found.extend(values.and_then(|values| candidate(resource, values, &Value::Null, true)));
    }
    for child in list("child_modules") {
        of_module(child, found);
    }
}

fn candidate(resource: &Value, values: &Value, unknown: &Value, exists: bool) -> Option<Candidate> {
    let text = |name: &str| resource.get(name).and_then(Value::as_str);
    if text("type") != Some(TYPE) || text("mode") != Some("managed") {
        return None;
    }
    let mut places = Unknown::default();
    let config = configuration::of(&Attributes::new(values, unknown), &mut places);
    let resource = text("address").map(str::to_owned);
    Some(Candidate { resource, exists, config, unknown: places.into_vec() })
}

#[cfg(test)]
mod tests;

//! The difference between a deployment and a stack.

use std::collections::{BTreeMap, BTreeSet};

use serde_json::Value;

use crate::Mistake;
use crate::convert::Converter;
use crate::deployment::Deployment;
use crate::digest::{changed, digests};
use crate::resource_type::{ResourceType, ResourceTypes};
use crate::stack::{Stack, StackResource};

/// The property with what a store is filled from.
const IMPORT_SOURCE: &str = "ImportSource";

/// What a deploy does to a resource.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Action {
    /// It is made.
    Create,
    /// It is changed.
    Update,
    /// A new one takes its place, and it is deleted at the end.
    Replace,
    /// It is deleted.
    Delete,
    /// It stays, and the stack forgets it.
    Retain,
}

/// A change of a resource.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Change {
    /// Its logical id.
    pub logical_id: String,
    /// Such as `AWS::CloudFront::Function`.
    pub kind: String,
    /// What is done.
    pub action: Action,
    /// The properties that change, by path. Their values are not told: some are secret.
    pub properties: Vec<String>,
    /// It was in the stack, and the endpoint does not have it any more.
    pub missing: bool,
}

/// What a deploy is compared with.
#[derive(Clone, Copy, Debug)]
pub struct Comparison<'c> {
    /// The resource types.
    pub types: &'c ResourceTypes,
    /// Converts properties, to find what is wrong with them before anything is done.
    pub converter: Converter<'c>,
    /// What the last deploy left.
    pub stack: &'c Stack,
    /// Logical ids of resources of the stack that are no longer at the endpoint.
    pub missing: &'c BTreeSet<String>,
}

/// The changes of a deploy, in the order in which they are made.
///
/// # Errors
/// Everything that is wrong with the properties.
pub fn change_set(
    deployment: &Deployment<'_>,
    comparison: &Comparison<'_>,
) -> Result<Vec<Change>, Vec<Mistake>> {
    let Comparison { types, converter, stack, missing } = comparison;
    let (mut changes, mut mistakes) = (Vec::new(), Vec::new());
    let mut later = BTreeSet::new();
    for id in deployment.order() {
        let kind = deployment.resource(id).and_then(|resource| types.get(&resource.kind));
        let Some(kind) = kind else { continue };
        let properties = match deployment.properties(id, &stack.resources, &later) {
            Ok(properties) => properties,
            Err(mistake) => {
                mistakes.push(mistake);
                continue;
            }
        };
        let place = format!("Resources.{id}.Properties");
        if let Err(found) = converter.create(kind, &properties, "", &place) {
            mistakes.extend(found);
            continue;
        }
        let before = stack.resources.get(id);
        let missing = missing.contains(id);
        let digests = digests(&stack.stack_id, &Value::Object(properties.clone()));
        let (action, properties) = compare(kind, before.filter(|_| !missing), &digests);
        if action == Some(Action::Update) && import_source_changes(&properties) {
            let source = deployment.import_source(id, &stack.resources, &later);
            if source.and_then(|arn| deployment.asset(&arn).map(|_| ())).is_none() {
                mistakes.push(Mistake::new(
                    format!("{place}.ImportSource"),
                    "CloudFormation does not update it; write the pairs with `keyfront kvs sync`, or give the store \
                     another Name",
                ));
            }
        }
        let Some(action) = action else { continue };
        if matches!(action, Action::Create | Action::Replace) {
            later.insert(id.clone());
        }
        changes.push(Change {
            logical_id: id.clone(),
            kind: kind.name.to_owned(),
            action,
            properties,
            missing,
        });
    }
    for id in stack.deletion_order() {
        let Some(resource) = stack.resources.get(&id).filter(|_| deployment.resource(&id).is_none()) else {
            continue;
        };
        let action = if resource.deletion_policy.retains() { Action::Retain } else { Action::Delete };
        let missing = missing.contains(&id);
        changes.push(Change {
            logical_id: id,
            kind: resource.kind.clone(),
            action,
            properties: Vec::new(),
            missing,
        });
    }
    if mistakes.is_empty() { Ok(changes) } else { Err(mistakes) }
}

/// Digests of the properties that a deploy has set, for the stack to remember.
pub fn remembered(stack: &Stack, properties: &serde_json::Map<String, Value>) -> BTreeMap<String, String> {
    digests(&stack.stack_id, &Value::Object(properties.clone()))
}

/// Those of [`remembered`] that hold before a resource is complete: of what its creation alone takes. A deploy that was
/// interrupted then goes on with it, and does not take it for another one.
pub fn remembered_at_creation(
    stack: &Stack,
    kind: &ResourceType,
    properties: &serde_json::Map<String, Value>,
) -> BTreeMap<String, String> {
    let mut digests = remembered(stack, properties);
    digests.retain(|path, _| kind.only_at_creation(path) || path.starts_with(IMPORT_SOURCE));
    digests
}

/// What is done to a resource; nothing if it stays as it is.
fn compare(
    kind: &ResourceType,
    before: Option<&StackResource>,
    digests: &BTreeMap<String, String>,
) -> (Option<Action>, Vec<String>) {
    let Some(before) = before else { return (Some(Action::Create), Vec::new()) };
    let changed = changed(&before.properties, digests);
    let action = if before.kind != kind.name || changed.iter().any(|path| kind.only_at_creation(path)) {
        Some(Action::Replace)
    } else if changed.is_empty() && before.is_complete() {
        None
    } else {
        Some(Action::Update)
    };
    (action, changed)
}

/// Whether the source that a store was filled from is another.
pub fn import_source_changes(properties: &[String]) -> bool {
    properties.iter().any(|path| path.starts_with(IMPORT_SOURCE))
}

#[cfg(test)]
mod tests;

//! Templates of CloudFormation, read from JSON or YAML.
//!
//! A section is read as far as a deploy needs it: rules, metadata and the format version are passed over. Values stay as
//! they are written, with the intrinsic functions in their long form, until [`crate::intrinsic`] evaluates them.

mod parameter;
mod read;
mod yaml;

use std::collections::BTreeMap;

use serde_json::{Map, Value};

use crate::Mistake;

pub use parameter::Parameter;
pub use yaml::read as read_yaml;

/// A template.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Template {
    /// What it says of itself.
    pub description: Option<String>,
    /// By name.
    pub parameters: BTreeMap<String, Parameter>,
    /// The mappings of `Fn::FindInMap`: name, first key, second key.
    pub mappings: Map<String, Value>,
    /// The expressions of the conditions.
    pub conditions: BTreeMap<String, Value>,
    /// By logical id.
    pub resources: BTreeMap<String, Resource>,
    /// By logical id.
    pub outputs: BTreeMap<String, Output>,
}

/// A resource of a template.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Resource {
    /// Such as `AWS::CloudFront::Function`.
    pub kind: String,
    /// As they are written.
    pub properties: Map<String, Value>,
    /// The condition that it is made under.
    pub condition: Option<String>,
    /// What `DependsOn` names.
    pub depends_on: Vec<String>,
    /// What becomes of it when it leaves the stack.
    pub deletion_policy: DeletionPolicy,
    /// What becomes of the one that a new one takes the place of.
    pub update_replace_policy: DeletionPolicy,
}

/// Whether a resource is deleted.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
pub enum DeletionPolicy {
    /// It is.
    #[default]
    Delete,
    /// It stays, and the stack forgets it.
    Retain,
    /// As [`DeletionPolicy::Retain`], but for one whose creation is rolled back.
    RetainExceptOnCreate,
}

impl DeletionPolicy {
    /// Whether a resource stays when it leaves the stack.
    pub fn retains(self) -> bool {
        self != DeletionPolicy::Delete
    }
}

/// An output of a template.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Output {
    /// As it is written.
    pub value: Value,
    /// The name under which other stacks import it, as it is written.
    pub export: Option<Value>,
    /// The condition that it is made under.
    pub condition: Option<String>,
}

impl Template {
    /// Reads a template: JSON if it begins with a brace, and YAML otherwise.
    ///
    /// # Errors
    /// Everything that is wrong, each with its place.
    pub fn read(text: &str) -> Result<Template, Vec<Mistake>> {
        let text = text.strip_prefix('\u{feff}').unwrap_or(text);
        let document = if text.trim_start().starts_with('{') {
            serde_json::from_str(text).map_err(|error| {
                let place = format!("line {}, column {}", error.line(), error.column());
                vec![Mistake::new(place, format!("the template is not JSON: {error}"))]
            })?
        } else {
            yaml::read(text).map_err(|mistake| vec![mistake])?
        };
        read::template(&document)
    }
}

#[cfg(test)]
mod tests;

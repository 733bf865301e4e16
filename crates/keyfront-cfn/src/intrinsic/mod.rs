//! Intrinsic functions, evaluated in a scope.
//!
//! `AWS::NoValue` leaves out the member or item that it stands for. What refers to something that a deploy has yet to make
//! is [`Known::Later`]: before a deploy a placeholder takes the place of the whole expression, and within one nothing is
//! left that comes later, because resources are made in the order of their references.

mod condition;
mod evaluate;
mod references;
mod text;

use std::collections::BTreeMap;

use serde_json::{Map, Value};

use crate::Mistake;
use crate::template::Template;

pub use condition::conditions;
pub(crate) use references::references;

/// How a text begins that stands for a value which a deploy has yet to make.
const PLACEHOLDER: &str = "{{known after ";

/// What can be referred to.
#[derive(Clone, Copy)]
pub struct Scope<'s> {
    /// Mappings, and the names of everything.
    pub template: &'s Template,
    /// Values of parameters.
    pub parameters: &'s BTreeMap<String, Value>,
    /// Values of pseudo parameters, such as `AWS::Region`.
    pub pseudo: &'s BTreeMap<&'static str, Value>,
    /// Which conditions hold.
    pub conditions: &'s BTreeMap<String, bool>,
    /// Values of exports of other stacks, by name.
    pub imports: &'s BTreeMap<String, Value>,
    /// What resources are known by.
    pub resources: &'s dyn Resources,
}

/// What `Ref` and `Fn::GetAtt` give.
pub trait Resources {
    /// The value of `Ref`, or of an attribute.
    fn value(&self, logical_id: &str, attribute: Option<&str>) -> Known;
}

/// What is known of a reference.
#[derive(Clone, Debug, PartialEq)]
pub enum Known {
    /// Its value.
    Value(Value),
    /// It is known when the deploy has made the resource.
    Later,
    /// It cannot be known, and why.
    Never(String),
}

/// Why an expression has no value.
pub(crate) enum Stop {
    /// It refers to a resource that is made later.
    Later(String),
    /// It cannot have one.
    Mistake(Mistake),
}

impl Scope<'_> {
    /// Evaluates the members of an object. Placeholders stand for what is known later.
    ///
    /// # Errors
    /// The first expression that has no value.
    pub fn members(&self, members: &Map<String, Value>, place: &str) -> Result<Map<String, Value>, Mistake> {
        match self.value(&Value::Object(members.clone()), place)? {
            Some(Value::Object(members)) => Ok(members),
            Some(_) | None => Err(Mistake::new(place, "it must be an object")),
        }
    }

    /// Evaluates a value; nothing for `AWS::NoValue`.
    ///
    /// # Errors
    /// The first expression that has no value.
    pub fn value(&self, value: &Value, place: &str) -> Result<Option<Value>, Mistake> {
        match self.node(value, place, true) {
            Ok(value) => Ok(value),
            Err(Stop::Mistake(mistake)) => Err(mistake),
            Err(Stop::Later(logical_id)) => Ok(Some(placeholder(&logical_id))),
        }
    }
}

/// What stands for a value until the resource with this logical id is made.
fn placeholder(logical_id: &str) -> Value {
    format!("{PLACEHOLDER}{logical_id} is made}}}}").into()
}

/// Whether a text stands for a value that is known later.
pub fn is_placeholder(text: &str) -> bool {
    text.starts_with(PLACEHOLDER)
}

/// Whether anything in a value is known later.
pub fn has_placeholder(value: &Value) -> bool {
    match value {
        Value::String(text) => is_placeholder(text),
        Value::Array(items) => items.iter().any(has_placeholder),
        Value::Object(members) => members.values().any(has_placeholder),
        Value::Null | Value::Bool(_) | Value::Number(_) => false,
    }
}

#[cfg(test)]
mod tests;

//! The facts of CloudFormation's registry.

use std::collections::BTreeMap;

use serde::Deserialize;
use serde_json::Value;

/// A resource type as the registry has it.
#[derive(Debug, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub(super) struct Schema {
    pub(super) identifier: String,
    pub(super) attributes: Vec<String>,
    pub(super) create_only: Vec<String>,
    pub(super) properties: BTreeMap<String, Property>,
}

/// A property.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Property {
    /// Its type.
    #[serde(rename = "type")]
    pub kind: PropertyKind,
    /// It must be given.
    #[serde(default)]
    pub required: bool,
    /// What it is where it is not given, as the registry has it.
    pub default: Option<Value>,
    /// The members of an object.
    #[serde(default)]
    pub properties: BTreeMap<String, Property>,
    /// The items of a list.
    pub items: Option<Box<Property>>,
}

/// The type of a property.
#[derive(Clone, Copy, Debug, Deserialize, PartialEq, Eq)]
#[serde(rename_all = "lowercase")]
pub enum PropertyKind {
    /// Members with names.
    Object,
    /// Items.
    Array,
    /// Text.
    String,
    /// A whole number.
    Integer,
    /// A number.
    Number,
    /// `true` or `false`.
    Boolean,
}

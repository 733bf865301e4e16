//! The resource types `AWS::CloudFront::*`: what CloudFormation's registry says of them, and the operations of the API.

pub mod identity;
mod operations;
mod schema;
mod table;

use std::collections::BTreeMap;

pub use identity::{Found, Identity};
pub use operations::{Key, Operations};
pub use schema::{Property, PropertyKind};

use schema::Schema;
use table::OPERATIONS;

/// How the names of CloudFront's resource types begin.
pub const PREFIX: &str = "AWS::CloudFront::";

/// The facts, which `compat/cdk/resource_types.py` writes.
const FACTS: &str = include_str!("../../model/resource-types.json");

/// All resource types, by name.
#[derive(Debug)]
pub struct ResourceTypes(BTreeMap<&'static str, ResourceType>);

/// A resource type.
#[derive(Debug)]
pub struct ResourceType {
    /// Such as `AWS::CloudFront::Function`.
    pub name: &'static str,
    /// The property or attribute that `Ref` gives.
    pub identifier: String,
    /// What `Fn::GetAtt` gives, such as `FunctionMetadata.FunctionARN`.
    pub attributes: Vec<String>,
    /// Properties that only a creation takes, by path: a change of one of them replaces the resource.
    pub create_only: Vec<String>,
    /// By name.
    pub properties: BTreeMap<String, Property>,
    /// What the API has for it.
    pub operations: &'static Operations,
}

/// The facts do not hold together.
#[derive(Debug, thiserror::Error)]
#[error(
    "the facts about CloudFormation's resource types cannot be read; write them again with compat/cdk/resource_types.py"
)]
pub struct FactsError(#[from] serde_json::Error);

impl ResourceTypes {
    /// The types that this version knows.
    ///
    /// # Errors
    /// When the facts that were compiled in cannot be read; a test proves that they can.
    pub fn new() -> Result<ResourceTypes, FactsError> {
        let mut schemas: BTreeMap<String, Schema> = serde_json::from_str(FACTS)?;
        let types = OPERATIONS.iter().filter_map(|operations| {
            let schema = schemas.remove(operations.resource_type)?;
            let Schema { identifier, attributes, create_only, properties } = schema;
            let name = operations.resource_type;
            Some((name, ResourceType { name, identifier, attributes, create_only, properties, operations }))
        });
        Ok(ResourceTypes(types.collect()))
    }

    /// The type with this name.
    pub fn get(&self, name: &str) -> Option<&ResourceType> {
        self.0.get(name)
    }

    /// The names of all.
    pub fn names(&self) -> impl Iterator<Item = &'static str> {
        self.0.keys().copied()
    }
}

impl ResourceType {
    /// Whether a property at this path, or above it, is one that only a creation takes.
    pub fn only_at_creation(&self, path: &str) -> bool {
        self.create_only.iter().any(|only| {
            path.strip_prefix(only.as_str())
                .is_some_and(|rest| rest.is_empty() || rest.starts_with(['.', '[']))
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_type_of_the_registry_has_its_operations() {
        let schemas: BTreeMap<String, Schema> = serde_json::from_str(FACTS).unwrap();
        let types = ResourceTypes::new().unwrap();
        assert_eq!(types.names().collect::<Vec<_>>(), schemas.keys().collect::<Vec<_>>());
        assert_eq!(OPERATIONS.len(), schemas.len());
    }

    #[test]
    fn only_a_property_and_what_is_in_it_replaces_a_resource() {
        let types = ResourceTypes::new().unwrap();
        let function = types.get("AWS::CloudFront::Function").unwrap();
        for (path, expected) in [("Name", true), ("Names", false), ("FunctionConfig.Comment", false)] {
            assert_eq!(function.only_at_creation(path), expected, "{path}");
        }
        let list = types.get("AWS::CloudFront::AnycastIpList").unwrap();
        assert!(list.only_at_creation("Tags.Items[0].Key"));
    }
}

//! Properties of CloudFormation as inputs of the API.
//!
//! The registry says what a property is called and what type it has, the service model what the API takes. Both are walked
//! together: a list becomes an object with `Quantity` and `Items` where the API wants that, and names are found without
//! regard to case. Where a property stands elsewhere in the API, `placement` says so. All mistakes are collected, each
//! with its place.

mod placement;
mod scalar;

use std::collections::BTreeMap;

use keyfront_wire::Service;
use keyfront_wire::model::{Kind, Member, Operation, ShapeId, Structure};
use serde_json::{Map, Value, json};

use crate::Mistake;
use crate::intrinsic::is_placeholder;
use crate::nearest;
use crate::resource_type::{Property, PropertyKind, ResourceType};
use placement::{NOT_SENT, api_path, fill_in, refused};

/// Converts properties by the service model.
#[derive(Clone, Copy, Debug)]
pub struct Converter<'m> {
    /// CloudFront's model.
    pub service: &'m Service,
}

/// An operation and its input.
#[derive(Clone, Debug, PartialEq)]
pub struct Call {
    /// Such as `CreateFunction`.
    pub operation: &'static str,
    /// By the model's names.
    pub input: Map<String, Value>,
}

impl Converter<'_> {
    /// The call that makes a resource. A caller reference, where CloudFormation makes one up, is the one given.
    ///
    /// # Errors
    /// Every property that is unknown, missing or of another type.
    pub fn create(
        &self,
        kind: &ResourceType,
        properties: &Map<String, Value>,
        caller_reference: &str,
        place: &str,
    ) -> Result<Call, Vec<Mistake>> {
        let operations = kind.operations;
        let mut walk = Walk { service: self.service, mistakes: Vec::new(), all: true };
        let tags = properties.get("Tags").filter(|tags| **tags != json!([]));
        let (operation, within) = match (operations.create_with_tags, tags) {
            (Some(with_tags), Some(_)) => (with_tags, payload(self.service, with_tags)),
            (Some(_), None) | (None, _) => (operations.create, operations.wrapped_in),
        };
        let mut input = walk.input(operation, within, kind, properties, place);
        let holder = operations.caller_reference_in;
        if let Some(config) = holder.and_then(|name| find(&mut input, name)) {
            config.insert("CallerReference".to_owned(), caller_reference.into());
        }
        walk.result(Call { operation, input: completed(kind, input) })
    }

    /// The call that changes a resource, without what names it and its version. What an update does not take is left out.
    ///
    /// # Errors
    /// As [`Converter::create`].
    pub fn update(
        &self,
        kind: &ResourceType,
        properties: &Map<String, Value>,
        place: &str,
    ) -> Result<Call, Vec<Mistake>> {
        let operations = kind.operations;
        let mut walk = Walk { service: self.service, mistakes: Vec::new(), all: false };
        let mut input = walk.input(operations.update, operations.wrapped_in, kind, properties, place);
        if kind.name == "AWS::CloudFront::KeyValueStore" {
            // A comment that is left out of the template is cleared:
            // https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/aws-resource-cloudfront-keyvaluestore.html
            input.entry("Comment").or_insert_with(|| json!(""));
        }
        walk.result(Call { operation: operations.update, input: completed(kind, input) })
    }
}

/// What an update must say although a creation need not, as the service fills it in.
fn completed(kind: &ResourceType, mut input: Map<String, Value>) -> Map<String, Value> {
    let complete = match kind.name {
        "AWS::CloudFront::Distribution" => keyfront_domain::distribution::complete,
        "AWS::CloudFront::StreamingDistribution" => keyfront_domain::streaming_distribution::complete,
        _ => return input,
    };
    if let Some(config) = kind.operations.caller_reference_in.and_then(|name| find(&mut input, name)) {
        complete(config);
    }
    input
}

/// The object with this name in an input, or in the object that is the input's one member.
fn find<'i>(input: &'i mut Map<String, Value>, name: &str) -> Option<&'i mut Map<String, Value>> {
    if input.contains_key(name) {
        return input.get_mut(name).and_then(Value::as_object_mut);
    }
    input.values_mut().find_map(|inner| inner.get_mut(name)).and_then(Value::as_object_mut)
}

/// The member of an operation's input that is its body.
fn payload(service: &Service, operation: &str) -> Option<&'static str> {
    let (_, structure) = described(service, operation)?;
    structure.payload().map(|member| member.name)
}

fn described<'s>(service: &'s Service, name: &str) -> Option<(&'s Operation, &'s Structure)> {
    let operation = service.operations().iter().find(|operation| operation.name == name)?;
    Some((operation, service.shape(operation.input.as_ref()?.shape).structure()?))
}

struct Walk<'m> {
    service: &'m Service,
    mistakes: Vec<Mistake>,
    /// Every property must have its place. An update does not take all.
    all: bool,
}

impl Walk<'_> {
    fn result(self, call: Call) -> Result<Call, Vec<Mistake>> {
        if self.mistakes.is_empty() { Ok(call) } else { Err(self.mistakes) }
    }

    fn note(&mut self, place: &str, message: impl Into<String>) {
        self.mistakes.push(Mistake::new(place, message));
    }

    /// The input of an operation from the properties of a resource.
    fn input(
        &mut self,
        operation: &str,
        within: Option<&'static str>,
        kind: &ResourceType,
        properties: &Map<String, Value>,
        place: &str,
    ) -> Map<String, Value> {
        let Some((_, mut structure)) = described(self.service, operation) else { return Map::new() };
        let mut name = kind.name;
        if let Some(within) = within {
            let inner = structure.members.iter().find(|member| member.name == within);
            let inner = inner.map(|member| self.service.shape(member.shape));
            name = inner.map_or(name, |shape| shape.name);
            structure = inner.and_then(|shape| shape.structure()).unwrap_or(structure);
        }
        let mut properties = properties.clone();
        let mut known = kind.properties.clone();
        // Tags are sent beside the document, or by operations of their own.
        let tags_apart = kind.operations.create_with_tags.is_some() && within.is_none();
        if tags_apart && properties.remove("Tags").is_some() {
            known.remove("Tags");
        }
        let converted = self.members(&known, name, structure, &properties, place);
        match within {
            Some(within) => Map::from_iter([(within.to_owned(), Value::Object(converted))]),
            None => converted,
        }
    }

    /// The members of a structure from properties.
    fn members(
        &mut self,
        known: &BTreeMap<String, Property>,
        shape: &str,
        structure: &Structure,
        properties: &Map<String, Value>,
        place: &str,
    ) -> Map<String, Value> {
        let mut properties = properties.clone();
        fill_in(shape, known, &mut properties);
        let mut out = Map::new();
        for (name, value) in &properties {
            let place = format!("{place}.{name}");
            let Some(property) = known.get(name) else {
                let hint = nearest::hint(name, known.keys().map(String::as_str));
                self.note(&place, format!("CloudFormation has no such property{hint}"));
                continue;
            };
            if let Some(why) = refused(shape, name) {
                self.note(&place, why);
            } else if !NOT_SENT.contains(&name.as_str()) {
                self.put(property, &api_path(shape, name), structure, value, &place, &mut out);
            }
        }
        for (name, property) in known {
            if property.required && !properties.contains_key(name) {
                self.note(place, format!("the property {name} is missing"));
            }
        }
        if shape == "LoggingConfig" {
            // CloudFormation has logging on where it has a bucket.
            let has_bucket =
                out.get("Bucket").and_then(Value::as_str).is_some_and(|bucket| !bucket.is_empty());
            out.entry("Enabled").or_insert(has_bucket.into());
        }
        counted(structure, known, &mut out);
        out
    }

    /// Puts a property at its path in a structure of the API.
    fn put(
        &mut self,
        property: &Property,
        path: &[&str],
        structure: &Structure,
        value: &Value,
        place: &str,
        out: &mut Map<String, Value>,
    ) {
        let Some((name, rest)) = path.split_first() else { return };
        let Some(member) = member(structure, name) else {
            if self.all {
                self.note(place, "CloudFormation has this property, and the API of this version does not");
            }
            return;
        };
        if rest.is_empty() {
            if let Some(value) = self.value(property, member.shape, value, place) {
                out.insert(member.name.to_owned(), value);
            }
            return;
        }
        let shape = self.service.shape(member.shape);
        let Some(inner) = shape.structure() else { return };
        let holder = out.entry(member.name).or_insert_with(|| json!({}));
        if let Some(holder) = holder.as_object_mut() {
            self.put(property, rest, inner, value, place, holder);
        }
    }

    /// A value as a shape wants it; nothing where it cannot be.
    fn value(&mut self, property: &Property, shape: ShapeId, value: &Value, place: &str) -> Option<Value> {
        if value.as_str().is_some_and(is_placeholder) {
            return Some(value.clone());
        }
        let shape = self.service.shape(shape);
        match (property.kind, &shape.kind, value) {
            (PropertyKind::Object, Kind::Structure(structure), Value::Object(members)) => {
                let known = &property.properties;
                Some(self.members(known, shape.name, structure, members, place).into())
            }
            (PropertyKind::Array, Kind::List { item, .. }, Value::Array(items)) => {
                Some(self.items(property, *item, items, place))
            }
            (PropertyKind::Array, Kind::Structure(structure), Value::Array(items)) => {
                let list = member(structure, "Items")?;
                let Kind::List { item, .. } = self.service.shape(list.shape).kind else { return None };
                let mut out = Map::new();
                if !items.is_empty() || member(structure, "Quantity").is_none() {
                    out.insert("Items".to_owned(), self.items(property, item, items, place));
                }
                if member(structure, "Enabled").is_some() {
                    out.insert("Enabled".to_owned(), (!items.is_empty()).into());
                }
                if member(structure, "Quantity").is_some() {
                    out.insert("Quantity".to_owned(), items.len().into());
                }
                Some(out.into())
            }
            // The API has an object of one member where CloudFormation has a text, such as the domain of a tenant.
            (PropertyKind::String, Kind::Structure(structure), Value::String(_)) => {
                let [only] = structure.members.as_slice() else { return None };
                Some(json!({ only.name: value }))
            }
            (PropertyKind::Object, _, _) => {
                self.note(place, "it must be an object");
                None
            }
            (PropertyKind::Array, _, _) => {
                self.note(place, "it must be a list");
                None
            }
            (_, kind, _) => match scalar::convert(property.kind, kind, value) {
                Ok(value) => Some(value),
                Err(wanted) => {
                    self.note(place, format!("it must be {wanted}"));
                    None
                }
            },
        }
    }

    fn items(&mut self, property: &Property, shape: ShapeId, items: &[Value], place: &str) -> Value {
        let Some(item) = property.items.as_deref() else { return json!([]) };
        let convert =
            |(index, value): (usize, &Value)| self.value(item, shape, value, &format!("{place}[{index}]"));
        Value::Array(items.iter().enumerate().filter_map(convert).collect())
    }
}

/// Adds what the API requires and CloudFormation leaves out: the count of items, and defaults of the registry.
fn counted(structure: &Structure, known: &BTreeMap<String, Property>, out: &mut Map<String, Value>) {
    for required in structure.members.iter().filter(|member| member.required) {
        if out.contains_key(required.name) {
            continue;
        }
        let property = known.iter().find(|(name, _)| name.eq_ignore_ascii_case(required.name));
        let default = property.and_then(|(_, property)| property.default.clone());
        // The registry's defaults of lists are lists, and the walk has made objects of what was given.
        let default = default.filter(|default| !default.is_array());
        let items = out.get("Items").and_then(Value::as_array).map(Vec::len);
        match (required.name, default) {
            ("Quantity", _) if member(structure, "Items").is_some() => {
                out.insert("Quantity".to_owned(), items.unwrap_or(0).into());
            }
            (name, Some(default)) => {
                out.insert(name.to_owned(), default);
            }
            (_, None) => {}
        }
    }
}

/// The member with this name, whatever the case of its letters.
fn member<'s>(structure: &'s Structure, name: &str) -> Option<&'s Member> {
    let exact = structure.members.iter().find(|member| member.name == name);
    exact.or_else(|| structure.members.iter().find(|member| member.name.eq_ignore_ascii_case(name)))
}

#[cfg(test)]
mod tests;

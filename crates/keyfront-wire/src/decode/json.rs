//! Reads `restJson1` documents.
//!
//! The shape guides the parser itself, so members that the model does not know cost nothing but the time to
//! pass over them, and a member of the wrong type ends the reading.

use std::cell::RefCell;
use std::fmt;

use keyfront_error::{Code, ServiceError};
use serde::de::{DeserializeSeed, Error, IgnoredAny, MapAccess, SeqAccess, Visitor};
use serde_json::error::Category;
use serde_json::{Map, Number, Value};

use crate::check::ItemCheck;
use crate::model::{Kind, Member, Service, ShapeId, Structure};

pub(super) fn members(
    service: &Service,
    structure: &Structure,
    body: &[u8],
) -> Result<Map<String, Value>, ServiceError> {
    match read(body, Document { service, expected: Expected::Members(structure), items: None })? {
        Value::Object(members) => Ok(members),
        Value::Null | Value::Bool(_) | Value::Number(_) | Value::String(_) | Value::Array(_) => {
            Err(refused("The body must be a JSON object."))
        }
    }
}

pub(super) fn payload(service: &Service, shape: ShapeId, body: &[u8]) -> Result<Value, ServiceError> {
    read(body, Document { service, expected: Expected::Value(shape), items: None })
}

/// Checks every item of the lists of a body and gives those that pass to `take`.
pub(super) fn each_item(
    service: &Service,
    structure: &Structure,
    body: &[u8],
    mut take: impl FnMut(&'static str, Value),
) -> Result<(), ServiceError> {
    let mut check = ItemCheck::new(service);
    let items = RefCell::new(|list: &Member, item: ShapeId, index: usize, value: Value| {
        if check.passes(list.name, index, item, &value) {
            take(list.name, value);
        }
    });
    read(body, Document { service, expected: Expected::Members(structure), items: Some(&items) })?;
    check.finish()
}

fn read(body: &[u8], document: Document<'_>) -> Result<Value, ServiceError> {
    let mut parser = serde_json::Deserializer::from_slice(body);
    let read = document.deserialize(&mut parser).and_then(|value| parser.end().map(|()| value));
    read.map_err(|error| match error.classify() {
        // Messages of this module, which name a type and a shape; the parser appends where it is.
        Category::Data => refused(&error.to_string()),
        // The parser's own messages may quote the document, and the document holds values.
        Category::Syntax | Category::Eof | Category::Io => {
            let (line, column) = (error.line(), error.column());
            refused(&format!("The body is not valid JSON: line {line}, column {column}."))
        }
    })
}

fn refused(message: &str) -> ServiceError {
    ServiceError::with(Code::MalformedXML, message)
}

/// A value to read, and what it must be.
#[derive(Clone, Copy)]
struct Document<'s> {
    service: &'s Service,
    expected: Expected<'s>,
    /// Takes the items of the lists in the body, where they are not kept.
    items: Option<&'s Items<'s>>,
}

/// Takes an item of a list, with its shape and its place in the list, counted from zero.
type Items<'s> = RefCell<dyn FnMut(&Member, ShapeId, usize, Value) + 's>;

#[derive(Clone, Copy)]
enum Expected<'s> {
    /// An object with the members of this structure that travel in the body.
    Members(&'s Structure),
    /// A value of this shape.
    Value(ShapeId),
    /// The list that is this member of the body, whose items are not kept.
    Items(&'s Member),
}

impl<'s> Document<'s> {
    fn of(self, shape: ShapeId) -> Document<'s> {
        Document { expected: Expected::Value(shape), ..self }
    }

    /// What the value must be; nothing stands for the root of a body.
    fn kind(self) -> Option<&'s Kind> {
        match self.expected {
            Expected::Members(_) => None,
            Expected::Value(shape) => Some(&self.service.shape(shape).kind),
            Expected::Items(member) => Some(&self.service.shape(member.shape).kind),
        }
    }

    fn structure(self) -> Option<&'s Structure> {
        match self.expected {
            Expected::Members(structure) => Some(structure),
            Expected::Value(shape) => self.service.shape(shape).structure(),
            Expected::Items(_) => None,
        }
    }

    /// The value of a member of a structure.
    fn member(self, member: &'s Member) -> Document<'s> {
        match (self.expected, self.items, &self.service.shape(member.shape).kind) {
            (Expected::Members(_), Some(_), Kind::List { .. }) => {
                Document { expected: Expected::Items(member), ..self }
            }
            _ => self.of(member.shape),
        }
    }

    fn mismatch<E: Error>(self, found: &str) -> E {
        let expected = match self.kind() {
            None | Some(Kind::Structure(_)) => "a structure",
            Some(Kind::List { .. }) => "a list",
            Some(Kind::String) => "String",
            Some(Kind::Integer) => "Integer",
            Some(Kind::Long) => "Long",
            Some(Kind::Float) => "Double",
            Some(Kind::Boolean) => "Boolean",
            Some(Kind::Blob) => "Blob",
            Some(Kind::Timestamp) => "Timestamp",
        };
        E::custom(format_args!("{found} cannot be converted to {expected}"))
    }

    fn number<E: Error>(self, number: Number) -> Result<Value, E> {
        match self.kind() {
            Some(Kind::Integer | Kind::Long) if number.is_i64() => Ok(Value::Number(number)),
            Some(Kind::Float | Kind::Timestamp) => Ok(Value::Number(number)),
            _ => Err(self.mismatch("NUMBER_VALUE")),
        }
    }
}

impl<'de> DeserializeSeed<'de> for Document<'_> {
    type Value = Value;

    fn deserialize<D: serde::Deserializer<'de>>(self, deserializer: D) -> Result<Value, D::Error> {
        deserializer.deserialize_any(self)
    }
}

impl<'de> Visitor<'de> for Document<'_> {
    type Value = Value;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a value of the model")
    }

    fn visit_unit<E: Error>(self) -> Result<Value, E> {
        Ok(Value::Null)
    }

    fn visit_bool<E: Error>(self, truth: bool) -> Result<Value, E> {
        match self.kind() {
            Some(Kind::Boolean) => Ok(Value::Bool(truth)),
            _ => Err(self.mismatch("BOOLEAN_VALUE")),
        }
    }

    fn visit_u64<E: Error>(self, number: u64) -> Result<Value, E> {
        self.number(number.into())
    }

    fn visit_i64<E: Error>(self, number: i64) -> Result<Value, E> {
        self.number(number.into())
    }

    fn visit_f64<E: Error>(self, number: f64) -> Result<Value, E> {
        match Number::from_f64(number) {
            Some(number) => self.number(number),
            None => Err(self.mismatch("NUMBER_VALUE")),
        }
    }

    fn visit_str<E: Error>(self, text: &str) -> Result<Value, E> {
        match self.kind() {
            Some(Kind::String | Kind::Blob) => Ok(Value::String(text.to_owned())),
            _ => Err(self.mismatch("STRING_VALUE")),
        }
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut items: A) -> Result<Value, A::Error> {
        let Some(Kind::List { item, .. }) = self.kind() else { return Err(self.mismatch("START_ARRAY")) };
        if let (Expected::Items(member), Some(take)) = (self.expected, self.items) {
            let mut index = 0;
            while let Some(value) = items.next_element_seed(self.of(*item))? {
                take.borrow_mut()(member, *item, index, value);
                index += 1;
            }
            return Ok(Value::Null);
        }
        let mut list = Vec::new();
        while let Some(value) = items.next_element_seed(self.of(*item))? {
            list.push(value);
        }
        Ok(Value::Array(list))
    }

    /// Keeps the members that the model knows; a `null` counts as absent.
    fn visit_map<A: MapAccess<'de>>(self, mut entries: A) -> Result<Value, A::Error> {
        let Some(structure) = self.structure() else { return Err(self.mismatch("START_OBJECT")) };
        let mut members = Map::new();
        while let Some(name) = entries.next_key::<std::borrow::Cow<'de, str>>()? {
            match structure.body_members().find(|member| member.wire_name == name) {
                None => {
                    entries.next_value::<IgnoredAny>()?;
                }
                Some(member) => {
                    let value = entries.next_value_seed(self.member(member))?;
                    if value.is_null() {
                        members.remove(member.name);
                    } else {
                        members.insert(member.name.to_owned(), value);
                    }
                }
            }
        }
        Ok(Value::Object(members))
    }
}

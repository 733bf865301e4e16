//! Reads `restJson1` documents.

use serde_json::{Map, Value};

use crate::error::WireError;
use crate::model::{Kind, Service, ShapeId, Structure};

pub(super) fn members(
    service: &Service,
    structure: &Structure,
    body: &[u8],
) -> Result<Map<String, Value>, WireError> {
    if let Value::Object(document) = parse(body)? {
        object(service, structure, document)
    } else {
        Err(refused("Start of structure or map found where not expected."))
    }
}

pub(super) fn payload(service: &Service, shape: ShapeId, body: &[u8]) -> Result<Value, WireError> {
    value(service, shape, parse(body)?)
}

fn parse(body: &[u8]) -> Result<Value, WireError> {
    // The parser's own message may quote the document, and the document holds values.
    serde_json::from_slice(body).map_err(|error| {
        refused(&format!("The body is not valid JSON: line {}, column {}.", error.line(), error.column()))
    })
}

fn refused(message: &str) -> WireError {
    WireError::new("SerializationException", message)
}

/// Keeps the members that the model knows; a `null` counts as absent.
fn object(
    service: &Service,
    structure: &Structure,
    mut document: Map<String, Value>,
) -> Result<Map<String, Value>, WireError> {
    let mut members = Map::new();
    for member in structure.body_members() {
        match document.remove(member.wire_name) {
            None | Some(Value::Null) => {}
            Some(held) => {
                members.insert(member.name.to_owned(), value(service, member.shape, held)?);
            }
        }
    }
    Ok(members)
}

fn value(service: &Service, shape: ShapeId, held: Value) -> Result<Value, WireError> {
    let shape = service.shape(shape);
    match (&shape.kind, held) {
        (Kind::Structure(structure), Value::Object(document)) => {
            object(service, structure, document).map(Value::Object)
        }
        (Kind::List { item, .. }, Value::Array(items)) => {
            let items = items.into_iter().map(|held| value(service, *item, held));
            items.collect::<Result<_, _>>().map(Value::Array)
        }
        (Kind::Integer | Kind::Long, Value::Number(number)) if number.is_i64() => Ok(Value::Number(number)),
        (Kind::Float | Kind::Timestamp, Value::Number(number)) => Ok(Value::Number(number)),
        (Kind::String | Kind::Blob, Value::String(text)) => Ok(Value::String(text)),
        (Kind::Boolean, Value::Bool(truth)) => Ok(Value::Bool(truth)),
        (_, held) => Err(refused(&format!("{} cannot be converted to {}", type_of(&held), shape.name))),
    }
}

fn type_of(value: &Value) -> &'static str {
    match value {
        Value::Null => "NULL",
        Value::Bool(_) => "BOOLEAN_VALUE",
        Value::Number(_) => "NUMBER_VALUE",
        Value::String(_) => "STRING_VALUE",
        Value::Array(_) => "START_ARRAY",
        Value::Object(_) => "START_OBJECT",
    }
}

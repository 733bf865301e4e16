//! Writes `restJson1` documents.

use serde_json::{Map, Value};

use crate::model::{Kind, Service, ShapeId, Structure};

/// The text of a document. `to_string` would write it through `fmt`, at twice the cost.
pub(super) fn document(value: &Value) -> Result<Vec<u8>, String> {
    serde_json::to_vec(value).map_err(|error| error.to_string())
}

/// The members that travel in the body, in the model's order.
pub(super) fn members(
    service: &Service,
    structure: &Structure,
    output: &Map<String, Value>,
) -> Result<Value, String> {
    let mut body = Map::new();
    for member in structure.body_members() {
        match output.get(member.name) {
            None | Some(Value::Null) => {}
            Some(held) => {
                body.insert(member.wire_name.to_owned(), value(service, member.shape, held)?);
            }
        }
    }
    Ok(Value::Object(body))
}

/// One value. Only timestamps change their look: epoch seconds with a fraction, as a number
/// (Smithy: `epoch-seconds`, the default of `restJson1`).
pub(super) fn value(service: &Service, shape: ShapeId, held: &Value) -> Result<Value, String> {
    let shape = service.shape(shape);
    match (&shape.kind, held) {
        (Kind::Structure(structure), Value::Object(output)) => members(service, structure, output),
        (Kind::List { item, .. }, Value::Array(items)) => {
            items.iter().map(|held| value(service, *item, held)).collect::<Result<_, _>>().map(Value::Array)
        }
        (Kind::Timestamp, Value::Number(milliseconds)) => {
            let milliseconds = milliseconds.as_f64().ok_or("a timestamp is out of range")?;
            Ok(Value::from(milliseconds / 1000.0))
        }
        (Kind::String | Kind::Blob, Value::String(_))
        | (Kind::Integer | Kind::Long | Kind::Float, Value::Number(_))
        | (Kind::Boolean, Value::Bool(_)) => Ok(held.clone()),
        _ => Err(format!("a {} has the wrong type", shape.name)),
    }
}

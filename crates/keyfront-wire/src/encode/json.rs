//! Writes `restJson1` documents, straight from the values that they are made of.

use serde::ser::{Error as _, SerializeMap as _};
use serde::{Serialize, Serializer};
use serde_json::{Map, Value};

use crate::model::{Kind, Service, ShapeId, Structure};

/// The text of a document. `to_string` would write it through `fmt`, at twice the cost.
pub(super) fn document(content: impl Serialize) -> Result<Vec<u8>, String> {
    serde_json::to_vec(&content).map_err(|error| error.to_string())
}

/// The members that travel in the body, in the model's order.
pub(super) struct Members<'a> {
    pub(super) service: &'a Service,
    pub(super) structure: &'a Structure,
    /// By the model's names.
    pub(super) held: &'a Map<String, Value>,
}

impl Serialize for Members<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let Self { service, structure, held } = *self;
        let mut body = serializer.serialize_map(None)?;
        for member in structure.body_members() {
            match held.get(member.name) {
                None | Some(Value::Null) => {}
                Some(held) => {
                    body.serialize_entry(member.wire_name, &Shaped { service, shape: member.shape, held })?;
                }
            }
        }
        body.end()
    }
}

/// One value. Only timestamps change their look: epoch seconds with a fraction, as a number
/// (Smithy: `epoch-seconds`, the default of `restJson1`).
pub(super) struct Shaped<'a> {
    pub(super) service: &'a Service,
    pub(super) shape: ShapeId,
    pub(super) held: &'a Value,
}

impl Serialize for Shaped<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let Self { service, held, .. } = *self;
        let shape = service.shape(self.shape);
        match (&shape.kind, held) {
            (Kind::Structure(structure), Value::Object(held)) => {
                Members { service, structure, held }.serialize(serializer)
            }
            (Kind::List { item, .. }, Value::Array(items)) => {
                serializer.collect_seq(items.iter().map(|held| Shaped { service, shape: *item, held }))
            }
            (Kind::Timestamp, Value::Number(milliseconds)) => {
                let milliseconds = milliseconds.as_f64();
                let milliseconds =
                    milliseconds.ok_or_else(|| S::Error::custom("a timestamp is out of range"))?;
                serializer.serialize_f64(milliseconds / 1000.0)
            }
            (Kind::String | Kind::Blob, Value::String(_))
            | (Kind::Integer | Kind::Long | Kind::Float, Value::Number(_))
            | (Kind::Boolean, Value::Bool(_)) => held.serialize(serializer),
            _ => Err(S::Error::custom(format_args!("a {} has the wrong type", shape.name))),
        }
    }
}

//! Writes `restXml` documents, guided by shapes.

use std::sync::Arc;

use serde_json::{Map, Value};

use super::Part;
use super::document::XmlDocument;
use crate::model::{Kind, Operation, Service, ShapeId, Structure};
use crate::timestamp;

/// What values mean: their shapes, and the parts that numbers stand for in place of structures.
pub(super) struct Values<'v> {
    pub(super) service: &'v Service,
    pub(super) parts: &'v [Arc<Part>],
}

impl Values<'_> {
    /// A document whose root is one value.
    pub(super) fn document(&self, root: &str, shape: ShapeId, held: &Value) -> Result<Vec<u8>, String> {
        let mut out = XmlDocument::new(root, self.service.xml_namespace);
        self.content(shape, held, &mut out)?;
        Ok(out.finish())
    }

    /// A document whose root holds the members of the output itself.
    pub(super) fn members_document(
        &self,
        operation: &Operation,
        structure: &Structure,
        output: &Map<String, Value>,
    ) -> Result<Vec<u8>, String> {
        let root = operation.output.map_or("", |id| self.service.shape(id).name);
        self.rooted(root, structure, output)
    }

    /// A document whose root, of this name, holds the members themselves.
    pub(super) fn rooted(
        &self,
        root: &str,
        structure: &Structure,
        held: &Map<String, Value>,
    ) -> Result<Vec<u8>, String> {
        let mut out = XmlDocument::new(root, self.service.xml_namespace);
        self.members(structure, held, &mut out)?;
        Ok(out.finish())
    }

    fn members(
        &self,
        structure: &Structure,
        output: &Map<String, Value>,
        out: &mut XmlDocument,
    ) -> Result<(), String> {
        for member in structure.body_members() {
            match output.get(member.name) {
                None | Some(Value::Null) => {}
                Some(held) => {
                    let flattened =
                        matches!(self.service.shape(member.shape).kind, Kind::List { flattened: true, .. });
                    if flattened {
                        self.content(member.shape, held, out)?;
                    } else if held.as_array().is_some_and(Vec::is_empty) {
                        out.empty(member.wire_name);
                    } else {
                        out.start(member.wire_name);
                        self.content(member.shape, held, out)?;
                        out.end(member.wire_name);
                    }
                }
            }
        }
        Ok(())
    }

    fn content(&self, shape: ShapeId, held: &Value, out: &mut XmlDocument) -> Result<(), String> {
        let id = shape;
        let shape = self.service.shape(id);
        match (&shape.kind, held) {
            (Kind::Structure(structure), Value::Object(output)) => {
                return self.members(structure, output, out);
            }
            (Kind::Structure(_), Value::Number(place)) => {
                let place = place.as_u64().and_then(|place| usize::try_from(place).ok());
                let part = place.and_then(|place| self.parts.get(place));
                let part = part.ok_or_else(|| format!("a {} is a part that is not there", shape.name))?;
                // A part has no parts.
                let values = Values { service: self.service, parts: &[] };
                return part.write(out, |held, out| values.content(id, held, out));
            }
            (Kind::List { item, element, .. }, Value::Array(items)) => {
                for held in items {
                    out.start(element);
                    self.content(*item, held, out)?;
                    out.end(element);
                }
            }
            (Kind::String | Kind::Blob, Value::String(text)) => out.text(text),
            (Kind::Integer | Kind::Long | Kind::Float, Value::Number(number)) => {
                out.text(&number.to_string());
            }
            (Kind::Boolean, Value::Bool(truth)) => out.text(if *truth { "true" } else { "false" }),
            (Kind::Timestamp, Value::Number(milliseconds)) => {
                let milliseconds = milliseconds.as_i64().ok_or("a timestamp is milliseconds")?;
                out.text(&timestamp::iso8601(milliseconds));
            }
            _ => return Err(format!("a {} has the wrong type", shape.name)),
        }
        Ok(())
    }
}

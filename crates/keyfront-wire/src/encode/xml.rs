//! Writes `restXml` documents, guided by shapes.

use serde_json::{Map, Value};

use super::document::XmlDocument;
use crate::model::{Kind, Operation, Service, ShapeId, Structure};
use crate::timestamp;

/// A document whose root is one value.
pub(super) fn document(
    service: &Service,
    root: &str,
    shape: ShapeId,
    held: &Value,
) -> Result<Vec<u8>, String> {
    let mut out = XmlDocument::new(root, service.xml_namespace);
    content(service, shape, held, &mut out)?;
    Ok(out.finish())
}

/// A document whose root holds the members of the output itself.
pub(super) fn members_document(
    service: &Service,
    operation: &Operation,
    structure: &Structure,
    output: &Map<String, Value>,
) -> Result<Vec<u8>, String> {
    let root = operation.output.map_or("", |id| service.shape(id).name);
    let mut out = XmlDocument::new(root, service.xml_namespace);
    members(service, structure, output, &mut out)?;
    Ok(out.finish())
}

fn members(
    service: &Service,
    structure: &Structure,
    output: &Map<String, Value>,
    out: &mut XmlDocument,
) -> Result<(), String> {
    for member in structure.body_members() {
        match output.get(member.name) {
            None | Some(Value::Null) => {}
            Some(held) => {
                let flattened =
                    matches!(service.shape(member.shape).kind, Kind::List { flattened: true, .. });
                if flattened {
                    content(service, member.shape, held, out)?;
                } else {
                    out.start(member.wire_name);
                    content(service, member.shape, held, out)?;
                    out.end(member.wire_name);
                }
            }
        }
    }
    Ok(())
}

fn content(service: &Service, shape: ShapeId, held: &Value, out: &mut XmlDocument) -> Result<(), String> {
    let shape = service.shape(shape);
    match (&shape.kind, held) {
        (Kind::Structure(structure), Value::Object(output)) => {
            return members(service, structure, output, out);
        }
        (Kind::List { item, element, .. }, Value::Array(items)) => {
            for held in items {
                out.start(element);
                content(service, *item, held, out)?;
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

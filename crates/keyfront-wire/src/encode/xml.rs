//! Writes `restXml` documents.

use serde_json::{Map, Value};

use crate::model::{Kind, Operation, Service, ShapeId, Structure};
use crate::timestamp;

/// How the service begins its documents.
pub const XML_DECLARATION: &str = "<?xml version=\"1.0\"?>\n";

/// A document whose root is one value.
pub(super) fn document(
    service: &Service,
    root: &str,
    shape: ShapeId,
    held: &Value,
) -> Result<String, String> {
    let mut out = opened(service, root);
    content(service, shape, held, &mut out)?;
    close(&mut out, root);
    Ok(out)
}

/// A document whose root holds the members of the output itself.
pub(super) fn members_document(
    service: &Service,
    operation: &Operation,
    structure: &Structure,
    output: &Map<String, Value>,
) -> Result<String, String> {
    let root = operation.output.map_or("", |id| service.shape(id).name);
    let mut out = opened(service, root);
    members(service, structure, output, &mut out)?;
    close(&mut out, root);
    Ok(out)
}

fn opened(service: &Service, root: &str) -> String {
    format!("{XML_DECLARATION}<{root} xmlns=\"{}\">", service.xml_namespace)
}

fn open(out: &mut String, name: &str) {
    out.push('<');
    out.push_str(name);
    out.push('>');
}

fn close(out: &mut String, name: &str) {
    out.push_str("</");
    out.push_str(name);
    out.push('>');
}

fn members(
    service: &Service,
    structure: &Structure,
    output: &Map<String, Value>,
    out: &mut String,
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
                    open(out, member.wire_name);
                    content(service, member.shape, held, out)?;
                    close(out, member.wire_name);
                }
            }
        }
    }
    Ok(())
}

fn content(service: &Service, shape: ShapeId, held: &Value, out: &mut String) -> Result<(), String> {
    let shape = service.shape(shape);
    match (&shape.kind, held) {
        (Kind::Structure(structure), Value::Object(output)) => {
            return members(service, structure, output, out);
        }
        (Kind::List { item, element, .. }, Value::Array(items)) => {
            for held in items {
                open(out, element);
                content(service, *item, held, out)?;
                close(out, element);
            }
        }
        (Kind::String | Kind::Blob, Value::String(text)) => escape_into(out, text),
        (Kind::Integer | Kind::Long | Kind::Float, Value::Number(number)) => {
            out.push_str(&number.to_string());
        }
        (Kind::Boolean, Value::Bool(truth)) => out.push_str(if *truth { "true" } else { "false" }),
        (Kind::Timestamp, Value::Number(milliseconds)) => {
            let milliseconds = milliseconds.as_i64().ok_or("a timestamp is milliseconds")?;
            out.push_str(&timestamp::iso8601(milliseconds));
        }
        _ => return Err(format!("a {} has the wrong type", shape.name)),
    }
    Ok(())
}

/// Escapes text for an element. A carriage return would read back as a line feed, so it is written as a
/// reference; characters that XML cannot hold at all become U+FFFD.
pub fn escape_into(out: &mut String, text: &str) {
    for character in text.chars() {
        match character {
            '&' => out.push_str("&amp;"),
            '<' => out.push_str("&lt;"),
            '>' => out.push_str("&gt;"),
            '\r' => out.push_str("&#xD;"),
            other if is_xml_character(other) => out.push(other),
            _ => out.push('\u{fffd}'),
        }
    }
}

/// The characters that an XML 1.0 document may hold (XML 1.0, section 2.2).
pub(crate) fn is_xml_character(character: char) -> bool {
    matches!(character, '\t' | '\n' | '\r' | '\u{20}'..='\u{d7ff}' | '\u{e000}'..='\u{fffd}' | '\u{10000}'..)
}

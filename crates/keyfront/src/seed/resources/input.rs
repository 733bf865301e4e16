//! Completes the input of a creating operation by the model, and finds what no client could send.

use std::fs;
use std::path::Path;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use keyfront_wire::Service;
use keyfront_wire::model::{Kind, ShapeId, Structure};
use serde_json::{Map, Value, json};

use super::reference::escape;

/// The member that stands for the content of a file.
const FILE: &str = "File";

/// The depth of a configuration in its input, where it has a name of its own.
const CONFIGURATION: usize = 1;

/// What is known of the resource whose input is completed.
pub(super) struct Completion<'c> {
    pub(super) service: &'c Service,
    /// The name of the resource in the seed.
    pub(super) name: &'c str,
    /// The folder that files are named from.
    pub(super) folder: &'c Path,
    /// What is wrong, with its place.
    pub(super) problems: Vec<String>,
}

impl Completion<'_> {
    /// Completes a structure. `depth` is 0 for the input itself.
    pub(super) fn members(
        &mut self,
        structure: &Structure,
        held: &mut Map<String, Value>,
        place: &str,
        depth: usize,
    ) {
        for (name, value) in held.iter_mut() {
            let place = format!("{place}.{name}");
            match structure.members.iter().find(|member| member.name == name) {
                Some(member) => self.value(member.shape, value, &place, depth + 1),
                None => self.problems.push(format!("{place}: the model has no such member")),
            }
        }
        let lacks = |held: &Map<String, Value>, name: &str| {
            !held.contains_key(name) && structure.members.iter().any(|member| member.name == name)
        };
        if lacks(held, "Quantity") && structure.members.iter().any(|member| member.name == "Items") {
            let quantity = held.get("Items").and_then(Value::as_array).map_or(0, Vec::len);
            held.insert("Quantity".to_owned(), json!(quantity));
        }
        if lacks(held, "CallerReference") {
            held.insert("CallerReference".to_owned(), json!(self.name));
        }
        let named = structure.members.iter().any(|member| member.name == "Name" && member.required);
        if named && depth <= CONFIGURATION && lacks(held, "Name") {
            held.insert("Name".to_owned(), json!(self.name));
        }
    }

    fn value(&mut self, shape: ShapeId, value: &mut Value, place: &str, depth: usize) {
        let service = self.service;
        let wanted = match (&service.shape(shape).kind, &mut *value) {
            (Kind::Structure(structure), Value::Object(held)) => {
                return self.members(structure, held, place, depth);
            }
            (Kind::List { item, .. }, Value::Array(items)) => {
                for (index, held) in items.iter_mut().enumerate() {
                    self.value(*item, held, &format!("{place}[{index}]"), depth + 1);
                }
                return;
            }
            (Kind::String | Kind::Blob, Value::Object(file))
                if file.len() == 1 && file.contains_key(FILE) =>
            {
                let blob = matches!(service.shape(shape).kind, Kind::Blob);
                match self.content(file.get(FILE)) {
                    Ok(content) => match (blob, String::from_utf8(content)) {
                        (true, Ok(text)) => *value = json!(STANDARD.encode(text)),
                        (true, Err(bytes)) => *value = json!(STANDARD.encode(bytes.into_bytes())),
                        (false, Ok(text)) => *value = json!(escape(&text)),
                        (false, Err(_)) => self.problems.push(format!("{place}: the file is not UTF-8")),
                    },
                    Err(problem) => self.problems.push(format!("{place}: {problem}")),
                }
                return;
            }
            // Code that stands in the document itself.
            (Kind::Blob, Value::String(text)) => {
                *text = STANDARD.encode(text.as_bytes());
                return;
            }
            (Kind::String | Kind::Timestamp, Value::String(_))
            | (Kind::Boolean, Value::Bool(_))
            | (Kind::Float, Value::Number(_)) => return,
            (Kind::Integer | Kind::Long, Value::Number(number)) if number.is_i64() => return,
            (Kind::Structure(_), _) => "a structure",
            (Kind::List { .. }, _) => "a list",
            (Kind::String | Kind::Blob | Kind::Timestamp, _) => "a string",
            (Kind::Boolean, _) => "true or false",
            (Kind::Float, _) => "a number",
            (Kind::Integer | Kind::Long, _) => "a whole number",
        };
        self.problems.push(format!("{place}: it must be {wanted}"));
    }

    /// The content of a file that a document names.
    fn content(&self, path: Option<&Value>) -> Result<Vec<u8>, String> {
        let path = path.and_then(Value::as_str).ok_or("File must be the path of a file")?;
        fs::read(self.folder.join(path)).map_err(|error| format!("{path} cannot be read: {error}"))
    }
}

//! Lists that carry their own length, within a configuration.

use serde_json::{Map, Value};

/// Gives every list of a document its items, however deep it stands. Within documents the service shows an
/// empty list with `Items`, also to a client that left them out; a list that is wholly absent stays so.
pub(crate) fn complete(document: &mut Map<String, Value>) {
    if document.contains_key("Quantity") {
        document.entry("Items").or_insert_with(|| Value::Array(Vec::new()));
    }
    for member in document.values_mut() {
        match member {
            Value::Object(structure) => complete(structure),
            Value::Array(items) => items.iter_mut().filter_map(Value::as_object_mut).for_each(complete),
            Value::Null | Value::Bool(_) | Value::Number(_) | Value::String(_) => {}
        }
    }
}

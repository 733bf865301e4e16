//! Lists with `Quantity` and `Items`, as many of the service's documents have them.

use keyfront_error::{Code, ServiceError};
use serde::Deserialize;
use serde_json::{Map, Value};

/// `Quantity` and `Items`. Without items the element is usually left out.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "PascalCase")]
pub struct Counted<T> {
    /// How many items there are, as the client counted. The model requires it.
    #[serde(default)]
    pub quantity: i64,
    /// The items.
    #[serde(default = "Vec::new")]
    pub items: Vec<T>,
}

/// No items.
impl<T> Default for Counted<T> {
    fn default() -> Counted<T> {
        Counted { quantity: 0, items: Vec::new() }
    }
}

impl<T> Counted<T> {
    /// Refuses a list whose client counted something else than it sent.
    pub fn check(&self) -> Result<(), ServiceError> {
        if i64::try_from(self.items.len()) == Ok(self.quantity) {
            return Ok(());
        }
        Err(ServiceError::new(
            Code::InconsistentQuantities,
            "The value of Quantity and the size of Items don't match.",
        ))
    }
}

/// Leaves out the items of every list of a document that has none, however deep it stands: the service shows an empty
/// list as its quantity alone, whatever was sent.
pub fn omit_empty_items(document: &mut Map<String, Value>) {
    let empty = document.get("Items").and_then(Value::as_array).is_some_and(Vec::is_empty);
    if empty && document.contains_key("Quantity") {
        document.remove("Items");
    }
    for member in document.values_mut() {
        match member {
            Value::Object(structure) => omit_empty_items(structure),
            Value::Array(items) => {
                items.iter_mut().filter_map(Value::as_object_mut).for_each(omit_empty_items);
            }
            Value::Null | Value::Bool(_) | Value::Number(_) | Value::String(_) => {}
        }
    }
}

/// Whether a list has more than `limit` items.
pub(crate) fn more_than(items: usize, limit: u64) -> bool {
    u64::try_from(items).unwrap_or(u64::MAX) > limit
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_quantity_is_the_number_of_items() {
        for (json, consistent) in [
            (r#"{"Quantity":0}"#, true),
            (r#"{"Quantity":0,"Items":[]}"#, true),
            (r#"{"Quantity":2,"Items":["a","b"]}"#, true),
            (r#"{"Quantity":1}"#, false),
            (r#"{"Quantity":0,"Items":["a"]}"#, false),
            (r#"{"Quantity":-1}"#, false),
        ] {
            let list: Counted<String> = serde_json::from_str(json).unwrap();
            assert_eq!(list.check().is_ok(), consistent, "{json}");
        }
    }

    #[test]
    fn an_empty_list_has_no_items() {
        for (sent, kept) in [
            (r#"{"Quantity":0,"Items":[]}"#, r#"{"Quantity":0}"#),
            (r#"{"Quantity":1,"Items":["a"]}"#, r#"{"Quantity":1,"Items":["a"]}"#),
            (r#"{"Items":[]}"#, r#"{"Items":[]}"#),
            (
                r#"{"A":{"Quantity":1,"Items":[{"B":{"Quantity":0,"Items":[]}}]}}"#,
                r#"{"A":{"Quantity":1,"Items":[{"B":{"Quantity":0}}]}}"#,
            ),
        ] {
            let mut document = serde_json::from_str(sent).unwrap();
            omit_empty_items(&mut document);
            assert_eq!(document, serde_json::from_str(kept).unwrap(), "{sent}");
        }
    }
}

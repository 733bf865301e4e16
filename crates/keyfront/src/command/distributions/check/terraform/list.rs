//! Lists with quantities, as the model has them.

use serde_json::{Map, Value};

/// A list with its quantity.
pub(super) fn list(items: Vec<Value>) -> Value {
    list_with(items, []).into()
}

/// A list with its quantity, and other members beside.
pub(super) fn list_with<const N: usize>(items: Vec<Value>, beside: [(&str, Value); N]) -> Map<String, Value> {
    let mut list = Map::new();
    list.insert("Quantity".to_owned(), items.len().into());
    if !items.is_empty() {
        list.insert("Items".to_owned(), items.into());
    }
    list.extend(beside.map(|(member, value)| (member.to_owned(), value)));
    list
}

//! Finds members in what an operation answered.

use std::collections::VecDeque;

use keyfront_api::operation::Members;
use serde_json::Value;

/// The text or number of the member with a name, the outermost one: `Id` of a distribution is its own, not that of an
/// origin.
pub(super) fn find(answer: &Members, name: &str) -> Option<String> {
    let mut levels = VecDeque::from([answer]);
    while let Some(members) = levels.pop_front() {
        match members.get(name) {
            Some(Value::String(text)) => return Some(text.clone()),
            Some(Value::Number(number)) => return Some(number.to_string()),
            Some(Value::Null | Value::Bool(_) | Value::Array(_) | Value::Object(_)) | None => {}
        }
        levels.extend(members.values().filter_map(Value::as_object));
    }
    None
}

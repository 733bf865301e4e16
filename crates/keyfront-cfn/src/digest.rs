//! Digests of properties, which tell later whether they changed without keeping what they were.

use std::collections::BTreeMap;

use serde_json::Value;
use sha2::{Digest, Sha256};

/// Bytes of a digest that are kept: enough that a change is never missed.
const KEPT: usize = 12;

/// The digest of each scalar in a value, and of each empty list and object, by its path. The salt is the stack's, so
/// that the same value has another digest in another stack.
pub(crate) fn digests(salt: &str, value: &Value) -> BTreeMap<String, String> {
    let mut found = BTreeMap::new();
    collect(salt, "", value, &mut found);
    found
}

fn collect(salt: &str, path: &str, value: &Value, found: &mut BTreeMap<String, String>) {
    match value {
        Value::Object(members) if !members.is_empty() => {
            for (name, member) in members {
                let path = if path.is_empty() { name.clone() } else { format!("{path}.{name}") };
                collect(salt, &path, member, found);
            }
        }
        Value::Array(items) if !items.is_empty() => {
            for (index, item) in items.iter().enumerate() {
                collect(salt, &format!("{path}[{index}]"), item, found);
            }
        }
        Value::Null
        | Value::Bool(_)
        | Value::Number(_)
        | Value::String(_)
        | Value::Array(_)
        | Value::Object(_) => {
            let digest = Sha256::digest(format!("{salt}\0{path}\0{value}"));
            let kept = digest.get(..KEPT).unwrap_or(&digest);
            found.insert(path.to_owned(), hex::encode(kept));
        }
    }
}

/// The paths that differ, sorted.
pub(crate) fn changed(before: &BTreeMap<String, String>, after: &BTreeMap<String, String>) -> Vec<String> {
    let paths: std::collections::BTreeSet<&String> = before.keys().chain(after.keys()).collect();
    paths.into_iter().filter(|path| before.get(*path) != after.get(*path)).cloned().collect()
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn what_changed_is_told_by_path() {
        let before = digests("s", &json!({ "A": 1, "B": { "C": ["x", "y"], "D": [] } }));
        for (after, expected) in [
            (json!({ "A": 1, "B": { "C": ["x", "y"], "D": [] } }), &[][..]),
            (json!({ "A": 2, "B": { "C": ["x", "y"], "D": [] } }), &["A"]),
            (json!({ "A": 1, "B": { "C": ["x"], "D": [{}] } }), &["B.C[1]", "B.D", "B.D[0]"]),
            (json!({ "A": "1", "B": { "C": ["x", "y"] } }), &["A", "B.D"]),
        ] {
            assert_eq!(changed(&before, &digests("s", &after)), expected, "{after}");
        }
        assert_ne!(before, digests("t", &json!({ "A": 1, "B": { "C": ["x", "y"], "D": [] } })));
    }
}

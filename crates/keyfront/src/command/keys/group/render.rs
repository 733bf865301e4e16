//! Renders key groups as text and as JSON.

use keyfront_client::StoredKeyGroup;
use serde_json::{Value, json};

use crate::terminal::{Output, one_line};

/// Prints a group.
pub(super) fn show(group: &StoredKeyGroup, output: Output) {
    output.print(|| table(std::slice::from_ref(group)), || as_json(group));
}

/// Groups as lines of a table.
pub(super) fn table(groups: &[StoredKeyGroup]) -> String {
    let width = groups.iter().map(|group| group.name.chars().count()).max().unwrap_or_default();
    let lines = groups.iter().map(|group| {
        let StoredKeyGroup { id, name, comment, keys, modified } = group;
        let comment = one_line(comment.as_deref().unwrap_or_default());
        let line = format!("{id}  {:width$}  {modified:24}  {}  {comment}", one_line(name), keys.join(","));
        line.trim_end().to_owned()
    });
    lines.collect::<Vec<_>>().join("\n")
}

/// A group as the control plane describes it, by the service's names.
pub(super) fn as_json(group: &StoredKeyGroup) -> Value {
    json!({
        "Id": group.id,
        "Name": group.name,
        "Comment": group.comment,
        "Items": group.keys,
        "LastModifiedTime": group.modified,
    })
}

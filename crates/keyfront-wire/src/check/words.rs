//! How the service words what a value breaks.

use serde_json::Value;

use super::path::Path;
use crate::model::{Kind, Shape};
use crate::quirks;

/// Characters of a value that a message shows; a long value must not become a long answer. It is more than any name
/// has.
const MAX_SHOWN: usize = 1100;

/// That a member is not there. Of bytes the service says nothing, not even that there are none (captures of
/// CreateFunction of 2026-10 in MiniStack's tests).
pub(super) fn missing(path: &Path<'_>, shape: &Shape) -> String {
    let value = if matches!(shape.kind, Kind::Blob) { "Value" } else { "Value null" };
    broken(value, path, "Member must not be null")
}

/// That a value breaks a rule.
pub(super) fn broken(value: &str, path: &Path<'_>, rule: &str) -> String {
    format!("{value} at '{path}' failed to satisfy constraint: {rule}")
}

/// A value of a shape, as far as a message may show it: neither what is sensitive nor anything but a scalar.
pub(super) fn shown(shape: &Shape, value: &Value) -> String {
    match value {
        Value::String(text) if !shape.sensitive && !matches!(shape.kind, Kind::Blob) => {
            format!("Value '{}'", shortened(text))
        }
        Value::Number(number) => format!("Value '{number}'"),
        Value::Null | Value::Bool(_) | Value::String(_) | Value::Array(_) | Value::Object(_) => {
            "Value".to_owned()
        }
    }
}

/// The scalars of a list.
pub(super) fn shown_list(item: &Shape, items: &[Value]) -> String {
    if item.sensitive {
        return "Value".to_owned();
    }
    let texts: Vec<_> =
        items.iter().map(|value| value.as_str().map_or_else(|| value.to_string(), str::to_owned)).collect();
    format!("Value '[{}]'", shortened(&texts.join(", ")))
}

/// All rules of a scalar shape as one: a list says it of all its items at once.
pub(super) fn all_rules(shape: &Shape) -> String {
    let of = if matches!(shape.kind, Kind::String | Kind::Blob) { "length" } else { "value" };
    let rules = [
        shape.max.map(|max| at_most(of, max)),
        shape.min.map(|min| at_least(of, min)),
        shape.pattern.as_ref().map(|pattern| matching(&pattern.text)),
        (!shape.values.is_empty()).then(|| one_of(shape)),
    ];
    let rules: Vec<_> = rules.into_iter().flatten().collect();
    format!("Member must satisfy constraint: [{}]", rules.join(", "))
}

pub(super) fn at_most(of: &str, max: f64) -> String {
    format!("Member must have {of} less than or equal to {max}")
}

pub(super) fn at_least(of: &str, min: f64) -> String {
    format!("Member must have {of} greater than or equal to {min}")
}

pub(super) fn matching(pattern: &str) -> String {
    format!("Member must satisfy regular expression pattern: {pattern}")
}

pub(super) fn one_of(shape: &Shape) -> String {
    format!("Member must satisfy value set: [{}]", quirks::named_values(shape).join(", "))
}

fn shortened(text: &str) -> String {
    let mut shown: String = text.chars().take(MAX_SHOWN).collect();
    if shown.len() < text.len() {
        shown.push('…');
    }
    shown
}

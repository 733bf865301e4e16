//! References in text: `${NAME.Member}`, and `$${` for a `${` that is none.

use serde_json::Value;

/// A reference to a member of what was answered when a resource was made.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Reference<'t> {
    /// The resource, or store.
    pub(super) name: &'t str,
    /// The member of the answer.
    pub(super) member: &'t str,
}

/// Text without a meaning as a reference, which [`resolve`] gives back as it was.
pub(super) fn escape(text: &str) -> String {
    text.replace("${", "$${")
}

/// The text with every reference replaced by what `find` gives for it.
///
/// # Errors
/// What `find` refuses, and a reference that is not well formed.
pub(super) fn resolve(
    text: &str,
    mut find: impl FnMut(Reference<'_>) -> Result<String, String>,
) -> Result<String, String> {
    let mut resolved = String::with_capacity(text.len());
    let mut rest = text;
    while let Some((before, after)) = rest.split_once("${") {
        if let Some(before) = before.strip_suffix('$') {
            resolved.push_str(before);
            resolved.push_str("${");
            rest = after;
            continue;
        }
        let malformed =
            || format!("\"${{{}\" is not a reference: write ${{NAME.Member}}, or $${{ for ${{", cut(after));
        let (reference, after) = after.split_once('}').ok_or_else(malformed)?;
        let (name, member) = reference.split_once('.').ok_or_else(malformed)?;
        resolved.push_str(before);
        resolved.push_str(&find(Reference { name, member })?);
        rest = after;
    }
    resolved.push_str(rest);
    Ok(resolved)
}

/// The first characters of a text.
fn cut(text: &str) -> String {
    text.chars().take(20).collect()
}

/// Resolves every text in a value; `problem` gets what cannot be.
pub(super) fn resolve_all(
    value: &mut Value,
    find: &mut dyn FnMut(Reference<'_>) -> Result<String, String>,
    problem: &mut dyn FnMut(String),
) {
    match value {
        Value::String(text) => match resolve(text, &mut *find) {
            Ok(resolved) => *text = resolved,
            Err(what) => problem(what),
        },
        Value::Array(items) => items.iter_mut().for_each(|item| resolve_all(item, find, problem)),
        Value::Object(members) => {
            members.values_mut().for_each(|member| resolve_all(member, find, problem));
        }
        Value::Null | Value::Bool(_) | Value::Number(_) => {}
    }
}

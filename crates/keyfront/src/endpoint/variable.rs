//! Environment variables: the changes to them, and those of this process.

/// A variable and the value to set, or `None` to remove it.
pub(crate) type Variable = (&'static str, Option<String>);

/// A variable of this process, if it is text and not empty.
pub(crate) fn own_variable(name: &str) -> Option<String> {
    std::env::var_os(name).and_then(|value| value.into_string().ok()).filter(|value| !value.is_empty())
}

//! A change to an environment variable.

/// A variable and the value to set, or `None` to remove it.
pub(crate) type Variable = (&'static str, Option<String>);

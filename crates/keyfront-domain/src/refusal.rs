//! Refusals of configurations: the rule that is broken, in the service's words.

use std::borrow::Cow;

/// A rule that a configuration breaks, in the service's own words.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{code}: {message}")]
pub struct Refusal {
    /// The error code of the service's model.
    pub code: &'static str,
    /// The text for the client.
    pub message: Cow<'static, str>,
}

impl Refusal {
    /// A refusal with the service's text.
    pub const fn new(code: &'static str, message: &'static str) -> Refusal {
        Refusal { code, message: Cow::Borrowed(message) }
    }

    /// The refusal of one member, with what it must be.
    pub fn argument(member: &str, rule: &str) -> Refusal {
        let message = format!("The parameter {member} is not valid. {rule}");
        Refusal { code: "InvalidArgument", message: Cow::Owned(message) }
    }

    /// The refusal of a member that is empty.
    pub fn required(member: &str) -> Refusal {
        let message = format!("The parameter {member} is required.");
        Refusal { code: "InvalidArgument", message: Cow::Owned(message) }
    }

    /// The refusal of an update of what cannot change.
    pub const ILLEGAL_UPDATE: Refusal =
        Refusal::new("IllegalUpdate", "The update contains modifications that are not allowed.");

    /// Refuses a comment that is too long.
    pub(crate) fn of_comment(comment: Option<&str>) -> Result<(), Refusal> {
        if crate::name::is_comment(comment.unwrap_or_default()) {
            Ok(())
        } else {
            Err(Refusal::argument("Comment", "It must have at most 128 characters."))
        }
    }

    /// Refuses a caller reference that is missing or too long.
    pub(crate) fn of_caller_reference(reference: &str) -> Result<(), Refusal> {
        if reference.is_empty() {
            return Err(Refusal::required("CallerReference"));
        }
        if crate::name::is_caller_reference(reference) {
            Ok(())
        } else {
            Err(Refusal::argument("CallerReference", "It must have at most 1024 bytes."))
        }
    }

    /// Refuses the name of a public key or a profile.
    pub(crate) fn of_key_name(name: &str) -> Result<(), Refusal> {
        if crate::name::is_key_name(name) {
            Ok(())
        } else {
            Err(Refusal::argument("Name", "It must have 1 to 128 letters, digits, hyphens and underscores."))
        }
    }
}

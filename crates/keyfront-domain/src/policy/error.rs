//! Errors of policy documents: where, what, and what to write instead.

/// A policy document that Keyfront refuses. Nothing of it takes effect.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum PolicyError {
    /// The text is longer than the IAM API takes, or the policy is longer than IAM's quota.
    #[error(
        "the policy has {characters} characters{counted}, and the limit is {limit}; split it into several policies"
    )]
    TooLong {
        /// Length found, in characters.
        characters: usize,
        /// What was counted: empty, or a note that white space was left out.
        counted: &'static str,
        /// The limit that it passes.
        limit: usize,
    },
    /// The text is not JSON, or a member of an object comes twice.
    #[error("the policy is not valid JSON: {0}")]
    NotJson(String),
    /// A part of the document that is wrong, or that Keyfront does not understand.
    #[error("{place}: {reason}")]
    Refused {
        /// The statement, by number and Sid, and the path of members inside it.
        place: String,
        /// What is wrong there, and what to write instead.
        reason: String,
    },
}

impl PolicyError {
    /// A refusal of `place`, which callers put inside their own place with [`PolicyError::within`].
    pub(super) fn refused(place: impl Into<String>, reason: impl Into<String>) -> PolicyError {
        PolicyError::Refused { place: place.into(), reason: reason.into() }
    }

    /// The same refusal, seen from one level further out.
    pub(super) fn within(self, outer: &str) -> PolicyError {
        match self {
            PolicyError::Refused { place, reason } if place.is_empty() => PolicyError::refused(outer, reason),
            PolicyError::Refused { place, reason } => {
                PolicyError::refused(format!("{outer}.{place}"), reason)
            }
            PolicyError::TooLong { .. } | PolicyError::NotJson(_) => self,
        }
    }
}

//! What is wrong with a template or with what was given for it.

/// A mistake, and where it stands.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{place}: {message}")]
pub struct Mistake {
    /// Such as `Resources.Site.Properties.DistributionConfig`, or a line of a file.
    pub place: String,
    /// What is wrong, and what to do about it.
    pub message: String,
}

impl Mistake {
    pub(crate) fn new(place: impl Into<String>, message: impl Into<String>) -> Mistake {
        Mistake { place: place.into(), message: message.into() }
    }
}

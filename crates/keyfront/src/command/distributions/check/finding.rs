//! What is found in a configuration.

/// What would be refused, and where.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Finding {
    pub(super) place: String,
    pub(super) code: String,
    pub(super) message: String,
}

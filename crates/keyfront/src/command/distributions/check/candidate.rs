//! A configuration that is looked at.

use serde_json::{Map, Value};

/// A configuration as it would be sent.
pub(super) struct Candidate {
    /// The address in Terraform, of one that comes from there.
    pub(super) resource: Option<String>,
    /// Whether the distribution exists, so that the configuration would be sent as an update.
    pub(super) exists: bool,
    /// `DistributionConfig`.
    pub(super) config: Map<String, Value>,
    /// Places that are not known before Terraform applies.
    pub(super) unknown: Vec<String>,
}

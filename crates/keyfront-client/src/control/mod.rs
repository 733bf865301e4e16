//! Calls of the control plane, a file for each kind of resource.

pub(crate) mod distributions;
pub(crate) mod functions;
pub(crate) mod key_groups;
pub(crate) mod policies;
pub(crate) mod public_keys;
pub(crate) mod stores;

//! Settings of what tests may do to a server.

use serde::Deserialize;

/// The token that tests give to the admin address of a development server. It is as well known as its credentials;
/// the operator's commands need the token of the data folder there too.
pub(crate) const DEVELOPMENT_TOKEN: &str = "test";

/// What tests may do to a server over its admin address. All of it is off unless told otherwise;
/// `keyfront dev` turns it on.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub(crate) struct TestingSettings {
    /// Make operations fail or be slow on purpose.
    pub(crate) faults: bool,
    /// Save all that the store holds and put it back, or empty the store.
    pub(crate) snapshots: bool,
}

//! Values for the parameters of a multi-tenant distribution.

use serde::Deserialize;

/// A value for a parameter, by the model's names.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "PascalCase")]
pub struct Parameter {
    /// The parameter's name.
    pub name: String,
    /// Its value.
    pub value: String,
}

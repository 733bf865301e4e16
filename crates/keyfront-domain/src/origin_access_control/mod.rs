//! Origin access controls: how CloudFront signs its requests to an origin.

use keyfront_error::ServiceError;
use serde::Deserialize;

use crate::name;

/// Most characters of a name (AWS: OriginAccessControlConfig).
const MAX_NAME: usize = 64;

/// Most characters of a description. The service states none; the Terraform provider sends no more.
const MAX_DESCRIPTION: usize = 256;

/// `OriginAccessControlConfig`, by the model's names. The model knows the values of all but name and description.
#[derive(Clone, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "PascalCase", default)]
pub struct OriginAccessControlConfig {
    /// Unique in the account.
    pub name: String,
    /// A description.
    pub description: Option<String>,
    /// `sigv4`.
    pub signing_protocol: String,
    /// `always`, `never` or `no-override`.
    pub signing_behavior: String,
    /// `s3`, `mediastore`, `mediapackagev2` or `lambda`.
    pub origin_access_control_origin_type: String,
}

impl OriginAccessControlConfig {
    /// Refuses what cannot be an origin access control.
    ///
    /// # Errors
    /// `InvalidArgument`, naming the member.
    pub fn check(&self) -> Result<(), ServiceError> {
        name::check_length("Name", &self.name, 1..=MAX_NAME)?;
        name::check_length(
            "Description",
            self.description.as_deref().unwrap_or_default(),
            0..=MAX_DESCRIPTION,
        )
    }
}

#[cfg(test)]
mod tests;

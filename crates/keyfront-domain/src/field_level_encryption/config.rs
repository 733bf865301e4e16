//! Configurations: which profile a request gets.

use std::collections::BTreeSet;

use keyfront_error::{Code, ServiceError};
use serde::Deserialize;

use crate::counted::more_than;
use crate::{Counted, Quotas, name};

/// The only content type whose fields can be encrypted.
pub(super) const CONTENT_TYPE: &str = "application/x-www-form-urlencoded";

/// `FieldLevelEncryptionConfig`, by the model's names.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "PascalCase")]
pub struct FieldLevelEncryptionConfig {
    /// Tells requests apart.
    pub caller_reference: String,
    /// A comment.
    pub comment: Option<String>,
    /// Profiles by a query argument, which go before those by content type.
    pub query_arg_profile_config: Option<QueryArgProfileConfig>,
    /// Profiles by content type.
    pub content_type_profile_config: Option<ContentTypeProfileConfig>,
}

/// Profiles by the query argument `fle-profile`.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "PascalCase")]
pub struct QueryArgProfileConfig {
    /// Forward a request as it is when its argument names no profile; otherwise it is refused.
    pub forward_when_query_arg_profile_is_unknown: bool,
    /// The profiles.
    pub query_arg_profiles: Option<Counted<QueryArgProfile>>,
}

/// One value of the query argument.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "PascalCase")]
pub struct QueryArgProfile {
    /// The value.
    pub query_arg: String,
    /// The id of the profile.
    pub profile_id: String,
}

/// Profiles by content type.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "PascalCase")]
pub struct ContentTypeProfileConfig {
    /// Forward a request as it is when its content type is not listed; otherwise it is refused.
    pub forward_when_content_type_is_unknown: bool,
    /// The profiles.
    pub content_type_profiles: Option<Counted<ContentTypeProfile>>,
}

/// One content type.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "PascalCase")]
pub struct ContentTypeProfile {
    /// `application/x-www-form-urlencoded`.
    pub content_type: String,
    /// The id of the profile. Without one such requests are forwarded as they are.
    pub profile_id: Option<String>,
}

impl FieldLevelEncryptionConfig {
    /// Refuses what cannot be a configuration. That the profiles exist is for others to check.
    pub fn check(&self, quotas: &Quotas) -> Result<(), ServiceError> {
        name::check_caller_reference(&self.caller_reference)?;
        name::check_comment(self.comment.as_deref())?;
        if let Some(profiles) = self.query_arg_profiles() {
            check_query_args(profiles, quotas)?;
        }
        if let Some(profiles) = self.content_type_profiles() {
            check_content_types(profiles)?;
        }
        Ok(())
    }

    /// Refuses to become `after`: a request's reference stays.
    pub fn check_change(&self, after: &FieldLevelEncryptionConfig) -> Result<(), ServiceError> {
        if self.caller_reference == after.caller_reference {
            Ok(())
        } else {
            Err(ServiceError::ILLEGAL_UPDATE)
        }
    }

    /// The ids of the profiles, each once.
    pub fn profile_ids(&self) -> BTreeSet<&str> {
        let arguments = self.query_arg_profiles().into_iter().flat_map(|list| &list.items);
        let types = self.content_type_profiles().into_iter().flat_map(|list| &list.items);
        let ids = arguments.map(|profile| profile.profile_id.as_str());
        // An empty id means the same as none.
        ids.chain(types.filter_map(|profile| profile.profile_id.as_deref()))
            .filter(|id| !id.is_empty())
            .collect()
    }

    fn query_arg_profiles(&self) -> Option<&Counted<QueryArgProfile>> {
        self.query_arg_profile_config.as_ref()?.query_arg_profiles.as_ref()
    }

    fn content_type_profiles(&self) -> Option<&Counted<ContentTypeProfile>> {
        self.content_type_profile_config.as_ref()?.content_type_profiles.as_ref()
    }
}

fn check_query_args(profiles: &Counted<QueryArgProfile>, quotas: &Quotas) -> Result<(), ServiceError> {
    profiles.check()?;
    if more_than(profiles.items.len(), quotas.query_arg_profiles_per_config) {
        return Err(ServiceError::new(
            Code::TooManyFieldLevelEncryptionQueryArgProfiles,
            "The maximum number of query arg profiles for field-level encryption have been created.",
        ));
    }
    let mut seen = BTreeSet::new();
    for QueryArgProfile { query_arg, profile_id } in &profiles.items {
        if profile_id.is_empty() {
            return Err(ServiceError::new(
                Code::QueryArgProfileEmpty,
                "No profile specified for the field-level encryption query argument.",
            ));
        }
        let valid = query_arg.bytes().all(|b| b.is_ascii_alphanumeric() || b"-._*+%".contains(&b));
        if !valid || !(1..=128).contains(&query_arg.len()) {
            return Err(ServiceError::argument(
                "QueryArg",
                "It must have 1 to 128 letters, digits and characters of -._*+%.",
            ));
        }
        if !seen.insert(query_arg) {
            return Err(ServiceError::argument(
                "QueryArgProfiles",
                "A query argument is given more than once.",
            ));
        }
    }
    Ok(())
}

fn check_content_types(profiles: &Counted<ContentTypeProfile>) -> Result<(), ServiceError> {
    profiles.check()?;
    if profiles.items.iter().any(|profile| profile.content_type != CONTENT_TYPE) {
        return Err(ServiceError::argument("ContentType", "It must be application/x-www-form-urlencoded."));
    }
    // There is one content type, so there is room for one.
    if profiles.items.len() > 1 {
        return Err(ServiceError::new(
            Code::TooManyFieldLevelEncryptionContentTypeProfiles,
            "The maximum number of content type profiles for field-level encryption have been created.",
        ));
    }
    Ok(())
}

//! Tags as requests carry them, and the rules that the model does not state.

use std::collections::BTreeMap;

use keyfront_domain::arn::Arn;
use serde::{Deserialize, Serialize};

use crate::error::ApiError;

/// The `Tags` document.
#[derive(Debug, Default, Serialize, Deserialize)]
pub(in crate::control) struct Tags {
    /// The tags; absent and empty mean the same.
    #[serde(rename = "Items", default)]
    pub(super) items: Vec<Tag>,
}

/// One tag. A tag without a value has an empty one.
#[derive(Debug, Serialize, Deserialize)]
#[serde(rename_all = "PascalCase")]
pub(super) struct Tag {
    pub(super) key: String,
    #[serde(default)]
    pub(super) value: String,
}

impl Tags {
    /// The tags by key. `code` is what the operation calls a bad set of tags.
    pub(in crate::control) fn into_map(
        self,
        code: &'static str,
    ) -> Result<BTreeMap<String, String>, ApiError> {
        let mut map = BTreeMap::new();
        for tag in self.items {
            if tag.key.get(..4).is_some_and(|prefix| prefix.eq_ignore_ascii_case("aws:")) {
                return Err(ApiError::new(code, "Tag keys that begin with aws: are reserved."));
            }
            if map.insert(tag.key, tag.value).is_some() {
                return Err(ApiError::new(code, "A tag key is given more than once."));
            }
        }
        Ok(map)
    }
}

/// The resource of an ARN. Whether it exists is not known yet.
pub(super) fn resource(arn: &str) -> Result<Arn, ApiError> {
    let arn: Option<Arn> = arn.parse().ok();
    arn.filter(|arn| arn.kind().is_taggable()).ok_or_else(no_such_resource)
}

/// The refusal of more tags than a resource may have.
pub(in crate::control) fn too_many(code: &'static str, limit: u64) -> ApiError {
    ApiError::new(code, format!("A resource can have at most {limit} tags."))
}

/// The refusal of an ARN that no resource has.
pub(super) fn no_such_resource() -> ApiError {
    ApiError::new("NoSuchResource", "The specified resource does not exist.")
}

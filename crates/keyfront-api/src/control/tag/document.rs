//! Tags as requests carry them, and the rules that the model does not state.

use std::borrow::Cow;
use std::collections::{BTreeMap, BTreeSet};

use keyfront_domain::AccountId;
use keyfront_domain::arn::Arn;
use keyfront_error::{Code, ServiceError};
use serde::{Deserialize, Serialize};

use crate::context::Context;
use crate::operation::{Members, Subject, text};

/// The `Tags` document.
#[derive(Debug, Default, Serialize, Deserialize)]
pub(crate) struct Tags {
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
    /// The tags by key of a resource that is being created, which may have `limit` of them. `code` is what the operation
    /// calls a bad set of tags.
    pub(crate) fn at_creation(
        self,
        code: Code,
        limit: u64,
    ) -> Result<BTreeMap<String, String>, ServiceError> {
        let tags = self.into_map(code)?;
        if u64::try_from(tags.len()).unwrap_or(u64::MAX) > limit {
            return Err(too_many(code));
        }
        Ok(tags)
    }

    /// The tags by key. `code` is what the operation calls a bad set of tags.
    pub(super) fn into_map(self, code: Code) -> Result<BTreeMap<String, String>, ServiceError> {
        self.check_keys().map_err(|text| ServiceError::with(code, text))?;
        Ok(self.items.into_iter().map(|tag| (tag.key, tag.value)).collect())
    }

    /// What is wrong with the keys, in the order and the words of the service (captures of CreateFunction of 2026-10 in
    /// MiniStack's tests): a key that is given twice, then one that only the service may give.
    fn check_keys(&self) -> Result<(), String> {
        let mut seen = BTreeSet::new();
        if let Some(twice) = self.items.iter().find(|tag| !seen.insert(tag.key.as_str())) {
            return Err(format!("Duplicate tag key: '{}'.", twice.key));
        }
        let reserved = |key: &&str| key.get(..4).is_some_and(|prefix| prefix.eq_ignore_ascii_case("aws:"));
        let reserved: Vec<_> = self.items.iter().map(|tag| tag.key.as_str()).filter(reserved).collect();
        match reserved.first() {
            None => Ok(()),
            Some(_) if reserved.iter().any(|key| key.starts_with("aws:")) => {
                Err("Tag key cannot start with 'aws:'.".to_owned())
            }
            Some(key) => {
                Err(format!("Invalid System Tag: {key} must be prefixed with \"aws:\" in lowercase."))
            }
        }
    }
}

/// The resource that the member `Resource` names, whether it exists or not.
pub(super) struct ResourceByArn {
    given: String,
    arn: Option<Arn>,
}

impl ResourceByArn {
    /// The resource; the refusal of an ARN whose kind of resource has no tags.
    pub(super) fn tagged(self) -> Result<Arn, ServiceError> {
        self.arn.filter(|arn| arn.kind().is_taggable()).ok_or_else(no_such_resource)
    }
}

impl Subject for ResourceByArn {
    async fn find(_cx: &Context, _account: AccountId, input: &Members) -> Result<Self, ServiceError> {
        let given = text(input, "Resource").to_owned();
        Ok(ResourceByArn { arn: given.parse().ok(), given })
    }

    /// As the resource itself writes it: an id can be written in capital letters too, and a policy must not miss it.
    fn arn(&self) -> Cow<'_, str> {
        match &self.arn {
            Some(arn) => Cow::Owned(arn.to_string()),
            None => Cow::Borrowed(&self.given),
        }
    }
}

/// The refusal of more tags than a resource may have.
pub(super) fn too_many(code: Code) -> ServiceError {
    ServiceError::new(code, "Too many tags.")
}

/// The refusal of an ARN that no resource has (captures of the tags of VPC origins of 2026-10 in MiniStack's tests).
pub(super) fn no_such_resource() -> ServiceError {
    let text = "The specified resource doesn't exist. Update your request and try again.";
    ServiceError::new(Code::NoSuchResource, text)
}

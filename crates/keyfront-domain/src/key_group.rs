//! Key groups: the public keys that a cache behavior trusts.

use keyfront_error::{Code, ServiceError};
use serde::Deserialize;

use crate::counted::more_than;
use crate::{Quotas, name};

/// `KeyGroupConfig`, by the model's names.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "PascalCase")]
pub struct KeyGroupConfig {
    /// Unique in the account. The service states no letters, so any are taken.
    pub name: String,
    /// Ids of public keys, at least one. Their order means nothing.
    pub items: Vec<String>,
    /// A comment.
    pub comment: Option<String>,
}

impl KeyGroupConfig {
    /// Refuses what cannot be a key group. That the keys exist is for others to check.
    pub fn check(&self, quotas: &Quotas) -> Result<(), ServiceError> {
        if !(1..=128).contains(&self.name.chars().count()) {
            return Err(ServiceError::argument("Name", "It must have 1 to 128 characters."));
        }
        name::check_comment(self.comment.as_deref())?;
        if self.items.is_empty() {
            return Err(ServiceError::required("Items"));
        }
        if more_than(self.items.len(), quotas.public_keys_per_key_group) {
            return Err(ServiceError::new(
                Code::TooManyPublicKeysInKeyGroup,
                "The number of public keys in this key group is more than the maximum allowed. For more \
                 information, see Quotas (formerly known as limits) in the Amazon CloudFront Developer Guide.",
            ));
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_key_group_has_a_name_and_one_to_five_keys() {
        let five = || vec!["K1".to_owned(); 5];
        let group = |name: &str, items: Vec<String>, comment: &str| KeyGroupConfig {
            name: name.to_owned(),
            items,
            comment: Some(comment.to_owned()),
        };
        let mut six = five();
        six.push("K2".to_owned());
        let long = "ü".repeat(128);
        for (config, expected) in [
            (group("a group: ü", five(), ""), "ok"),
            (group(&long, vec!["K1".to_owned()], &long), "ok"),
            (group("", five(), ""), "InvalidArgument"),
            (group(&(long.clone() + "x"), five(), ""), "InvalidArgument"),
            (group("g", five(), &(long.clone() + "x")), "InvalidArgument"),
            (group("g", vec![], ""), "InvalidArgument"),
            (group("g", six, ""), "TooManyPublicKeysInKeyGroup"),
        ] {
            let checked = config.check(&Quotas::default());
            let code = checked.map_or_else(|refusal| format!("{:?}", refusal.code()), |()| "ok".to_owned());
            assert_eq!(code, expected, "{config:?}");
        }
    }
}

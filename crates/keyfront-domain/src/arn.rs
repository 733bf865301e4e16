//! Amazon Resource Names of the resources that Keyfront keeps.

use std::fmt;
use std::str::FromStr;

use uuid::Uuid;

use crate::AccountId;

/// `arn:aws:cloudfront::ACCOUNT:key-value-store/ID`. The id is the store's UUID, never its name.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug)]
pub struct KeyValueStoreArn {
    /// The account that owns the store.
    pub account: AccountId,
    /// The store's id.
    pub id: Uuid,
}

/// The text is not the ARN of a key value store.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("not the ARN of a key value store; it looks like arn:aws:cloudfront::ACCOUNT:key-value-store/ID")]
pub struct InvalidArn;

impl FromStr for KeyValueStoreArn {
    type Err = InvalidArn;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        let rest = text.strip_prefix("arn:aws:cloudfront::").ok_or(InvalidArn)?;
        let (account, id) = rest.split_once(":key-value-store/").ok_or(InvalidArn)?;
        let Ok(account) = account.parse() else { return Err(InvalidArn) };
        // The UUID parser also takes braces, URNs and bare digits; an ARN has one spelling.
        match Uuid::try_parse(id) {
            Ok(uuid) if id.len() == 36 => Ok(KeyValueStoreArn { account, id: uuid }),
            Ok(_) | Err(_) => Err(InvalidArn),
        }
    }
}

impl fmt::Display for KeyValueStoreArn {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "arn:aws:cloudfront::{}:key-value-store/{}", self.account, self.id)
    }
}

/// `arn:aws:cloudfront::ACCOUNT:function/NAME`. A function is known by its name, which can pass to another one.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Debug)]
pub struct FunctionArn {
    /// The account that owns the function.
    pub account: AccountId,
    /// The function's name.
    pub name: String,
}

/// The text is not the ARN of a function.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("not the ARN of a function; it looks like arn:aws:cloudfront::ACCOUNT:function/NAME")]
pub struct InvalidFunctionArn;

impl FromStr for FunctionArn {
    type Err = InvalidFunctionArn;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        let rest = text.strip_prefix("arn:aws:cloudfront::").ok_or(InvalidFunctionArn)?;
        let (account, name) = rest.split_once(":function/").ok_or(InvalidFunctionArn)?;
        match account.parse() {
            Ok(account) if crate::function::is_name(name) => {
                Ok(FunctionArn { account, name: name.to_owned() })
            }
            Ok(_) | Err(_) => Err(InvalidFunctionArn),
        }
    }
}

impl fmt::Display for FunctionArn {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "arn:aws:cloudfront::{}:{}/{}", self.account, ResourceKind::FUNCTION.as_str(), self.name)
    }
}

/// A kind of configuration resource, by the word for it in ARNs, such as `public-key`.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug)]
pub struct ResourceKind(&'static str);

impl ResourceKind {
    /// Public keys for signed URLs and field-level encryption.
    pub const PUBLIC_KEY: ResourceKind = ResourceKind("public-key");
    /// Groups of public keys that a cache behavior trusts.
    pub const KEY_GROUP: ResourceKind = ResourceKind("key-group");
    /// Which profile of field-level encryption a request gets.
    pub const FIELD_LEVEL_ENCRYPTION_CONFIG: ResourceKind = ResourceKind("field-level-encryption-config");
    /// Which fields are encrypted with which public key.
    pub const FIELD_LEVEL_ENCRYPTION_PROFILE: ResourceKind = ResourceKind("field-level-encryption-profile");
    /// CloudFront Functions.
    pub const FUNCTION: ResourceKind = ResourceKind("function");
    /// Distributions, which refer to the others.
    pub const DISTRIBUTION: ResourceKind = ResourceKind("distribution");

    /// The word in ARNs. It has no `/` and never changes: the store's keys contain it.
    pub fn as_str(self) -> &'static str {
        self.0
    }
}

/// `arn:aws:cloudfront::ACCOUNT:KIND/ID`.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Debug)]
pub struct ResourceArn {
    /// The account that owns the resource.
    pub account: AccountId,
    /// What it is.
    pub kind: ResourceKind,
    /// Its id, in whatever form its kind has.
    pub id: String,
}

impl fmt::Display for ResourceArn {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "arn:aws:cloudfront::{}:{}/{}", self.account, self.kind.as_str(), self.id)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_arn_reads_back_as_it_was_written() {
        let text = "arn:aws:cloudfront::123456789012:key-value-store/54947df8-0e9e-4471-a2f9-9af509fb5889";
        assert_eq!(text.parse::<KeyValueStoreArn>().unwrap().to_string(), text);
    }

    #[test]
    fn a_resource_is_named_by_its_kind_and_id() {
        let account = "123456789012".parse().unwrap();
        let arn = ResourceArn { account, kind: ResourceKind::PUBLIC_KEY, id: "K2JCJMDEHXQW5F".to_owned() };
        assert_eq!(arn.to_string(), "arn:aws:cloudfront::123456789012:public-key/K2JCJMDEHXQW5F");
    }

    #[test]
    fn a_function_is_named_by_its_name() {
        let text = "arn:aws:cloudfront::123456789012:function/redirect_1-a";
        assert_eq!(text.parse::<FunctionArn>().unwrap().to_string(), text);
        for text in [
            "",
            "redirect",
            "arn:aws:cloudfront::123456789012:function/",
            "arn:aws:cloudfront::123456789012:function/a/b",
            "arn:aws:cloudfront::123456789012:function/a b",
            "arn:aws:cloudfront::12345678901:function/a",
            "arn:aws:cloudfront:us-east-1:123456789012:function/a",
            "arn:aws-cn:cloudfront::123456789012:function/a",
            "arn:aws:cloudfront::123456789012:distribution/a",
        ] {
            assert_eq!(text.parse::<FunctionArn>(), Err(InvalidFunctionArn), "{text}");
        }
    }

    #[test]
    fn everything_else_is_refused() {
        for text in [
            "",
            "arn:aws:cloudfront::123456789012:key-value-store/",
            "arn:aws:cloudfront::123456789012:key-value-store/my-store",
            "arn:aws:cloudfront::12345678901:key-value-store/54947df8-0e9e-4471-a2f9-9af509fb5889",
            "arn:aws:cloudfront:us-east-1:123456789012:key-value-store/54947df8-0e9e-4471-a2f9-9af509fb5889",
            "arn:aws-cn:cloudfront::123456789012:key-value-store/54947df8-0e9e-4471-a2f9-9af509fb5889",
            "arn:aws:cloudfront::123456789012:distribution/54947df8-0e9e-4471-a2f9-9af509fb5889",
            "arn:aws:cloudfront::123456789012:key-value-store/54947df80e9e4471a2f99af509fb5889",
            "arn:aws:cloudfront::123456789012:key-value-store/54947df8-0e9e-4471-a2f9-9af509fb5889/x",
        ] {
            assert_eq!(text.parse::<KeyValueStoreArn>(), Err(InvalidArn), "{text}");
        }
    }
}

//! ARNs of one kind, for where no other makes sense.

use std::fmt;
use std::str::FromStr;

use uuid::Uuid;

use super::{Arn, InvalidArn, ResourceKind, print, split};
use crate::{AccountId, function};

/// `arn:aws:cloudfront::ACCOUNT:key-value-store/ID`. The id is the store's UUID, never its name.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug)]
pub struct KeyValueStoreArn {
    /// The account that owns the store.
    pub account: AccountId,
    /// The store's id.
    pub id: Uuid,
}

impl KeyValueStoreArn {
    /// The ARN with this id as an ARN shows it.
    pub(super) fn of(account: AccountId, id: &str) -> Option<KeyValueStoreArn> {
        // The UUID parser also takes braces, URNs and bare digits.
        let id = Uuid::try_parse(id).ok().filter(|_| id.len() == 36)?;
        Some(KeyValueStoreArn { account, id })
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

impl FunctionArn {
    /// The ARN with this name, if a function can have it.
    pub(super) fn of(account: AccountId, name: &str) -> Option<FunctionArn> {
        function::is_name(name).then(|| FunctionArn { account, name: name.to_owned() })
    }
}

impl From<KeyValueStoreArn> for Arn {
    fn from(arn: KeyValueStoreArn) -> Arn {
        Arn::new(arn.account, ResourceKind::KEY_VALUE_STORE, arn.id.to_string())
    }
}

impl From<FunctionArn> for Arn {
    fn from(arn: FunctionArn) -> Arn {
        Arn::new(arn.account, ResourceKind::FUNCTION, arn.name)
    }
}

impl TryFrom<&Arn> for KeyValueStoreArn {
    type Error = InvalidArn;

    fn try_from(arn: &Arn) -> Result<KeyValueStoreArn, InvalidArn> {
        let id = Some(arn.id()).filter(|_| arn.kind() == ResourceKind::KEY_VALUE_STORE);
        id.and_then(|id| KeyValueStoreArn::of(arn.account, id)).ok_or_else(InvalidArn::no_store)
    }
}

impl TryFrom<&Arn> for FunctionArn {
    type Error = InvalidArn;

    fn try_from(arn: &Arn) -> Result<FunctionArn, InvalidArn> {
        let name = Some(arn.id()).filter(|_| arn.kind() == ResourceKind::FUNCTION);
        name.and_then(|name| FunctionArn::of(arn.account, name)).ok_or_else(InvalidArn::no_function)
    }
}

impl FromStr for KeyValueStoreArn {
    type Err = InvalidArn;

    fn from_str(text: &str) -> Result<KeyValueStoreArn, InvalidArn> {
        let parts = split(text).filter(|(_, kind, _)| *kind == ResourceKind::KEY_VALUE_STORE);
        parts.and_then(|(account, _, id)| KeyValueStoreArn::of(account, id)).ok_or_else(InvalidArn::no_store)
    }
}

impl FromStr for FunctionArn {
    type Err = InvalidArn;

    fn from_str(text: &str) -> Result<FunctionArn, InvalidArn> {
        let parts = split(text).filter(|(_, kind, _)| *kind == ResourceKind::FUNCTION);
        parts
            .and_then(|(account, _, name)| FunctionArn::of(account, name))
            .ok_or_else(InvalidArn::no_function)
    }
}

impl fmt::Display for KeyValueStoreArn {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        print(f, self.account, ResourceKind::KEY_VALUE_STORE, &self.id)
    }
}

impl fmt::Display for FunctionArn {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        print(f, self.account, ResourceKind::FUNCTION, &self.name)
    }
}

impl InvalidArn {
    fn no_store() -> InvalidArn {
        InvalidArn { wanted: ResourceKind::KEY_VALUE_STORE.as_str() }
    }

    fn no_function() -> InvalidArn {
        InvalidArn { wanted: ResourceKind::FUNCTION.as_str() }
    }
}

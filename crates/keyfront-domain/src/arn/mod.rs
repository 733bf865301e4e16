//! Amazon Resource Names: `arn:aws:cloudfront::ACCOUNT:KIND/ID`, parsed and printed here and nowhere else.
//!
//! An [`Arn`] names any resource. Where only one kind makes sense, a typed form of it stands: a
//! [`KeyValueStoreArn`] has a UUID, a [`FunctionArn`] a name. Each prints what it parses to the letter, except that
//! the hexadecimal digits of a store's id may be given in capitals; so two ARNs that are equal as text are equal,
//! and one resource has one ARN.

mod kind;
#[cfg(test)]
mod tests;
mod typed;

use std::fmt;
use std::str::FromStr;

use crate::AccountId;

pub use kind::ResourceKind;
pub use typed::{FunctionArn, KeyValueStoreArn};

/// Everything before the account.
const SERVICE: &str = "arn:aws:cloudfront::";

/// The longest id of a resource, in bytes: the service's own have at most 64.
const LONGEST_ID: usize = 128;

/// The name of a resource of an account.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Debug)]
pub struct Arn {
    /// The account that owns the resource.
    pub account: AccountId,
    /// Which resource of the account it is.
    pub resource: Resource,
}

/// A resource within its account.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Debug)]
pub struct Resource {
    /// What it is.
    pub kind: ResourceKind,
    /// Its id in the form of its kind: a UUID, a name, or a code.
    pub id: String,
}

/// The text is not the ARN that was wanted.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("not the ARN of a {wanted}; it looks like {SERVICE}ACCOUNT:{wanted}/ID")]
pub struct InvalidArn {
    wanted: &'static str,
}

impl Arn {
    /// The ARN of a resource by its kind and id. The id is not checked: an id that no resource can have makes an
    /// ARN that names none, and that [`parse`](str::parse) refuses.
    pub fn new(account: AccountId, kind: ResourceKind, id: impl Into<String>) -> Arn {
        Arn { account, resource: Resource { kind, id: id.into() } }
    }

    /// What it is.
    pub fn kind(&self) -> ResourceKind {
        self.resource.kind
    }

    /// Its id in the form of its kind.
    pub fn id(&self) -> &str {
        &self.resource.id
    }
}

impl FromStr for Arn {
    type Err = InvalidArn;

    fn from_str(text: &str) -> Result<Arn, InvalidArn> {
        let invalid = InvalidArn { wanted: "CloudFront resource" };
        let Some((account, kind, id)) = split(text) else { return Err(invalid) };
        let typed = match kind {
            ResourceKind::KEY_VALUE_STORE => KeyValueStoreArn::of(account, id).map(Arn::from),
            ResourceKind::FUNCTION => FunctionArn::of(account, id).map(Arn::from),
            other => is_id(id).then(|| Arn::new(account, other, id)),
        };
        typed.ok_or(invalid)
    }
}

/// As its text.
impl serde::Serialize for Arn {
    fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}

impl<'de> serde::Deserialize<'de> for Arn {
    fn deserialize<D: serde::Deserializer<'de>>(deserializer: D) -> Result<Arn, D::Error> {
        let text = <std::borrow::Cow<'de, str>>::deserialize(deserializer)?;
        text.parse().map_err(serde::de::Error::custom)
    }
}

impl fmt::Display for Arn {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        print(f, self.account, self.kind(), &self.id())
    }
}

/// The parts of an ARN of a kind that exists. The id is as it stands there.
fn split(text: &str) -> Option<(AccountId, ResourceKind, &str)> {
    let (account, resource) = text.strip_prefix(SERVICE)?.split_once(':')?;
    let (kind, id) = resource.split_once('/')?;
    Some((account.parse().ok()?, ResourceKind::of_word(kind)?, id))
}

fn print(
    f: &mut fmt::Formatter<'_>,
    account: AccountId,
    kind: ResourceKind,
    id: &dyn fmt::Display,
) -> fmt::Result {
    write!(f, "{SERVICE}{account}:{}/{id}", kind.as_str())
}

/// Whether a resource of a kind without a form of its own can have this id.
fn is_id(id: &str) -> bool {
    (1..=LONGEST_ID).contains(&id.len())
        && id.bytes().all(|b| b.is_ascii_alphanumeric() || b == b'-' || b == b'_')
}

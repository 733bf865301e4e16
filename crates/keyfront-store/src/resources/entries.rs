//! The engine's entries that hold configuration resources, for readers that follow the engine's commits.

use bytes::Bytes;
use keyfront_domain::AccountId;
use keyfront_domain::arn::{Arn, ResourceKind};

use crate::records::{ResourceRecord, damaged};
use crate::{Range, Record, StoreError, keyspace};

/// The range of all resources of all accounts.
pub fn all() -> Range {
    keyspace::all_resources().range()
}

/// The range of an account's resources of one kind.
pub fn of_kind(account: AccountId, kind: ResourceKind) -> Range {
    keyspace::resources(account, kind).range()
}

/// The key of a resource.
pub fn key(arn: &Arn) -> Bytes {
    keyspace::resource(arn).bytes()
}

/// The resource that a key of the range [`all`] names; `None` for a key that no version of Keyfront writes.
pub fn arn(key: &[u8]) -> Option<Arn> {
    keyspace::resource_in(key.get(1..)?)
}

/// Reads the value of a resource's key.
///
/// # Errors
/// A later version wrote it, or it is damaged.
pub fn read(value: &Bytes) -> Result<ResourceRecord, StoreError> {
    ResourceRecord::decode(value).ok_or_else(|| damaged("resource"))
}

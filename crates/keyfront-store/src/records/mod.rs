//! Records: the values of the store, and their encoding.
//!
//! Every value begins with a version byte. A decoder reads every version that was ever released; a later
//! version than it knows is an error and never a guess. Records that are read on every request have a
//! fixed layout, documents are JSON, which tolerates a new optional member without a new version.

mod documents;
mod functions;
mod journal;
mod pairs;
mod replication;
mod small;
mod stored;

use bytes::Bytes;
use serde::Serialize;
use serde::de::DeserializeOwned;

pub use documents::{
    CountRecord, CredentialRecord, DeletedRecord, ImportRecord, InvalidationRecord, KeyValueStoreRecord,
    NextState, OwnerArn, Progress, ProgressRecord, ReferencesRecord, ResourceRecord, StateRecord, Status,
    TagsRecord,
};
pub use functions::{FunctionRecord, StageRecord};
pub(crate) use journal::{JournalStep, RestoreMark};
pub use pairs::{Generation, PairsRecord};
pub use replication::{CopyMark, ReplicaMark, ReplicaRecord, Timeline, TimelinesRecord};
pub use small::{Code, Format, OwnerId, Present};
pub use stored::StoredResource;

use crate::StoreError;
use crate::transaction::Record;

const DOCUMENT: u8 = 1;
const PAIR: u8 = 1;

/// A record that is written as a JSON document after its version byte.
pub(crate) trait Document: Serialize + DeserializeOwned {}

impl<T: Document> Record for T {
    fn encode(&self) -> Result<Bytes, StoreError> {
        let mut value = vec![DOCUMENT];
        match serde_json::to_writer(&mut value, self) {
            Ok(()) => Ok(Bytes::from(value)),
            Err(error) => Err(StoreError::NotWritten {
                message: "a record could not be encoded".to_owned(),
                source: Some(std::sync::Arc::new(error)),
            }),
        }
    }

    fn decode(value: &Bytes) -> Option<T> {
        match value.split_first() {
            Some((&DOCUMENT, json)) => serde_json::from_slice(json).ok(),
            Some(_) | None => None,
        }
    }
}

/// A record of a resource that is listed in the order of creation.
pub(crate) trait Created {
    /// When the resource was created, in milliseconds since the epoch.
    fn created_ms(&self) -> i64;
}

/// A value that cannot be read: written by a later version, or damaged.
pub(crate) fn damaged(what: &str) -> StoreError {
    StoreError::Damaged {
        message: format!(
            "the {what} record cannot be read: it was written by a later version of Keyfront or it is damaged; \
             run `keyfront check` on the data folder"
        ),
        source: None,
    }
}

/// The number after one that a record counts with: versions, resources, references.
///
/// # Errors
/// It has no successor. No count comes near that, so the record is damaged.
pub(crate) fn next(number: u64, what: &str) -> Result<u64, StoreError> {
    number.checked_add(1).ok_or_else(|| damaged(what))
}

/// A pair's value with its version byte.
pub fn encode_pair(value: &str) -> Bytes {
    let mut bytes = Vec::with_capacity(1 + value.len());
    bytes.push(PAIR);
    bytes.extend_from_slice(value.as_bytes());
    Bytes::from(bytes)
}

/// Reads a pair's value.
pub(crate) fn decode_pair(value: &[u8]) -> Result<&str, StoreError> {
    match value.split_first() {
        Some((&PAIR, text)) => std::str::from_utf8(text).map_err(|_damaged| damaged("pair")),
        Some(_) | None => Err(damaged("pair")),
    }
}

#[cfg(test)]
mod tests;

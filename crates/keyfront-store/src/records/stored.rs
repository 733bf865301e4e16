//! Records that a reader takes as they are stored, because it may have read the same ones before.

use bytes::Bytes;

use super::{ResourceRecord, damaged};
use crate::StoreError;
use crate::transaction::Record;

/// A configuration resource as it is stored. Two that are equal have equal records.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct StoredResource(Bytes);

impl StoredResource {
    /// The record.
    ///
    /// # Errors
    /// A later version wrote it, or it is damaged.
    pub fn read(&self) -> Result<ResourceRecord, StoreError> {
        ResourceRecord::decode(&self.0).ok_or_else(|| damaged("resource"))
    }

    /// How many bytes it takes.
    pub fn size_bytes(&self) -> usize {
        self.0.len()
    }
}

impl Record for StoredResource {
    fn encode(&self) -> Result<Bytes, StoreError> {
        Ok(self.0.clone())
    }

    fn decode(value: &Bytes) -> Option<StoredResource> {
        Some(StoredResource(value.clone()))
    }
}

//! The head of a store's pairs, which every request of the data plane reads.

use bytes::Bytes;
use keyfront_domain::pairs::Totals;

use super::{Status, damaged};
use crate::StoreError;

const VERSION: u8 = 1;
const SIZE: usize = 2 + 5 * 8;

/// Version, totals and times of a store's pairs.
///
/// Layout of version 1: version byte, status byte (0 provisioning, 1 ready, 2 import failure), then five
/// big-endian 64-bit numbers: pairs version, item count, total size, created, modified.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct PairsRecord {
    /// Whether the pairs can be read and written.
    pub status: Status,
    /// Counts the changes of the pairs, from 1. The data plane's ETag is made of it.
    pub version: u64,
    /// How many pairs there are and how large.
    pub totals: Totals,
    /// When the store was created, in milliseconds since the epoch.
    pub created_ms: i64,
    /// When a pair last changed, in milliseconds since the epoch.
    pub modified_ms: i64,
}

impl PairsRecord {
    /// The record as the engine keeps it.
    pub fn encode(&self) -> Bytes {
        let mut value = Vec::with_capacity(SIZE);
        value.push(VERSION);
        value.push(match self.status {
            Status::Provisioning => 0,
            Status::Ready => 1,
            Status::ImportFailure => 2,
        });
        value.extend_from_slice(&self.version.to_be_bytes());
        value.extend_from_slice(&self.totals.item_count.to_be_bytes());
        value.extend_from_slice(&self.totals.total_size_in_bytes.to_be_bytes());
        value.extend_from_slice(&self.created_ms.to_be_bytes());
        value.extend_from_slice(&self.modified_ms.to_be_bytes());
        Bytes::from(value)
    }

    pub(crate) fn decode(value: &[u8]) -> Result<PairsRecord, StoreError> {
        Self::read(value).ok_or_else(|| damaged("pairs"))
    }

    fn read(value: &[u8]) -> Option<PairsRecord> {
        let (&[VERSION, status], numbers) = value.split_first_chunk::<2>()? else { return None };
        let status = match status {
            0 => Status::Provisioning,
            1 => Status::Ready,
            2 => Status::ImportFailure,
            _ => return None,
        };
        let (numbers, []) = numbers.as_chunks::<8>() else { return None };
        let [version, item_count, total_size_in_bytes, created, modified] = *numbers else { return None };
        Some(PairsRecord {
            status,
            version: u64::from_be_bytes(version),
            totals: Totals {
                item_count: u64::from_be_bytes(item_count),
                total_size_in_bytes: u64::from_be_bytes(total_size_in_bytes),
            },
            created_ms: i64::from_be_bytes(created),
            modified_ms: i64::from_be_bytes(modified),
        })
    }
}

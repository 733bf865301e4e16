//! The head of a store's pairs, which every request of the data plane reads.

use bytes::Bytes;
use keyfront_domain::pairs::Totals;

use super::{Status, damaged};
use crate::transaction::Record;
use crate::{StoreError, Version};

/// The layout of a head whose pairs are of the first generation.
const FIRST_GENERATION: u8 = 1;
/// The layout of a head that names its generation.
const ANY_GENERATION: u8 = 2;
const SIZE: usize = 2 + 6 * 8;

/// Which set of a store's pairs is meant.
///
/// What is too large for one batch of the engine is written as a new generation, which the store's head names
/// once it is complete.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Generation(u64);

impl Generation {
    /// The generation of a store whose pairs were never staged.
    pub const FIRST: Generation = Generation(0);

    /// Bytes of a generation in a key.
    pub(crate) const BYTES: usize = 8;

    /// The generation that was begun with this commit, which no other has.
    pub(crate) fn of(begun: Version) -> Generation {
        Generation(begun.0)
    }

    pub(crate) fn to_bytes(self) -> [u8; Generation::BYTES] {
        self.0.to_be_bytes()
    }

    pub(crate) fn from_bytes(bytes: [u8; Generation::BYTES]) -> Generation {
        Generation(u64::from_be_bytes(bytes))
    }
}

/// Version, totals and times of a store's pairs.
///
/// Layout of version 1: version byte, status byte (0 provisioning, 1 ready, 2 import failure), then five
/// big-endian 64-bit numbers: pairs version, item count, total size, created, modified. Version 2 has a sixth
/// number, the generation, and is written where that is not the first.
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
    /// Where the pairs are.
    pub generation: Generation,
}

impl PairsRecord {
    /// The record as the engine keeps it.
    pub fn encode(&self) -> Bytes {
        let mut value = Vec::with_capacity(SIZE);
        let is_first = self.generation == Generation::FIRST;
        value.push(if is_first { FIRST_GENERATION } else { ANY_GENERATION });
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
        if !is_first {
            value.extend_from_slice(&self.generation.to_bytes());
        }
        Bytes::from(value)
    }

    /// Reads the record from a value that the engine gave.
    pub(crate) fn decode(value: &[u8]) -> Result<PairsRecord, StoreError> {
        Self::read(value).ok_or_else(|| damaged("pairs"))
    }

    fn read(value: &[u8]) -> Option<PairsRecord> {
        let (&[layout, status], numbers) = value.split_first_chunk::<2>()?;
        let status = match status {
            0 => Status::Provisioning,
            1 => Status::Ready,
            2 => Status::ImportFailure,
            _ => return None,
        };
        let (numbers, []) = numbers.as_chunks::<8>() else { return None };
        let (numbers, generation) = match (layout, numbers) {
            (FIRST_GENERATION, numbers) => (numbers, Generation::FIRST),
            (ANY_GENERATION, [numbers @ .., generation]) => (numbers, Generation::from_bytes(*generation)),
            _ => return None,
        };
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
            generation,
        })
    }
}

impl Record for PairsRecord {
    fn encode(&self) -> Result<Bytes, StoreError> {
        Ok(PairsRecord::encode(self))
    }

    fn decode(value: &Bytes) -> Option<PairsRecord> {
        PairsRecord::read(value)
    }
}

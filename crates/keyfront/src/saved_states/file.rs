//! The file format of a saved state. A change of any byte is noticed before anything is restored.
//!
//! | bytes | what                                                          |
//! |-------|---------------------------------------------------------------|
//! | 8     | `KFSNAP`, carriage return, line feed                          |
//! | 4     | the number of this format: 1                                  |
//! | 8     | when it was saved, in milliseconds since the epoch            |
//! | 3 × 8 | how many stores and pairs it holds, and the pairs' bytes      |
//! | …     | the entries, as [`SavedEntries::to_bytes`] writes them               |
//! | 32    | SHA-256 of all before it                                      |
//!
//! Numbers are big-endian.

use aws_lc_rs::digest::{Digest, SHA256, SHA256_OUTPUT_LEN, digest};
use bytes::{Buf, BufMut, Bytes};
use keyfront_store::saved_states::{Contents, SavedEntries};
use keyfront_wire::timestamp::iso8601;

use super::error::{Damage, FORMAT};
use super::report::{StateSummary, resources};

const MAGIC: &[u8; 8] = b"KFSNAP\r\n";
const HEADER_BYTES: usize = MAGIC.len() + 4 + 8 + 3 * 8;

/// A saved state with its time and quantities.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct SavedState {
    /// When it was saved, in milliseconds since the epoch.
    pub(super) saved_ms: i64,
    /// How much it holds.
    pub(super) contents: Contents,
    /// What it holds.
    pub(super) image: SavedEntries,
}

impl SavedState {
    /// What a list shows of it.
    pub(super) fn summary(&self) -> StateSummary {
        summary(self.saved_ms, &self.contents)
    }

    /// The content of the file.
    pub(super) fn encode(&self) -> Vec<u8> {
        let SavedState { saved_ms, contents, image } = self;
        let entries = image.to_bytes();
        let mut file = Vec::with_capacity(HEADER_BYTES + entries.len() + SHA256_OUTPUT_LEN);
        file.put_slice(MAGIC);
        file.put_u32(FORMAT);
        file.put_i64(*saved_ms);
        file.put_u64(contents.stores);
        file.put_u64(contents.pairs.item_count);
        file.put_u64(contents.pairs.total_size_in_bytes);
        file.put_slice(&entries);
        let checksum = checksum(&file);
        file.put_slice(checksum.as_ref());
        file
    }

    /// Verifies and reads the content of a file.
    pub(super) fn decode(file: Bytes) -> Result<SavedState, Damage> {
        let (saved_ms, entries) = verify(file)?;
        let image = SavedEntries::from_bytes(entries).map_err(|_unreadable| Damage::Entries)?;
        let contents = image.contents().map_err(|_unreadable| Damage::Entries)?;
        Ok(SavedState { saved_ms, contents, image })
    }
}

/// Verifies the content of a file, and says what a list shows of it.
pub(super) fn summarize(file: Bytes) -> Result<StateSummary, Damage> {
    SavedState::decode(file).map(|state| state.summary())
}

/// Verifies the content of a file: when it was saved, and the entries.
fn verify(mut file: Bytes) -> Result<(i64, Bytes), Damage> {
    if !file.starts_with(MAGIC) {
        return Err(Damage::Foreign);
    }
    let rest = file.len().checked_sub(SHA256_OUTPUT_LEN).filter(|rest| *rest >= HEADER_BYTES);
    let given = file.split_off(rest.ok_or(Damage::Checksum)?);
    let expected = checksum(&file);
    file.advance(MAGIC.len());
    let format = file.get_u32();
    if format != FORMAT {
        return Err(Damage::Format(format));
    }
    if given != expected.as_ref() {
        return Err(Damage::Checksum);
    }
    let saved_ms = file.get_i64();
    // The entries themselves tell how many stores and pairs there are.
    file.advance(3 * 8);
    Ok((saved_ms, file))
}

fn checksum(bytes: &[u8]) -> Digest {
    digest(&SHA256, bytes)
}

fn summary(saved_ms: i64, contents: &Contents) -> StateSummary {
    StateSummary {
        saved: iso8601(saved_ms),
        stores: contents.stores,
        pairs: contents.pairs.item_count,
        bytes: contents.pairs.total_size_in_bytes,
        resources: resources(contents),
    }
}

#[cfg(test)]
mod tests {
    use keyfront_domain::AccountId;
    use keyfront_engine::MemoryEngine;
    use keyfront_store::records::TagsRecord;
    use keyfront_store::saved_states;
    use keyfront_store::stores::{NewKeyValueStore, create_filled};
    use uuid::Uuid;

    use super::*;

    async fn saved() -> SavedState {
        let engine = MemoryEngine::new();
        let new = NewKeyValueStore {
            account: AccountId::DEVELOPMENT,
            id: Uuid::from_u128(1),
            name: "name".to_owned(),
            comment: None,
            tags: TagsRecord::default(),
            import: None,
            held: false,
            now_ms: 1,
        };
        let pairs = [("key".to_owned(), "value".to_owned())];
        create_filled(&engine, &new, &pairs, 1).await.unwrap();
        let image = saved_states::take(&engine).await.unwrap();
        SavedState { saved_ms: 1_699_380_952_042, contents: image.contents().unwrap(), image }
    }

    #[tokio::test]
    async fn a_saved_state_reads_back() {
        let state = saved().await;
        let file = Bytes::from(state.encode());
        assert_eq!(SavedState::decode(file.clone()), Ok(state));
        let StateSummary { saved, stores, pairs, bytes, resources: _ } = summarize(file).unwrap();
        assert_eq!((saved.as_str(), stores, pairs, bytes), ("2023-11-07T18:15:52.042Z", 1, 1, 8));
    }

    #[tokio::test]
    async fn a_change_of_any_bit_and_a_cut_anywhere_are_noticed() {
        let whole = saved().await.encode();
        for byte in 0..whole.len() {
            for bit in 0..8 {
                let mut file = whole.clone();
                file[byte] ^= 1 << bit;
                let found = SavedState::decode(file.into());
                match byte {
                    0..8 => assert_eq!(found, Err(Damage::Foreign)),
                    8..12 => assert!(matches!(found, Err(Damage::Format(_)))),
                    _ => assert_eq!(found, Err(Damage::Checksum)),
                }
            }
            assert!(SavedState::decode(Bytes::copy_from_slice(&whole[..byte])).is_err());
        }
        assert_eq!(SavedState::decode([&whole[..], b"x"].concat().into()), Err(Damage::Checksum));
    }
}

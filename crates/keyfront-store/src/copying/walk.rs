//! A walk through what is copied, a page at a time.

use bytes::Bytes;
use keyfront_domain::arn::KeyValueStoreArn;

use crate::records::{Generation, PairsRecord, damaged};
use crate::{Engine, Range, StoreError, keyspace};

/// The most entries of a page.
pub(super) const PAGE: usize = 512;

/// Goes through all entries that are copied, in an order that depends on them alone, with all pairs as of the first
/// generation.
pub(super) struct Walk<'e> {
    engine: &'e dyn Engine,
    /// What is left, the next one last.
    left: Vec<Range>,
}

impl<'e> Walk<'e> {
    /// Of each store its account, id and generation is held in memory, and nothing else.
    pub(super) async fn begin(engine: &'e dyn Engine) -> Result<Walk<'e>, StoreError> {
        let mut ranges = keyspace::restorable_records();
        ranges.push(keyspace::credentials().range());
        let heads = Range::prefix(keyspace::all_pairs());
        let mut walk = Walk { engine, left: vec![heads] };
        while let Some(page) = walk.page().await? {
            for (key, value) in page {
                let store = keyspace::store_of(&key).ok_or_else(|| damaged("pairs"))?;
                let generation = PairsRecord::decode(&value)?.generation;
                ranges.push(Range::prefix(keyspace::pairs_of(&store, generation)));
            }
        }
        ranges.reverse();
        walk.left = ranges;
        Ok(walk)
    }

    /// The next page as it is copied; `None` at the end.
    pub(super) async fn next(&mut self) -> Result<Option<Vec<(Bytes, Bytes)>>, StoreError> {
        let page = self.page().await?;
        page.map(|page| page.into_iter().map(as_copied).collect()).transpose()
    }

    /// The next page as it is stored. It is never empty.
    async fn page(&mut self) -> Result<Option<Vec<(Bytes, Bytes)>>, StoreError> {
        while let Some(range) = self.left.pop() {
            let snapshot = self.engine.read(&[range.clone().limit(PAGE)]).await?;
            let entries = snapshot.ranges.into_iter().next().unwrap_or_default();
            let Some(last) = entries.last() else { continue };
            if entries.len() == PAGE {
                self.left.push(range.after(&last.key));
            }
            return Ok(Some(entries.into_iter().map(|entry| (entry.key, entry.value)).collect()));
        }
        Ok(None)
    }
}

/// An entry as it is copied: the numbers of generations belong to an engine, so the copy begins with the first one.
fn as_copied((key, value): (Bytes, Bytes)) -> Result<(Bytes, Bytes), StoreError> {
    if keyspace::is_pairs(&key) {
        let head = PairsRecord { generation: Generation::FIRST, ..PairsRecord::decode(&value)? };
        return Ok((key, head.encode()));
    }
    if !keyspace::is_pair(&key) {
        return Ok((key, value));
    }
    let (store, pair): (KeyValueStoreArn, &str) = keyspace::owner_of_pair(&key)
        .map(|(store, _)| store)
        .zip(keyspace::pair_key(&key))
        .ok_or_else(|| damaged("pair"))?;
    Ok((keyspace::pair(&store, Generation::FIRST, pair), value))
}

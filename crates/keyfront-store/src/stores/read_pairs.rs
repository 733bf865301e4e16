//! Reading a whole store at once.

use keyfront_domain::arn::KeyValueStoreArn;

use super::PairsHead;
use super::entries::pair;
use super::pairs::read_current;
use crate::records::PairsRecord;
use crate::{Engine, Entry, Range, StoreError, keyspace};

/// All pairs of a store, as they were at one moment.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct AllPairs {
    /// Their version and totals.
    pub head: PairsRecord,
    /// The pairs. Their keys and values are not copied out of their entries.
    pairs: Vec<Entry>,
}

impl AllPairs {
    /// Keys and values, in the order of the keys' bytes.
    ///
    /// # Errors
    /// A pair that cannot be read.
    pub fn iter(&self) -> impl ExactSizeIterator<Item = Result<(&str, &str), StoreError>> {
        self.pairs.iter().map(pair)
    }
}

/// What reading found.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum ReadPairs {
    /// The pairs.
    Found(AllPairs),
    /// The store cannot be read; see [`PairsHead`].
    Unreadable(PairsHead),
}

/// All pairs of a store with their head, from one snapshot.
pub async fn read_pairs(engine: &dyn Engine, arn: &KeyValueStoreArn) -> Result<ReadPairs, StoreError> {
    let all = |generation| vec![Range::prefix(keyspace::pairs_of(arn, generation))];
    let current = read_current(engine, arn, all).await?;
    Ok(match current.usable(engine, arn).await? {
        Ok(head) => {
            let pairs = current.ranges.into_iter().next().unwrap_or_default();
            ReadPairs::Found(AllPairs { head, pairs })
        }
        Err(head) => ReadPairs::Unreadable(head),
    })
}

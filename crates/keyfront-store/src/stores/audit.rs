//! Checks that the totals in the heads are those of the pairs.

use keyfront_domain::pairs::{Totals, size};

use crate::records::{PairsRecord, damaged, decode_pair};
use crate::{Engine, Range, StoreError, keyspace};

/// Heads that are read at a time.
const HEADS_AT_ONCE: usize = 256;

/// What an audit counted.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Audit {
    /// Key value stores.
    pub stores: u64,
    /// Pairs of all of them.
    pub pairs: u64,
}

/// Reads every pair of every store and compares counts and sizes with the heads.
///
/// # Errors
/// A record that cannot be read, or a head whose totals are wrong, with the store's ARN.
pub async fn audit(engine: &dyn Engine) -> Result<Audit, StoreError> {
    let mut audit = Audit::default();
    let mut heads = Range::prefix(keyspace::all_pairs()).limit(HEADS_AT_ONCE);
    loop {
        let snapshot = engine.read(&[heads.clone()]).await?;
        let Some(last) = snapshot.range(0).last() else { return Ok(audit) };
        heads = heads.after(&last.key);
        for entry in snapshot.range(0) {
            let store = keyspace::store_of(&entry.key).ok_or_else(|| damaged("pairs"))?;
            let head = PairsRecord::decode(&entry.value)?;
            let mut found = Totals::default();
            let pairs = Range::prefix(keyspace::pairs_of(&store, head.generation));
            let pairs = engine.read(&[pairs]).await?;
            for pair in pairs.range(0) {
                let key = keyspace::pair_key(&pair.key).ok_or_else(|| damaged("pair"))?;
                found.item_count += 1;
                found.total_size_in_bytes += size(key, decode_pair(&pair.value)?);
            }
            if found != head.totals {
                let message = format!(
                    "{store} holds {} pairs of {} bytes, and its head says {} of {}; restore a backup",
                    found.item_count,
                    found.total_size_in_bytes,
                    head.totals.item_count,
                    head.totals.total_size_in_bytes
                );
                return Err(StoreError::Damaged { message, source: None });
            }
            audit.stores += 1;
            audit.pairs += found.item_count;
        }
    }
}

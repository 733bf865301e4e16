//! Writing pairs of a store.

use keyfront_domain::arn::{Arn, KeyValueStoreArn};
use keyfront_domain::pairs::{NotApplied, QuotaExceeded, Update};
use keyfront_domain::{Quotas, etag};

use super::entries::pair;
use super::pairs::PairsHead;
use super::staging::{Change, Stages};
use crate::records::{Generation, PairsRecord, Status, damaged, decode_pair, next};
use crate::{Abort, Engine, Entry, Range, StoreError, Transaction, keyspace, transact};

/// What became of a write.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum WriteOutcome {
    /// It was made, or there was nothing to change. The head is the one afterwards.
    Written(PairsRecord),
    /// `if_match` is not the ETag of the pairs.
    Stale,
    /// `must_exist` asked for a key that is not there.
    NoSuchKey,
    /// A quota refuses it; nothing was written.
    QuotaExceeded(QuotaExceeded),
    /// The store cannot be written; see [`PairsHead`].
    Unwritable(PairsHead),
}

/// Keys that are looked up one by one, however few pairs the store has: as many as fit in a read of the
/// caller's own thread, and more than a request of the service touches.
const FEW_KEYS: usize = 200;

/// Looking up one key takes about as long as reading this many pairs in a row.
const PAIRS_PER_LOOKUP: u64 = 4;

/// Applies an update to the pairs of a store whose ETag is `if_match`.
///
/// It costs what the update costs: the touched pairs and the head are read and written, never the rest.
/// Only where a large update touches much of a store are all pairs read, because that is cheaper.
/// `must_exist` names a key without which nothing happens.
pub async fn write_pairs(
    engine: &dyn Engine,
    arn: &KeyValueStoreArn,
    if_match: &str,
    update: &Update<'_>,
    must_exist: Option<&str>,
    quotas: &Quotas,
    now_ms: i64,
) -> Result<WriteOutcome, StoreError> {
    let stages = &Stages::default();
    let written = transact(engine, |tx| async move {
        let held = read(&tx, arn, if_match, update).await?;
        let existing = held.values(update)?;
        let present =
            |wanted: &str| update.keys().zip(&existing).any(|(key, held)| key == wanted && held.is_some());
        if must_exist.is_some_and(|key| !present(key)) {
            return Err(Abort::Refused(WriteOutcome::NoSuchKey));
        }
        let effect = update.apply(held.head.totals, &existing, quotas).map_err(|refused| match refused {
            NotApplied::QuotaExceeded(quota) => Abort::Refused(WriteOutcome::QuotaExceeded(quota)),
            NotApplied::WrongTotals => Abort::Storage(damaged("pairs")),
        })?;
        if effect.changes.is_empty() {
            return Ok(held.head);
        }
        let version = next(held.head.version, "pairs")?;
        let after = PairsRecord { version, totals: effect.totals, modified_ms: now_ms, ..held.head };
        let change = Change { store: arn, before: &held.head, after, pairs: &effect.changes };
        Ok(change.write(&tx, stages).await?)
    })
    .await;
    stages.conclude(engine, written.as_ref().ok().map(|head| head.generation)).await;
    match written {
        Ok(head) => Ok(WriteOutcome::Written(head)),
        Err(Abort::Refused(outcome)) => Ok(outcome),
        Err(Abort::Storage(error)) => Err(error),
    }
}

/// What a store holds of the keys that an update touches.
struct Held {
    head: PairsRecord,
    /// All pairs if `is_all`, else one range for each key.
    ranges: Vec<Vec<Entry>>,
    is_all: bool,
}

/// Reads what an update touches, under the head of the store.
async fn read(
    tx: &Transaction<'_>,
    arn: &KeyValueStoreArn,
    if_match: &str,
    update: &Update<'_>,
) -> Result<Held, Abort<WriteOutcome>> {
    let mut is_all = false;
    if update.len() > FEW_KEYS {
        let head = writable(tx, arn, if_match).await?;
        let lookups = u64::try_from(update.len()).unwrap_or(u64::MAX);
        is_all = lookups.saturating_mul(PAIRS_PER_LOOKUP) >= head.totals.item_count;
    }
    // Most stores have pairs of their first generation only, so that is tried first.
    let mut tried = Generation::FIRST;
    loop {
        let asked: Vec<_> = if is_all {
            vec![Range::prefix(keyspace::pairs_of(arn, tried))]
        } else {
            update.keys().map(|key| Range::key(keyspace::pair(arn, tried, key))).collect()
        };
        let ranges = tx.entries(&asked, &keyspace::pairs(arn)).await?;
        let head = writable(tx, arn, if_match).await?;
        if head.generation == tried {
            return Ok(Held { head, ranges, is_all });
        }
        tried = head.generation;
    }
}

impl Held {
    /// The values that the touched keys hold now.
    fn values(&self, update: &Update<'_>) -> Result<Vec<Option<&str>>, StoreError> {
        if !self.is_all {
            let entries = self.ranges.iter().map(|range| range.first());
            return entries.map(|entry| entry.map(|entry| decode_pair(&entry.value)).transpose()).collect();
        }
        let pairs = self.ranges.iter().flatten().map(pair).collect::<Result<Vec<_>, _>>()?;
        let mut pairs = pairs.into_iter().peekable();
        // Both are in the order of the keys' bytes.
        let value = |wanted: &str| {
            while pairs.next_if(|(key, _)| *key < wanted).is_some() {}
            pairs.next_if(|(key, _)| *key == wanted).map(|(_, value)| value)
        };
        Ok(update.keys().map(value).collect())
    }
}

/// The head, if the pairs may be written and their ETag is `if_match`.
async fn writable(
    tx: &Transaction<'_>,
    arn: &KeyValueStoreArn,
    if_match: &str,
) -> Result<PairsRecord, Abort<WriteOutcome>> {
    let refused = match tx.get(&keyspace::pairs(arn)).await? {
        Some(head) if head.status != Status::Ready => WriteOutcome::Unwritable(PairsHead::Found(head)),
        Some(head) if etag::data_plane(head.version) == if_match => return Ok(head),
        Some(_) => WriteOutcome::Stale,
        None => WriteOutcome::Unwritable(if tx.contains(&keyspace::deleted(&Arn::from(*arn))).await? {
            PairsHead::Deleted
        } else {
            PairsHead::Absent
        }),
    };
    Err(Abort::Refused(refused))
}

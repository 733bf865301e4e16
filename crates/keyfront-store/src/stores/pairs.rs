//! Reading and writing the pairs of a store.

use keyfront_domain::arn::{Arn, KeyValueStoreArn};
use keyfront_domain::pairs::{NotApplied, QuotaExceeded, Totals, Update};
use keyfront_domain::{Quotas, etag};

use super::entries::pair;
use super::pairs_record;
use super::staging::Replacement;
use crate::records::{Generation, PairsRecord, Status, damaged, decode_pair, encode_pair, next};
use crate::{Batch, Engine, Outcome, Range, Snapshot, StoreError, guarded, keyspace};

/// The head of a store's pairs, where there is one.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum PairsHead {
    /// The store exists.
    Found(PairsRecord),
    /// It was deleted.
    Deleted,
    /// It never existed.
    Absent,
}

/// What reading one pair found.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum GetPair {
    /// The value, and the store's totals.
    Found(String, Totals),
    /// The store has no such key.
    NoSuchKey,
    /// The store cannot be read; see [`PairsHead`].
    Unreadable(PairsHead),
}

/// A part of a store's pairs, in the order of their keys' bytes.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PairPage {
    /// Keys and values.
    pub pairs: Vec<(String, String)>,
    /// There are more after these.
    pub more: bool,
}

/// What listing found.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum ListPairs {
    /// A page.
    Page(PairPage),
    /// The store cannot be read; see [`PairsHead`].
    Unreadable(PairsHead),
}

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

/// The head of a store's pairs, and why its import failed if it did.
pub async fn describe_pairs(
    engine: &dyn Engine,
    arn: &KeyValueStoreArn,
) -> Result<(PairsHead, Option<String>), StoreError> {
    let key = keyspace::store(arn);
    let snapshot = engine.read(&[Range::key(keyspace::pairs(arn)), Range::key(key.bytes())]).await?;
    let head = head(engine, arn, &snapshot).await?;
    let record = snapshot.one(1).map(|entry| key.table().decode(&entry.value)).transpose()?;
    Ok((head, record.and_then(|record| record.failure_reason)))
}

/// One pair.
pub async fn get_pair(engine: &dyn Engine, arn: &KeyValueStoreArn, key: &str) -> Result<GetPair, StoreError> {
    let one = |generation| vec![Range::key(keyspace::pair(arn, generation, key))];
    let snapshot = read_current(engine, arn, one).await?;
    match (usable(engine, arn, &snapshot).await?, snapshot.one(1)) {
        (Err(head), _) => Ok(GetPair::Unreadable(head)),
        (Ok(_), None) => Ok(GetPair::NoSuchKey),
        (Ok(record), Some(entry)) => Ok(GetPair::Found(decode_pair(&entry.value)?.to_owned(), record.totals)),
    }
}

/// Up to `max_results` pairs after the key `after`.
pub async fn list_pairs(
    engine: &dyn Engine,
    arn: &KeyValueStoreArn,
    after: Option<&str>,
    max_results: usize,
) -> Result<ListPairs, StoreError> {
    let page = |generation| {
        let all = Range::prefix(keyspace::pairs_of(arn, generation)).limit(max_results.saturating_add(1));
        vec![match after {
            Some(key) => all.after(&keyspace::pair(arn, generation, key)),
            None => all,
        }]
    };
    let snapshot = read_current(engine, arn, page).await?;
    if let Err(head) = usable(engine, arn, &snapshot).await? {
        return Ok(ListPairs::Unreadable(head));
    }
    let mut pairs = Vec::new();
    for entry in snapshot.range(1).iter().take(max_results) {
        let (key, value) = pair(entry)?;
        pairs.push((key.to_owned(), value.to_owned()));
    }
    Ok(ListPairs::Page(PairPage { pairs, more: snapshot.range(1).len() > max_results }))
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
    let mut reads_all = false;
    if update.len() > FEW_KEYS {
        let snapshot = engine.read(&[Range::key(keyspace::pairs(arn))]).await?;
        let record = match writable(engine, arn, &snapshot, if_match).await? {
            Ok(record) => record,
            Err(outcome) => return Ok(outcome),
        };
        let lookups = u64::try_from(update.len()).unwrap_or(u64::MAX);
        reads_all = lookups.saturating_mul(PAIRS_PER_LOOKUP) >= record.totals.item_count;
    }
    let touched = |generation| {
        if reads_all {
            return vec![Range::prefix(keyspace::pairs_of(arn, generation))];
        }
        update.keys().map(|key| Range::key(keyspace::pair(arn, generation, key))).collect()
    };
    loop {
        let snapshot = read_current(engine, arn, touched).await?;
        let record = match writable(engine, arn, &snapshot, if_match).await? {
            Ok(record) => record,
            Err(outcome) => return Ok(outcome),
        };
        let existing = if reads_all { picked(&snapshot, update)? } else { existing(&snapshot)? };
        let present =
            |wanted: &str| update.keys().zip(&existing).any(|(key, held)| key == wanted && held.is_some());
        if must_exist.is_some_and(|key| !present(key)) {
            return Ok(WriteOutcome::NoSuchKey);
        }
        let effect = match update.apply(record.totals, &existing, quotas) {
            Ok(effect) => effect,
            Err(NotApplied::QuotaExceeded(refusal)) => return Ok(WriteOutcome::QuotaExceeded(refusal)),
            Err(NotApplied::WrongTotals) => return Err(damaged("pairs")),
        };
        if effect.changes.is_empty() {
            return Ok(WriteOutcome::Written(record));
        }
        let version = next(record.version, "pairs")?;
        let after = PairsRecord { version, totals: effect.totals, modified_ms: now_ms, ..record };
        let before = (&record, snapshot.version_of(0));
        let change =
            Replacement { store: arn, before, after, changes: &effect.changes, batch: Batch::default() };
        if let Some(head) = change_pairs(engine, change).await? {
            return Ok(WriteOutcome::Written(head));
        }
    }
}

/// Commits a change of pairs: in place where that is one batch of the engine, staged where it is more. Answers the
/// head afterwards; nothing when the store changed meanwhile.
pub(super) async fn change_pairs(
    engine: &dyn Engine,
    change: Replacement<'_>,
) -> Result<Option<PairsRecord>, StoreError> {
    let Replacement { store, before: (before, version), after, changes, batch } = &change;
    let head_key = keyspace::pairs(store);
    let mut batch = batch.clone().check(head_key.clone(), *version).put(head_key, after.encode());
    for (key, value) in *changes {
        let key = keyspace::pair(store, before.generation, key);
        batch = match value {
            Some(value) => batch.put(key, encode_pair(value)),
            None => batch.delete(key),
        };
    }
    let batch = guarded(batch);
    if !engine.limits().admit(&batch) {
        return change.publish(engine).await;
    }
    Ok((engine.commit(batch).await? != Outcome::Conflict).then_some(*after))
}

/// Reads a store's head as range 0 and, in the same snapshot, ranges of the generation that it names.
///
/// Most stores have pairs of their first generation only, so that is tried first.
pub(super) async fn read_current(
    engine: &dyn Engine,
    arn: &KeyValueStoreArn,
    ranges: impl Fn(Generation) -> Vec<Range>,
) -> Result<Snapshot, StoreError> {
    let mut tried = Generation::FIRST;
    loop {
        let mut asked = ranges(tried);
        asked.insert(0, Range::key(keyspace::pairs(arn)));
        let snapshot = engine.read(&asked).await?;
        match pairs_record(snapshot.one(0))? {
            Some(head) if head.generation != tried => tried = head.generation,
            Some(_) | None => return Ok(snapshot),
        }
    }
}

/// The values that the touched keys hold now: every range after the head's.
fn existing(snapshot: &Snapshot) -> Result<Vec<Option<&str>>, StoreError> {
    let entries = snapshot.ranges.iter().skip(1);
    entries.map(|range| range.first().map(|entry| decode_pair(&entry.value)).transpose()).collect()
}

/// The values that the touched keys hold now, out of all pairs in range 1.
fn picked<'s>(snapshot: &'s Snapshot, update: &Update<'_>) -> Result<Vec<Option<&'s str>>, StoreError> {
    let pairs = snapshot.range(1).iter().map(pair).collect::<Result<Vec<_>, _>>()?;
    let mut pairs = pairs.into_iter().peekable();
    // Both are in the order of the keys' bytes.
    let value = |wanted: &str| {
        while pairs.next_if(|(key, _)| *key < wanted).is_some() {}
        pairs.next_if(|(key, _)| *key == wanted).map(|(_, value)| value)
    };
    Ok(update.keys().map(value).collect())
}

/// The head in range 0, if the pairs may be written and their ETag is `if_match`.
async fn writable(
    engine: &dyn Engine,
    arn: &KeyValueStoreArn,
    snapshot: &Snapshot,
    if_match: &str,
) -> Result<Result<PairsRecord, WriteOutcome>, StoreError> {
    Ok(match usable(engine, arn, snapshot).await? {
        Ok(record) if etag::data_plane(record.version) == if_match => Ok(record),
        Ok(_) => Err(WriteOutcome::Stale),
        Err(head) => Err(WriteOutcome::Unwritable(head)),
    })
}

/// The head in range 0, if the pairs may be read and written.
pub(super) async fn usable(
    engine: &dyn Engine,
    arn: &KeyValueStoreArn,
    snapshot: &Snapshot,
) -> Result<Result<PairsRecord, PairsHead>, StoreError> {
    match head(engine, arn, snapshot).await? {
        PairsHead::Found(record) if record.status == Status::Ready => Ok(Ok(record)),
        unusable @ (PairsHead::Found(_) | PairsHead::Deleted | PairsHead::Absent) => Ok(Err(unusable)),
    }
}

async fn head(
    engine: &dyn Engine,
    arn: &KeyValueStoreArn,
    snapshot: &Snapshot,
) -> Result<PairsHead, StoreError> {
    if let Some(record) = pairs_record(snapshot.one(0))? {
        return Ok(PairsHead::Found(record));
    }
    let remembered = keyspace::deleted(&Arn::from(*arn)).read(engine).await?;
    Ok(if remembered.is_some() { PairsHead::Deleted } else { PairsHead::Absent })
}

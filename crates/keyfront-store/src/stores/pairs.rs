//! Reading the pairs of a store.

use keyfront_domain::arn::{Arn, KeyValueStoreArn};
use keyfront_domain::pairs::Totals;

use super::entries::pair;
use crate::records::{Generation, PairsRecord, Status, decode_pair};
use crate::{Engine, Entry, Range, StoreError, keyspace};

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

/// The head of a store's pairs, and why its import failed if it did.
pub async fn describe_pairs(
    engine: &dyn Engine,
    arn: &KeyValueStoreArn,
) -> Result<(PairsHead, Option<String>), StoreError> {
    let key = keyspace::store(arn);
    let snapshot = engine.read(&[Range::key(keyspace::pairs(arn).bytes()), Range::key(key.bytes())]).await?;
    let mut found = snapshot.ranges.into_iter();
    let head = head(engine, arn, read_head(found.next().unwrap_or_default())?).await?;
    let record = found.flatten().next().map(|entry| key.table().decode(&entry.value)).transpose()?;
    Ok((head, record.and_then(|record| record.failure_reason)))
}

/// One pair.
pub async fn get_pair(engine: &dyn Engine, arn: &KeyValueStoreArn, key: &str) -> Result<GetPair, StoreError> {
    let one = |generation| vec![Range::key(keyspace::pair(arn, generation, key))];
    let current = read_current(engine, arn, one).await?;
    match (current.usable(engine, arn).await?, current.ranges.iter().flatten().next()) {
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
    let current = read_current(engine, arn, page).await?;
    if let Err(head) = current.usable(engine, arn).await? {
        return Ok(ListPairs::Unreadable(head));
    }
    let found = current.ranges.first().map(Vec::as_slice).unwrap_or_default();
    let mut pairs = Vec::new();
    for entry in found.iter().take(max_results) {
        let (key, value) = pair(entry)?;
        pairs.push((key.to_owned(), value.to_owned()));
    }
    Ok(ListPairs::Page(PairPage { pairs, more: found.len() > max_results }))
}

/// A store's head and ranges of its pairs, of one moment.
pub(super) struct Current {
    head: Option<PairsRecord>,
    pub(super) ranges: Vec<Vec<Entry>>,
}

/// Reads a store's head and, in the same snapshot, ranges of the generation that it names.
///
/// Most stores have pairs of their first generation only, so that is tried first.
pub(super) async fn read_current(
    engine: &dyn Engine,
    arn: &KeyValueStoreArn,
    ranges: impl Fn(Generation) -> Vec<Range>,
) -> Result<Current, StoreError> {
    let mut tried = Generation::FIRST;
    loop {
        let mut asked = ranges(tried);
        asked.insert(0, Range::key(keyspace::pairs(arn).bytes()));
        let mut found = engine.read(&asked).await?.ranges.into_iter();
        match read_head(found.next().unwrap_or_default())? {
            Some(head) if head.generation != tried => tried = head.generation,
            head => return Ok(Current { head, ranges: found.collect() }),
        }
    }
}

/// The head in what was found under its key.
fn read_head(found: Vec<Entry>) -> Result<Option<PairsRecord>, StoreError> {
    found.into_iter().next().map(|entry| PairsRecord::decode(&entry.value)).transpose()
}

impl Current {
    /// The head, if the pairs may be read.
    pub(super) async fn usable(
        &self,
        engine: &dyn Engine,
        arn: &KeyValueStoreArn,
    ) -> Result<Result<PairsRecord, PairsHead>, StoreError> {
        match head(engine, arn, self.head).await? {
            PairsHead::Found(record) if record.status == Status::Ready => Ok(Ok(record)),
            unusable @ (PairsHead::Found(_) | PairsHead::Deleted | PairsHead::Absent) => Ok(Err(unusable)),
        }
    }
}

async fn head(
    engine: &dyn Engine,
    arn: &KeyValueStoreArn,
    found: Option<PairsRecord>,
) -> Result<PairsHead, StoreError> {
    if let Some(record) = found {
        return Ok(PairsHead::Found(record));
    }
    let remembered = keyspace::deleted(&Arn::from(*arn)).read(engine).await?;
    Ok(if remembered.is_some() { PairsHead::Deleted } else { PairsHead::Absent })
}

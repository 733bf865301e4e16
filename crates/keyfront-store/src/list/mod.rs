//! Lists: one rule for the pages of every kind of resource.
//!
//! A list walks an index in the order of its keys: by creation, or by name where the records
//! themselves lie in that order. A page goes on after a place in the order, which is there whether its resource
//! still is or not. What exists from the first page to the last is therefore shown exactly once, whatever is
//! created, deleted or restored meanwhile: places only follow one another, and a list passes an entry of the
//! index only together with its record, both from one snapshot.

use std::collections::{BTreeMap, BTreeSet};

use bytes::Bytes;
use keyfront_domain::AccountId;
use keyfront_domain::arn::{Arn, ResourceKind};

use crate::records::{Created, damaged};
use crate::{Abort, Engine, Entry, Key, Range, Record, StoreError, keyspace, transact};

/// How often a list looks again because what it found next had gone, before it gives up.
const ATTEMPTS: usize = 100;

/// A part of a list.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Page<R> {
    /// The resources, at most as many as were asked for.
    pub items: Vec<R>,
    /// There are more after them.
    pub more: bool,
}

/// The account never had the resource to begin after.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct UnknownMarker;

/// Which part of a list is wanted.
pub struct PageRequest<'a, R> {
    /// Begin after the resource with this id, which may have been deleted since.
    pub after: Option<&'a str>,
    /// The most resources to return.
    pub max_items: usize,
    /// Only resources that this accepts. The others take no place on the page.
    pub filter: &'a (dyn Fn(&R) -> bool + Send + Sync),
}

impl<R> Clone for PageRequest<'_, R> {
    fn clone(&self) -> Self {
        *self
    }
}

impl<R> Copy for PageRequest<'_, R> {}

impl<'a, R> PageRequest<'a, R> {
    /// Everything after a resource, at most so many.
    #[must_use]
    pub fn new(after: Option<&'a str>, max_items: usize) -> PageRequest<'a, R> {
        PageRequest { after, max_items, filter: &|_| true }
    }
}

/// An index of records.
pub(crate) struct Index<'a, R: 'static> {
    /// Its keys, which are in the order of the list.
    pub(crate) range: Range,
    /// The key of the record that an entry stands for; its own if the records are the index.
    pub(crate) record: &'a (dyn Fn(&Bytes) -> Option<Key<R>> + Send + Sync),
}

/// Lists resources of a kind in the order of their creation. `record` makes the key of a record, `listed` that of what a
/// page has of it.
pub(crate) async fn by_creation<C: Record + Created, R: Record>(
    engine: &dyn Engine,
    account: AccountId,
    kind: ResourceKind,
    request: PageRequest<'_, R>,
    record: fn(&Arn) -> Option<Key<C>>,
    listed: fn(&Arn) -> Option<Key<R>>,
) -> Result<Page<R>, Abort<UnknownMarker>> {
    let prefix = keyspace::creations(account, kind);
    let mut range = prefix.range();
    if let Some(id) = request.after {
        let arn = Arn::new(account, kind, id);
        let created_ms = created_ms(engine, &arn, record).await?.ok_or(Abort::Refused(UnknownMarker))?;
        range = range.after(&keyspace::creation(&arn, created_ms).bytes());
    }
    let key = |place: &Bytes| {
        let rest = prefix.rest(place);
        listed(&Arn::new(account, kind, keyspace::created_id(&rest)?))
    };
    Ok(page(engine, Index { range, record: &key }, request).await?)
}

/// When a resource was created, be it one that was deleted.
async fn created_ms<R: Record + Created>(
    engine: &dyn Engine,
    arn: &Arn,
    record: fn(&Arn) -> Option<Key<R>>,
) -> Result<Option<i64>, StoreError> {
    let Some(key) = &record(arn) else { return Ok(None) };
    let deleted_key = &keyspace::deleted(arn);
    transact(engine, |tx| async move {
        tx.fetch([key.bytes(), deleted_key.bytes()]).await?;
        let deleted_ms = tx.get(deleted_key).await?.map(|deleted| deleted.created_ms);
        Ok(tx.get(key).await?.map(|record| record.created_ms()).or(deleted_ms))
    })
    .await
}

/// Walks an index until the page is full.
pub(crate) async fn page<R: Record>(
    engine: &dyn Engine,
    index: Index<'_, R>,
    request: PageRequest<'_, R>,
) -> Result<Page<R>, StoreError> {
    // One more than asked tells whether there is another page.
    let wanted = request.max_items.saturating_add(1);
    let mut items = Vec::new();
    let mut range = index.range.limit(wanted);
    let mut ahead = Vec::new();
    let mut attempts = 0;
    while items.len() < wanted {
        let part = read(engine, &range, &ahead).await?;
        let mut passed = None;
        ahead.clear();
        for place in &part.places {
            let key = (index.record)(&place.key).ok_or_else(|| damaged("index"))?;
            let bytes = key.bytes();
            match part.value(place, &bytes)? {
                Some(value) if ahead.is_empty() => {
                    let record = key.table().decode(value)?;
                    passed = Some(&place.key);
                    if (request.filter)(&record) {
                        items.push(record);
                    }
                }
                Some(_) | None => ahead.push(bytes),
            }
        }
        if ahead.is_empty() && part.places.len() < wanted {
            break;
        }
        match passed {
            Some(place) => {
                range = range.after(place);
                attempts = 0;
            }
            None => attempts += 1,
        }
        if attempts > ATTEMPTS {
            let message = "what was to be listed next changed all the time; try again later".to_owned();
            return Err(StoreError::Read { message, source: None });
        }
    }
    let more = items.len() > request.max_items;
    items.truncate(request.max_items);
    Ok(Page { items, more })
}

/// A part of an index with some of the records that it names, of one moment.
struct Part {
    places: Vec<Entry>,
    asked: BTreeSet<Bytes>,
    records: BTreeMap<Bytes, Bytes>,
}

async fn read(engine: &dyn Engine, range: &Range, ahead: &[Bytes]) -> Result<Part, StoreError> {
    let mut ranges = vec![range.clone()];
    ranges.extend(ahead.iter().cloned().map(Range::key));
    let mut found = engine.read(&ranges).await?.ranges.into_iter();
    let places = found.next().unwrap_or_default();
    let records = found.flatten().map(|entry| (entry.key, entry.value)).collect();
    Ok(Part { places, asked: ahead.iter().cloned().collect(), records })
}

impl Part {
    /// The record at a place, if it was read.
    fn value<'p>(&'p self, place: &'p Entry, record: &Bytes) -> Result<Option<&'p Bytes>, StoreError> {
        if *record == place.key {
            return Ok(Some(&place.value));
        }
        match self.records.get(record) {
            None if self.asked.contains(record) => Err(damaged("index")),
            found => Ok(found),
        }
    }
}

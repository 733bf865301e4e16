//! Step 1: counts, names, order and deleted ids of key value stores move to the tables that all kinds share, and
//! names and caller references say whose they are.

use bytes::Bytes;
use keyfront_domain::AccountId;
use keyfront_domain::arn::{Arn, KeyValueStoreArn, ResourceKind};
use serde::Deserialize;

use crate::records::{CountRecord, Document, OwnerId, Present, ResourceRecord, damaged};
use crate::transaction::Record;
use crate::{Batch, Engine, Entry, Range, StoreError, keyspace};

/// Entries that one commit moves, where the engine takes as many.
const AT_ONCE: usize = 256;

/// Writes of one entry: the new key and the old one, or the name and the caller reference of a resource.
const WRITES_EACH: usize = 2;

fn at_once(engine: &dyn Engine) -> usize {
    (engine.limits().writes / WRITES_EACH).clamp(1, AT_ONCE)
}

/// The tables that only stores had.
const COUNTS: u8 = 0x01;
const NAMES: u8 = 0x02;
const CREATIONS: u8 = 0x04;
const DELETED: u8 = 0x07;

/// How many stores an account has.
#[derive(Deserialize, serde::Serialize)]
struct AccountRecord {
    key_value_stores: u64,
}

impl Document for AccountRecord {}

/// Whether an entry is of an earlier format.
pub(super) fn is_old(key: &[u8], value: &[u8]) -> bool {
    match key.first() {
        Some(&(COUNTS | NAMES | CREATIONS | DELETED)) => true,
        Some(_) => value.is_empty() && keyspace::has_owner(key),
        None => false,
    }
}

/// Moves what is left to move.
pub(super) async fn run(engine: &dyn Engine) -> Result<(), StoreError> {
    empty(engine, COUNTS, count).await?;
    empty(engine, NAMES, name).await?;
    empty(engine, CREATIONS, creation).await?;
    empty(engine, DELETED, deleted).await?;
    name_owners(engine).await
}

/// Moves a table, entry by entry, to where `moved` says.
async fn empty(
    engine: &dyn Engine,
    table: u8,
    moved: fn(&Entry) -> Option<(Bytes, Bytes)>,
) -> Result<(), StoreError> {
    let range = Range::prefix(vec![table]).limit(at_once(engine));
    loop {
        let snapshot = engine.read(std::slice::from_ref(&range)).await?;
        let mut batch = Batch::default();
        for entry in snapshot.ranges.iter().flatten() {
            let (key, value) = moved(entry).ok_or_else(|| damaged("key value store"))?;
            batch = batch.put(key, value).delete(entry.key.clone());
        }
        if batch.writes.is_empty() {
            return Ok(());
        }
        engine.commit(batch).await?;
    }
}

/// The account that follows the byte of the table, and what follows it.
fn account(key: &[u8]) -> Option<(AccountId, &[u8])> {
    let (account, rest) = key.get(1..)?.split_at_checked(12)?;
    Some((std::str::from_utf8(account).ok()?.parse().ok()?, rest))
}

fn count(entry: &Entry) -> Option<(Bytes, Bytes)> {
    let (account, _) = account(&entry.key)?;
    let AccountRecord { key_value_stores: count } = AccountRecord::decode(&entry.value)?;
    let key = keyspace::count(account, ResourceKind::KEY_VALUE_STORE);
    Some((key.bytes(), CountRecord { count }.encode().ok()?))
}

/// The value was a version byte and the sixteen bytes of the id.
fn name(entry: &Entry) -> Option<(Bytes, Bytes)> {
    let (account, name) = account(&entry.key)?;
    let id = uuid::Uuid::from_slice(entry.value.strip_prefix(&[1])?).ok()?;
    let key = keyspace::name(account, ResourceKind::KEY_VALUE_STORE, std::str::from_utf8(name).ok()?);
    Some((key.bytes(), OwnerId(id.to_string()).encode().ok()?))
}

fn creation(entry: &Entry) -> Option<(Bytes, Bytes)> {
    let (account, rest) = account(&entry.key)?;
    let (created_ms, id) = rest.split_first_chunk::<8>()?;
    let key = keyspace::creation(&store(account, id)?, i64::from_be_bytes(*created_ms));
    Some((key.bytes(), Present.encode().ok()?))
}

fn deleted(entry: &Entry) -> Option<(Bytes, Bytes)> {
    let (account, id) = account(&entry.key)?;
    Some((keyspace::deleted(&store(account, id)?).bytes(), entry.value.clone()))
}

fn store(account: AccountId, id: &[u8]) -> Option<Arn> {
    Some(KeyValueStoreArn { account, id: uuid::Uuid::from_slice(id).ok()? }.into())
}

/// Writes whose each name and caller reference is.
async fn name_owners(engine: &dyn Engine) -> Result<(), StoreError> {
    let resources = keyspace::all_resources();
    let mut range = resources.range().limit(at_once(engine));
    loop {
        let snapshot = engine.read(std::slice::from_ref(&range)).await?;
        let Some(last) = snapshot.ranges.iter().flatten().last() else { return Ok(()) };
        range = range.after(&last.key);
        let mut batch = Batch::default();
        for entry in snapshot.ranges.iter().flatten() {
            let arn =
                keyspace::resource_in(&resources.rest(&entry.key)).ok_or_else(|| damaged("resource"))?;
            let record: ResourceRecord = resources.table().decode(&entry.value)?;
            let owner = OwnerId(record.id).encode()?;
            if let Some(name) = &record.name {
                batch = batch.put(keyspace::name(arn.account, arn.kind(), name).bytes(), owner.clone());
            }
            if let Some(reference) = &record.caller_reference {
                let key = keyspace::caller_reference(arn.account, arn.kind(), reference);
                batch = batch.put(key.bytes(), owner);
            }
        }
        if !batch.writes.is_empty() {
            engine.commit(batch).await?;
        }
    }
}

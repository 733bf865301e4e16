//! Key value stores: what can be done with them, each verb as one checked commit.
//!
//! *Absent*, *stale* and the like are values here; the operation that asked turns them into the code of
//! its own resource. A conflict with somebody else's commit means reading again and deciding again, so
//! every loop below ends: each round rests on a commit that another caller made.

mod audit;
mod create;
mod delete;
mod import;
mod list;
mod pairs;
mod refer;
mod update;

use keyfront_domain::AccountId;
use keyfront_domain::arn::KeyValueStoreArn;
use uuid::Uuid;

pub use create::{Create, NewKeyValueStore};
pub use delete::Delete;
pub use import::{finish_import, pending_imports};
pub use list::{ListPage, Page};
pub use pairs::{GetPair, ListPairs, PairPage, PairsHead, WriteOutcome};
pub use update::Update;

use crate::records::{KeyValueStoreRecord, PairsRecord, decode};
use crate::{Engine, Range, StoreError, Version, keyspace};

pub use audit::{Audit, audit};
pub use create::create;
pub use delete::delete;
pub use list::{count, list};
pub use pairs::{describe_pairs, get_pair, list_pairs, write_pairs};
pub use refer::refer;
pub use update::update_comment;

/// A record together with the version of its entry, which a commit can check.
#[derive(Clone, Debug)]
pub(crate) struct Held<T> {
    pub(crate) record: T,
    pub(crate) version: Version,
}

/// The store of this name.
pub async fn find(
    engine: &dyn Engine,
    account: AccountId,
    name: &str,
) -> Result<Option<KeyValueStoreRecord>, StoreError> {
    Ok(held_by_name(engine, account, name).await?.map(|(_, held)| held.record))
}

/// The store of this ARN.
pub async fn find_by_arn(
    engine: &dyn Engine,
    arn: &KeyValueStoreArn,
) -> Result<Option<KeyValueStoreRecord>, StoreError> {
    let snapshot = engine.read(&[Range::key(keyspace::store(arn))]).await?;
    snapshot.one(0).map(|entry| decode("key value store", &entry.value)).transpose()
}

pub(crate) async fn held_by_name(
    engine: &dyn Engine,
    account: AccountId,
    name: &str,
) -> Result<Option<(KeyValueStoreArn, Held<KeyValueStoreRecord>)>, StoreError> {
    let snapshot = engine.read(&[Range::key(keyspace::name(account, name))]).await?;
    let Some(entry) = snapshot.one(0) else { return Ok(None) };
    let id = id_of_name(&entry.value)?;
    let arn = KeyValueStoreArn { account, id };
    let snapshot = engine.read(&[Range::key(keyspace::store(&arn))]).await?;
    // Deleted between the two reads: it is as absent as if the first had come later.
    let Some(entry) = snapshot.one(0) else { return Ok(None) };
    let record = decode("key value store", &entry.value)?;
    Ok(Some((arn, Held { record, version: entry.version })))
}

/// The value of a name: a version byte and the id.
fn name_value(id: Uuid) -> Vec<u8> {
    let mut value = vec![1];
    value.extend_from_slice(id.as_bytes());
    value
}

fn id_of_name(value: &[u8]) -> Result<Uuid, StoreError> {
    match value.split_first() {
        Some((1, id)) => Uuid::from_slice(id).map_err(|_damaged| crate::records::damaged("name")),
        Some(_) | None => Err(crate::records::damaged("name")),
    }
}

fn pairs_record(entry: Option<&crate::Entry>) -> Result<Option<PairsRecord>, StoreError> {
    entry.map(|entry| PairsRecord::decode(&entry.value)).transpose()
}

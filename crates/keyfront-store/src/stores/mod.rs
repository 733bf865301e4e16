//! Key value stores: what can be done with them, each verb as one checked commit.
//!
//! *Absent*, *stale* and the like are values here; the operation that asked turns them into the code of
//! its own resource. A conflict with somebody else's commit means reading again and deciding again, so
//! every loop below ends: each round rests on a commit that another caller made.

mod audit;
mod create;
mod delete;
pub mod entries;
mod import;
mod list;
mod pairs;
mod read_pairs;
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
pub use read_pairs::{AllPairs, ReadPairs};
pub use update::Update;

use crate::records::{KeyValueStoreRecord, PairsRecord, decode};
use crate::{Engine, Range, StoreError, Version, keyspace};

pub use audit::{Audit, audit};
pub use create::{create, create_filled};
pub use delete::delete;
pub use list::{count, list};
pub use pairs::{describe_pairs, get_pair, list_pairs, write_pairs};
pub use read_pairs::read_pairs;
pub use refer::refer;
pub use update::update_comment;

/// A record together with the version of its entry, which a commit can check.
#[derive(Clone, Debug)]
struct Held<T> {
    record: T,
    version: Version,
}

/// The store that has a name now. Everything else asks by ARN: a name can pass to another store.
pub async fn resolve(
    engine: &dyn Engine,
    account: AccountId,
    name: &str,
) -> Result<Option<KeyValueStoreArn>, StoreError> {
    let snapshot = engine.read(&[Range::key(keyspace::name(account, name))]).await?;
    let Some(entry) = snapshot.one(0) else { return Ok(None) };
    Ok(Some(KeyValueStoreArn { account, id: id_of_name(&entry.value)? }))
}

/// The store of this ARN.
pub async fn find(
    engine: &dyn Engine,
    arn: &KeyValueStoreArn,
) -> Result<Option<KeyValueStoreRecord>, StoreError> {
    Ok(held(engine, arn).await?.map(|held| held.record))
}

async fn held(
    engine: &dyn Engine,
    arn: &KeyValueStoreArn,
) -> Result<Option<Held<KeyValueStoreRecord>>, StoreError> {
    let snapshot = engine.read(&[Range::key(keyspace::store(arn))]).await?;
    let Some(entry) = snapshot.one(0) else { return Ok(None) };
    Ok(Some(Held { record: decode("key value store", &entry.value)?, version: entry.version }))
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

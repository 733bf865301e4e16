//! Creating a key value store.

use keyfront_domain::AccountId;
use keyfront_domain::arn::KeyValueStoreArn;
use keyfront_domain::pairs::{Totals, size};
use uuid::Uuid;

use super::name_value;
use crate::records::{
    AccountRecord, ImportRecord, KeyValueStoreRecord, PairsRecord, Status, TagsRecord, decode, encode,
    encode_pair,
};
use crate::{Batch, Engine, Outcome, Range, StoreError, keyspace};

/// A store to create.
#[derive(Clone, Debug)]
pub struct NewKeyValueStore {
    /// The account that owns it.
    pub account: AccountId,
    /// Its id, which no other store has.
    pub id: Uuid,
    /// Its name.
    pub name: String,
    /// Its comment, if one was given.
    pub comment: Option<String>,
    /// Its tags.
    pub tags: TagsRecord,
    /// Where its first pairs come from.
    pub import: Option<ImportRecord>,
    /// It is provisioning although nothing is imported, until somebody ends that with
    /// [`finish_import`](super::finish_import).
    pub held: bool,
    /// Now, in milliseconds since the epoch.
    pub now_ms: i64,
}

impl NewKeyValueStore {
    fn provisioning(&self) -> bool {
        self.import.is_some() || self.held
    }
}

/// What became of it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Create {
    /// It exists. With an import, or held, it is provisioning; otherwise it is ready.
    Created(KeyValueStoreRecord),
    /// Another store of the account has the name.
    NameTaken,
    /// The account has as many stores as it may have.
    LimitReached,
}

/// Creates a store, unless the name is taken or the account has `limit` stores already.
pub async fn create(engine: &dyn Engine, new: &NewKeyValueStore, limit: u64) -> Result<Create, StoreError> {
    create_filled(engine, new, &[], limit).await
}

/// Creates a store that holds these pairs from the beginning, like [`create`]. Each key comes once, and the
/// limits of keys, values and stores are the caller's to check.
///
/// The id may be one that a deleted store had: seeds have the same ids at every start.
pub async fn create_filled(
    engine: &dyn Engine,
    new: &NewKeyValueStore,
    filling: &[(String, String)],
    limit: u64,
) -> Result<Create, StoreError> {
    let arn = KeyValueStoreArn { account: new.account, id: new.id };
    let account_key = keyspace::account(new.account);
    let name_key = keyspace::name(new.account, &new.name);
    loop {
        let snapshot = engine.read(&[Range::key(account_key.clone()), Range::key(name_key.clone())]).await?;
        let mut account: AccountRecord =
            snapshot.one(0).map(|entry| decode("account", &entry.value)).transpose()?.unwrap_or_default();
        if snapshot.one(1).is_some() {
            return Ok(Create::NameTaken);
        }
        if account.key_value_stores >= limit {
            return Ok(Create::LimitReached);
        }
        account.key_value_stores += 1;
        let record = record(new);
        let mut batch = Batch::default()
            .check(account_key.clone(), snapshot.version_of(0))
            .absent(name_key.clone())
            .put(account_key.clone(), encode(&account)?)
            .put(name_key.clone(), name_value(new.id))
            .put(keyspace::store(&arn), encode(&record)?)
            .put(keyspace::creation(&arn, new.now_ms), "")
            .put(keyspace::pairs(&arn), pairs(new, record.status, filling).encode())
            .delete(keyspace::deleted(&arn));
        for (key, value) in filling {
            batch = batch.put(keyspace::pair(&arn, key), encode_pair(value));
        }
        if engine.commit(with_extras(batch, new, &arn)?).await? != Outcome::Conflict {
            return Ok(Create::Created(record));
        }
    }
}

fn with_extras(
    mut batch: Batch,
    new: &NewKeyValueStore,
    arn: &KeyValueStoreArn,
) -> Result<Batch, StoreError> {
    if !new.tags.tags.is_empty() {
        batch = batch.put(keyspace::tags(new.account, &arn.to_string()).bytes(), encode(&new.tags)?);
    }
    if new.provisioning() {
        batch = batch.put(keyspace::import(arn), "");
    }
    Ok(batch)
}

fn record(new: &NewKeyValueStore) -> KeyValueStoreRecord {
    KeyValueStoreRecord {
        name: new.name.clone(),
        id: new.id,
        comment: new.comment.clone(),
        status: if new.provisioning() { Status::Provisioning } else { Status::Ready },
        failure_reason: None,
        import: new.import.clone(),
        created_ms: new.now_ms,
        modified_ms: new.now_ms,
        version: 1,
    }
}

fn pairs(new: &NewKeyValueStore, status: Status, filling: &[(String, String)]) -> PairsRecord {
    let mut totals = Totals::default();
    for (key, value) in filling {
        totals.item_count += 1;
        totals.total_size_in_bytes += size(key, value);
    }
    PairsRecord { status, version: 1, totals, created_ms: new.now_ms, modified_ms: new.now_ms }
}

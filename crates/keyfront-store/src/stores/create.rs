//! Creating a key value store.

use keyfront_domain::AccountId;
use keyfront_domain::arn::{Arn, KeyValueStoreArn, ResourceKind};
use keyfront_domain::pairs::{Totals, size};
use uuid::Uuid;

use super::Refused;
use super::staging::stage_all;
use crate::records::{
    Generation, ImportRecord, KeyValueStoreRecord, OwnerId, PairsRecord, Present, Status, TagsRecord,
    encode_pair,
};
use crate::{Abort, Engine, Range, StoreError, Transaction, counts, keyspace, tags, transact};

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
    /// It is provisioning although nothing is imported, until [`finish_import`](super::finish_import) ends that.
    pub held: bool,
    /// Now, in milliseconds since the epoch.
    pub now_ms: i64,
}

impl NewKeyValueStore {
    fn provisioning(&self) -> bool {
        self.import.is_some() || self.held
    }
}

/// Creates a store. With an import, or held, it is provisioning; otherwise it is ready.
///
/// # Errors
/// [`Refused::NameTaken`], or [`Refused::LimitReached`] when the account has `limit` stores already.
pub async fn create(
    engine: &dyn Engine,
    new: &NewKeyValueStore,
    limit: u64,
) -> Result<KeyValueStoreRecord, Abort<Refused>> {
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
) -> Result<KeyValueStoreRecord, Abort<Refused>> {
    let arn = KeyValueStoreArn { account: new.account, id: new.id };
    let name_key = &keyspace::name(new.account, ResourceKind::KEY_VALUE_STORE, &new.name);
    let count_key = &keyspace::count(new.account, ResourceKind::KEY_VALUE_STORE);
    // A store of this id may have been deleted whose pairs are not collected yet.
    let stage = stage_all(engine, &arn, filling, !is_clean(engine, &arn).await?).await?;
    let staged = &stage;
    let created = transact(engine, |tx| async move {
        tx.fetch([name_key.bytes(), count_key.bytes()]).await?;
        if tx.contains(name_key).await? {
            return Err(Abort::Refused(Refused::NameTaken));
        }
        let counted = counts::add(&tx, new.account, ResourceKind::KEY_VALUE_STORE, limit).await;
        counted.map_err(|refused| refused.map(|counts::LimitReached| Refused::LimitReached))?;
        tx.put(name_key, &OwnerId(new.id.to_string()))?;
        let record = record(new);
        put(&tx, &arn, new, &record)?;
        let mut head = pairs(new, record.status, filling);
        if let Some(stage) = staged {
            stage.end(&tx).await?;
            head.generation = stage.generation();
        } else {
            for (key, value) in filling {
                tx.put_raw(keyspace::pair(&arn, head.generation, key), encode_pair(value));
            }
        }
        tx.put(&keyspace::pairs(&arn), &head)?;
        Ok(record)
    })
    .await;
    if let Some(stage) = &stage {
        stage.conclude(created.is_ok()).await;
    }
    created
}

/// Whether nothing is left of the first generation of a store of this id.
async fn is_clean(engine: &dyn Engine, arn: &KeyValueStoreArn) -> Result<bool, StoreError> {
    let pairs = Range::prefix(keyspace::pairs_of(arn, Generation::FIRST)).limit(1);
    let leftover = Range::key(keyspace::leftover(arn, Generation::FIRST));
    Ok(engine.read(&[pairs, leftover]).await?.ranges.iter().all(Vec::is_empty))
}

/// Everything about the store but its name, its count and its pairs.
fn put(
    tx: &Transaction<'_>,
    arn: &KeyValueStoreArn,
    new: &NewKeyValueStore,
    record: &KeyValueStoreRecord,
) -> Result<(), StoreError> {
    let resource = Arn::from(*arn);
    tx.put(&keyspace::store(arn), record)?;
    tx.put(&keyspace::creation(&resource, new.now_ms), &Present)?;
    tx.delete(&keyspace::deleted(&resource));
    tags::put(tx, &resource, &new.tags)?;
    if new.provisioning() {
        tx.put(&keyspace::import(arn), &Present)?;
    }
    Ok(())
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
    PairsRecord {
        status,
        version: 1,
        totals,
        created_ms: new.now_ms,
        modified_ms: new.now_ms,
        generation: Generation::FIRST,
    }
}

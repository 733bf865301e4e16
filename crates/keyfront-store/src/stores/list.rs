//! Listing an account's stores in the order of their creation.

use keyfront_domain::AccountId;
use keyfront_domain::arn::KeyValueStoreArn;
use uuid::Uuid;

use crate::records::{AccountRecord, DeletedRecord, KeyValueStoreRecord, decode};
use crate::{Engine, Range, StoreError, keyspace};

/// Which part of the list is wanted.
#[derive(Clone, Debug)]
pub struct ListPage<'a> {
    /// Begin after this store, which may have been deleted since.
    pub after: Option<Uuid>,
    /// Most stores to return.
    pub max_items: usize,
    /// Only stores in this state.
    pub status: Option<&'a str>,
}

/// A part of the list.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Page {
    /// The stores, and whether there are more after them.
    Stores(Vec<KeyValueStoreRecord>, bool),
    /// The account never had the store to begin after.
    UnknownMarker,
}

/// Lists stores of an account.
pub async fn list(engine: &dyn Engine, account: AccountId, page: &ListPage<'_>) -> Result<Page, StoreError> {
    let mut range = Range::prefix(keyspace::creations(account));
    if let Some(id) = page.after {
        let arn = KeyValueStoreArn { account, id };
        let Some(created_ms) = created_ms(engine, &arn).await? else { return Ok(Page::UnknownMarker) };
        range = range.after(&keyspace::creation(&arn, created_ms));
    }
    // One more than asked tells whether there is another page.
    let wanted = page.max_items.saturating_add(1);
    let mut stores = Vec::new();
    while stores.len() < wanted {
        let index = engine.read(&[range.clone().limit(wanted)]).await?;
        let places = index.range(0);
        let Some(last) = places.last() else { break };
        range = range.after(&last.key);
        let ids = places.iter().filter_map(|place| keyspace::created_id(&place.key));
        let keys: Vec<_> =
            ids.map(|id| Range::key(keyspace::store(&KeyValueStoreArn { account, id }))).collect();
        for entry in engine.read(&keys).await?.ranges.iter().flatten() {
            let record: KeyValueStoreRecord = decode("key value store", &entry.value)?;
            if page.status.is_none_or(|status| record.status.as_str() == status) {
                stores.push(record);
            }
        }
    }
    let more = stores.len() > page.max_items;
    stores.truncate(page.max_items);
    Ok(Page::Stores(stores, more))
}

/// How many stores all accounts have together.
pub async fn count(engine: &dyn Engine) -> Result<u64, StoreError> {
    let accounts = engine.read(&[Range::prefix(keyspace::accounts())]).await?;
    accounts.range(0).iter().try_fold(0, |sum, entry| {
        let account: AccountRecord = decode("account", &entry.value)?;
        Ok(sum + account.key_value_stores)
    })
}

async fn created_ms(engine: &dyn Engine, arn: &KeyValueStoreArn) -> Result<Option<i64>, StoreError> {
    let snapshot =
        engine.read(&[Range::key(keyspace::store(arn)), Range::key(keyspace::deleted(arn))]).await?;
    if let Some(entry) = snapshot.one(0) {
        let record: KeyValueStoreRecord = decode("key value store", &entry.value)?;
        return Ok(Some(record.created_ms));
    }
    let deleted =
        snapshot.one(1).map(|entry| decode::<DeletedRecord>("deleted store", &entry.value)).transpose()?;
    Ok(deleted.map(|record| record.created_ms))
}

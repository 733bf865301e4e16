//! The typed layer: key value stores under races, and against a model.

mod audit;
mod bulk;
mod copying;
mod held;
mod model;
mod races;
mod staged;

use std::sync::Arc;

use keyfront_domain::arn::KeyValueStoreArn;
use keyfront_domain::pairs::{Totals, Update};
use keyfront_domain::{AccountId, Quotas, etag};
use keyfront_store::list::PageRequest;
use keyfront_store::records::{ImportRecord, KeyValueStoreRecord, PairsRecord, TagsRecord};
use keyfront_store::stores::{self, ListPairs, NewKeyValueStore, PairsHead, Refused, WriteOutcome};
use keyfront_store::{Engine, Range};
use uuid::Uuid;

use crate::outcome::outcome;

const ACCOUNT: AccountId = AccountId::DEVELOPMENT;
const NOW: i64 = 1_795_318_292_042;
const NO_LIMIT: u64 = u64::MAX;

fn new(name: &str, id: u128) -> NewKeyValueStore {
    NewKeyValueStore {
        account: ACCOUNT,
        id: Uuid::from_u128(id),
        name: name.to_owned(),
        comment: None,
        tags: TagsRecord::default(),
        import: None,
        held: false,
        now_ms: NOW,
    }
}

fn seeded(name: &str, id: u128) -> NewKeyValueStore {
    let source_arn = "arn:aws:s3:::bucket/key".to_owned();
    NewKeyValueStore {
        import: Some(ImportRecord { source_type: "S3".to_owned(), source_arn }),
        ..new(name, id)
    }
}

fn arn(id: u128) -> KeyValueStoreArn {
    KeyValueStoreArn { account: ACCOUNT, id: Uuid::from_u128(id) }
}

async fn create(engine: &dyn Engine, new: &NewKeyValueStore) -> Result<KeyValueStoreRecord, Refused> {
    outcome(stores::create(engine, new, NO_LIMIT).await)
}

async fn delete(engine: &dyn Engine, name: &str, version: u64) -> Result<(), Refused> {
    let arn = stores::resolve(engine, ACCOUNT, name).await.unwrap().ok_or(Refused::Absent)?;
    outcome(stores::delete(engine, &arn, &etag::control_plane(version), NOW).await)
}

async fn comment(
    engine: &dyn Engine,
    name: &str,
    version: u64,
    comment: &str,
) -> Result<KeyValueStoreRecord, Refused> {
    let arn = stores::resolve(engine, ACCOUNT, name).await.unwrap().ok_or(Refused::Absent)?;
    let etag = etag::control_plane(version);
    outcome(stores::update_comment(engine, &arn, &etag, comment, NOW).await)
}

async fn put(engine: &dyn Engine, id: u128, version: u64, key: &str, value: &str) -> WriteOutcome {
    let quotas = Quotas::default();
    let update = Update::new([(key, value)], [], &quotas).unwrap();
    let if_match = etag::data_plane(version);
    stores::write_pairs(engine, &arn(id), &if_match, &update, None, &quotas, NOW).await.unwrap()
}

async fn head(engine: &dyn Engine, id: u128) -> Option<PairsRecord> {
    match stores::describe_pairs(engine, &arn(id)).await.unwrap().0 {
        PairsHead::Found(record) => Some(record),
        PairsHead::Deleted | PairsHead::Absent => None,
    }
}

async fn pairs(engine: &dyn Engine, id: u128) -> Vec<(String, String)> {
    match stores::list_pairs(engine, &arn(id), None, usize::MAX - 1).await.unwrap() {
        ListPairs::Page(page) => page.pairs,
        ListPairs::Unreadable(_) => Vec::new(),
    }
}

async fn listed(engine: &dyn Engine) -> Vec<KeyValueStoreRecord> {
    let page = outcome(stores::list(engine, ACCOUNT, PageRequest::new(None, 1000)).await).unwrap();
    assert!(!page.more);
    page.items
}

/// The number of stores as the account's record keeps it, which is also what its limit is compared with.
async fn assert_count(engine: &dyn Engine, expected: usize) {
    assert_eq!(stores::count(engine).await.unwrap(), number(expected));
    assert_eq!(listed(engine).await.len(), expected);
}

/// The kinds of keys that there are, as the first column of the table of keys has them.
async fn tables(engine: &dyn Engine) -> Vec<u8> {
    let everything = engine.read(&[Range::prefix("")]).await.unwrap();
    let mut tables: Vec<u8> = everything.range(0).iter().map(|entry| entry.key[0]).collect();
    tables.dedup();
    tables
}

/// What is left of an account when all its stores are gone: the count, and the ids that were used.
const LEFT_OVER: [u8; 2] = [0x22, 0x25];

fn totals(pairs: &[(String, String)]) -> Totals {
    let size = |(key, value): &(String, String)| number(key.len() + value.len());
    Totals { item_count: number(pairs.len()), total_size_in_bytes: pairs.iter().map(size).sum() }
}

fn number(length: usize) -> u64 {
    u64::try_from(length).unwrap()
}

fn shared<E: Engine>(engine: E) -> Arc<dyn Engine> {
    Arc::new(engine)
}

//! Tests of migrations: data of an earlier version becomes that of this one, once.

use bytes::Bytes;
use keyfront_domain::AccountId;
use keyfront_domain::arn::{Arn, KeyValueStoreArn, ResourceKind};
use keyfront_engine::{Limits, MemorySettings};
use uuid::Uuid;

use super::*;
use crate::list::PageRequest;
use crate::records::OwnerId;
use crate::{Range, Version, counts, resources, stores};

const ACCOUNT: AccountId = AccountId::DEVELOPMENT;

fn bytes(parts: &[&[u8]]) -> Bytes {
    Bytes::from(parts.concat())
}

fn document(json: &str) -> Bytes {
    bytes(&[&[1], json.as_bytes()])
}

fn id(number: u128) -> Uuid {
    Uuid::from_u128(number)
}

fn store(number: u128) -> KeyValueStoreArn {
    KeyValueStoreArn { account: ACCOUNT, id: id(number) }
}

/// What the format before the first step wrote for `stores` stores, a deleted one and a public key.
fn earlier(stores: u128) -> Batch {
    let account = ACCOUNT.as_bytes();
    let count = document(&format!(r#"{{"key_value_stores":{stores}}}"#));
    let mut batch = Batch::default().put(bytes(&[&[1], account]), count);
    for number in 1..=stores {
        let uuid = id(number);
        let created = i64::try_from(1000 - number).unwrap();
        let json = format!(
            r#"{{"name":"s{number}","id":"{uuid}","status":"Ready","created_ms":{created},"modified_ms":6,"version":2}}"#
        );
        batch = batch
            .put(bytes(&[&[2], account, format!("s{number}").as_bytes()]), bytes(&[&[1], uuid.as_bytes()]))
            .put(bytes(&[&[3], account, uuid.as_bytes()]), document(&json))
            .put(bytes(&[&[4], account, &created.to_be_bytes(), uuid.as_bytes()]), Bytes::new());
    }
    let gone = id(u128::MAX);
    let key = r#"{"id":"K1","name":"key","caller_reference":"r","config":{},"created_ms":5,"modified_ms":6,"version":2}"#;
    batch
        .put(bytes(&[&[7], account, gone.as_bytes()]), document(r#"{"created_ms":1,"deleted_ms":2}"#))
        .put(bytes(&[&[0x20], account, b"public-key/K1"]), document(key))
        .put(bytes(&[&[0x21], account, b"public-key/", &5_i64.to_be_bytes(), b"K1"]), Bytes::new())
        .put(bytes(&[&[0x22], account, b"public-key"]), document(r#"{"count":1}"#))
        .put(bytes(&[&[0x23], account, b"public-key/key"]), Bytes::new())
        .put(bytes(&[&[0x24], account, b"public-key/r"]), Bytes::new())
}

/// Whether everything is where this version looks for it.
async fn assert_migrated(engine: &dyn Engine, number: u128) {
    assert_eq!(stores::count(engine).await.unwrap(), u64::try_from(number).unwrap());
    let page = stores::list(engine, ACCOUNT, PageRequest::new(None, 1000)).await.unwrap();
    let names: Vec<_> = page.items.iter().map(|record| record.name.clone()).collect();
    let expected: Vec<_> = (1..=number).rev().map(|number| format!("s{number}")).collect();
    assert_eq!(names, expected, "the last was created first");
    assert_eq!(stores::resolve(engine, ACCOUNT, "s1").await.unwrap(), Some(store(1)));
    let (head, _) = stores::describe_pairs(engine, &store(u128::MAX)).await.unwrap();
    assert_eq!(head, stores::PairsHead::Deleted);
    let key = Arn::new(ACCOUNT, ResourceKind::PUBLIC_KEY, "K1");
    assert_eq!(counts::of(engine, ACCOUNT, key.kind()).await.unwrap(), 1);
    assert!(resources::find(engine, &key).await.unwrap().is_some());
    for owned in
        [keyspace::name(ACCOUNT, key.kind(), "key"), keyspace::caller_reference(ACCOUNT, key.kind(), "r")]
    {
        assert_eq!(owned.read(engine).await.unwrap(), Some(OwnerId("K1".to_owned())));
    }
    let everything = engine.read(&[Range::prefix("")]).await.unwrap();
    let tables = everything.ranges.iter().flatten().filter_map(|entry| entry.key.first());
    assert_eq!(tables.filter(|table| [1, 2, 4, 7].contains(table)).count(), 0);
}

#[tokio::test]
async fn the_records_of_stores_move_to_the_tables_of_all_kinds() {
    let engine = MemoryEngine::new();
    // More than one commit moves.
    engine.commit(earlier(600)).await.unwrap();
    migrate(&engine).await.unwrap();
    assert_migrated(&engine, 600).await;
    let version = engine.stats().version;
    migrate(&engine).await.unwrap();
    assert_eq!(engine.stats().version, version, "a second time there is nothing to do");
}

/// The migration is stopped after every number of commits, and the next start goes on.
#[tokio::test]
async fn a_migration_that_was_stopped_goes_on_where_it_was() {
    let whole = MemoryEngine::new();
    whole.commit(earlier(3)).await.unwrap();
    migrate(&whole).await.unwrap();
    let changes = {
        let mut watch = whole.watch(Version(1)).await.unwrap();
        std::iter::from_fn(|| match watch.try_next() {
            Some(crate::Next::Change(change)) => Some(change),
            Some(crate::Next::Lagged | crate::Next::Closed) | None => None,
        })
        .collect::<Vec<_>>()
    };
    assert!(changes.len() > 3);
    for stopped_after in 0..changes.len() {
        let engine = MemoryEngine::new();
        engine.commit(earlier(3)).await.unwrap();
        for change in changes.iter().take(stopped_after) {
            engine.commit(Batch { writes: change.writes.clone(), ..Batch::default() }).await.unwrap();
        }
        migrate(&engine).await.unwrap();
        assert_migrated(&engine, 3).await;
    }
}

/// The engine of a cluster takes little at once and leaves versions out.
#[tokio::test]
async fn a_migration_keeps_to_what_the_engine_takes_at_once() {
    let large = MemoryEngine::new();
    large.commit(earlier(40)).await.unwrap();
    let entries = large.read(&[Range::prefix("")]).await.unwrap().ranges.concat();
    let limits = Limits { writes: 5, bytes: 4096 };
    let engine = MemoryEngine::with(MemorySettings { limits, skips_versions: true });
    for entry in entries {
        engine.commit(Batch::default().put(entry.key, entry.value)).await.unwrap();
    }
    migrate(&engine).await.unwrap();
    assert_migrated(&engine, 40).await;
}

#[tokio::test]
async fn an_empty_store_gets_the_current_format() {
    let engine = MemoryEngine::new();
    migrate(&engine).await.unwrap();
    assert_eq!(keyspace::format().read(&engine).await.unwrap(), Some(Format(CURRENT)));
}

#[tokio::test]
async fn data_of_a_later_version_is_left_alone() {
    let engine = MemoryEngine::new();
    count(&engine, CURRENT + 1).await.unwrap();
    let error = migrate(&engine).await.unwrap_err().to_string();
    assert!(error.contains(&format!("format {}", CURRENT + 1)), "{error}");
}

#[tokio::test]
async fn a_saved_state_of_the_format_before_is_put_back_as_one_of_this() {
    let old = MemoryEngine::new();
    old.commit(earlier(3)).await.unwrap();
    let saved = saved_states::take(&old).await.unwrap();
    let engine = MemoryEngine::new();
    saved_states::restore(&engine, &saved).await.unwrap();
    assert_migrated(&engine, 3).await;
    let current = saved_states::take(&engine).await.unwrap();
    assert_eq!(migrated(&current).await.unwrap(), current);
}

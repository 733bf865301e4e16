//! Snapshots on both engines: what is put back is what was there, whatever happens meanwhile.

mod meanwhile;
mod random;

use std::sync::Arc;

use keyfront_domain::arn::KeyValueStoreArn;
use keyfront_domain::pairs::Update;
use keyfront_domain::{AccountId, Quotas, etag};
use keyfront_engine::MemoryEngine;
use keyfront_engine_redb::RedbEngine;
use keyfront_store::records::{CredentialRecord, ImportRecord, TagsRecord};
use keyfront_store::saved_states::{self, Restored, SavedEntries};
use keyfront_store::stores::{self, NewKeyValueStore, PairsHead, WriteOutcome};
use keyfront_store::{Batch, Engine, Range, credentials};
use uuid::Uuid;

const ACCOUNT: AccountId = AccountId::DEVELOPMENT;

/// Both engines; the second lives in the folder.
fn engines() -> ([Arc<dyn Engine>; 2], tempfile::TempDir) {
    let folder = tempfile::tempdir().unwrap();
    let durable = RedbEngine::open(folder.path(), keyfront_engine_redb::Settings::default()).unwrap();
    ([Arc::new(MemoryEngine::new()), Arc::new(durable)], folder)
}

fn arn(id: u128) -> KeyValueStoreArn {
    KeyValueStoreArn { account: ACCOUNT, id: Uuid::from_u128(id) }
}

fn new(name: &str, id: u128) -> NewKeyValueStore {
    NewKeyValueStore {
        account: ACCOUNT,
        id: Uuid::from_u128(id),
        name: name.to_owned(),
        comment: None,
        tags: TagsRecord::default(),
        import: None,
        held: false,
        now_ms: 1,
    }
}

fn filling(pairs: &[(&str, &str)]) -> Vec<(String, String)> {
    pairs.iter().map(|(key, value)| ((*key).to_owned(), (*value).to_owned())).collect()
}

async fn create(engine: &dyn Engine, new: &NewKeyValueStore, pairs: &[(&str, &str)]) {
    stores::create_filled(engine, new, &filling(pairs), u64::MAX).await.unwrap();
}

async fn version(engine: &dyn Engine, id: u128) -> u64 {
    match stores::describe_pairs(engine, &arn(id)).await.unwrap().0 {
        PairsHead::Found(head) => head.version,
        PairsHead::Deleted | PairsHead::Absent => 0,
    }
}

/// Puts pairs with the ETag of the version that is there at that moment.
async fn put(engine: &dyn Engine, id: u128, puts: &[(&str, &str)], now_ms: i64) -> WriteOutcome {
    let quotas = Quotas::default();
    let update = Update::new(puts.iter().copied(), [], &quotas).unwrap();
    let if_match = etag::data_plane(version(engine, id).await);
    stores::write_pairs(engine, &arn(id), &if_match, &update, None, &quotas, now_ms).await.unwrap()
}

/// Everything that the engine holds, without the versions of its entries.
async fn everything(engine: &dyn Engine) -> Vec<(bytes::Bytes, bytes::Bytes)> {
    let snapshot = engine.read(&[Range::prefix("")]).await.unwrap();
    snapshot.range(0).iter().map(|entry| (entry.key.clone(), entry.value.clone())).collect()
}

fn credential(id: &str) -> CredentialRecord {
    CredentialRecord {
        access_key_id: id.to_owned(),
        account: ACCOUNT,
        user_name: "user".to_owned(),
        policy: "{}".to_owned(),
        sealed_secret: "sealed".to_owned(),
        created_ms: 1,
    }
}

#[tokio::test]
async fn a_restore_brings_back_everything_and_leaves_credentials_alone() {
    let (engines, _folder) = engines();
    for engine in &engines {
        let engine = &**engine;
        credentials::put(engine, &credential("KEPT")).await.unwrap();
        create(engine, &new("one", 1), &[("a", "1"), ("b", "2")]).await;
        let import = ImportRecord { source_type: "S3".to_owned(), source_arn: "arn:aws:s3:::b/k".to_owned() };
        create(engine, &NewKeyValueStore { import: Some(import), ..new("importing", 2) }, &[]).await;
        // A table that this version does not know.
        engine.commit(Batch::default().put(&b"\x7flater"[..], "x")).await.unwrap();
        let before = everything(engine).await;
        let image = saved_states::take(engine).await.unwrap();
        let contents = image.contents().unwrap();
        assert_eq!(
            (contents.stores, contents.pairs.item_count, contents.pairs.total_size_in_bytes),
            (2, 2, 4)
        );

        put(engine, 1, &[("a", "9"), ("c", "3")], 2).await;
        stores::delete(engine, &arn(2), &etag::control_plane(1), 2).await.unwrap();
        create(engine, &new("three", 3), &[("a", "1")]).await;
        engine.commit(Batch::default().delete(&b"\x7flater"[..]).put(&b"\x01new"[..], "")).await.unwrap();
        let written_down = SavedEntries::from_bytes(image.to_bytes()).unwrap();
        let restored = saved_states::restore(engine, &written_down).await.unwrap();
        assert!(matches!(restored, Restored::Compared { .. }), "{restored:?}");
        assert_eq!(everything(engine).await, before);
        assert_eq!(stores::pending_imports(engine).await.unwrap().len(), 1);

        credentials::put(engine, &credential("LATER")).await.unwrap();
        credentials::delete(engine, "KEPT").await.unwrap();
        saved_states::restore(engine, &SavedEntries::empty()).await.unwrap();
        let listed = credentials::list(engine).await.unwrap();
        assert_eq!(listed, [credential("LATER")]);
        assert_eq!(everything(engine).await.len(), 1);
    }
}

#[tokio::test]
async fn a_restore_of_what_is_there_writes_nothing() {
    let (engines, _folder) = engines();
    for engine in &engines {
        create(&**engine, &new("one", 1), &[("a", "1")]).await;
        let image = saved_states::take(&**engine).await.unwrap();
        let before = engine.stats().version;
        let restored = saved_states::restore(&**engine, &image).await.unwrap();
        assert_eq!(restored, Restored::Compared { written: 0, removed: 0 });
        assert_eq!(engine.stats().version, before);
    }
}

#[tokio::test]
async fn a_store_of_a_seed_can_have_the_id_that_it_had_before_it_was_deleted() {
    let (engines, _folder) = engines();
    for engine in &engines {
        let engine = &**engine;
        for _ in 0..2 {
            create(engine, &new("seed", 1), &[("a", "1")]).await;
            assert_eq!(version(engine, 1).await, 1);
            stores::delete(engine, &arn(1), &etag::control_plane(1), 2).await.unwrap();
            assert_eq!(stores::describe_pairs(engine, &arn(1)).await.unwrap().0, PairsHead::Deleted);
        }
    }
}

//! The view on both engines: what it shows is what the engine holds, whatever happens to a store.

mod failures;
mod model;
mod races;
mod staged;

use std::sync::Arc;

use keyfront_domain::arn::KeyValueStoreArn;
use keyfront_domain::pairs::StorePairs;
use keyfront_domain::pairs::Update;
use keyfront_domain::{AccountId, Quotas, etag};
use keyfront_engine::MemoryEngine;
use keyfront_engine_redb::RedbEngine;
use keyfront_store::records::TagsRecord;
use keyfront_store::stores::{self, NewKeyValueStore, PairsHead, WriteOutcome};
use keyfront_store::{Batch, Engine, Version, saved_states};
use keyfront_view::Pairs;
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

fn new(id: u128) -> NewKeyValueStore {
    NewKeyValueStore {
        account: ACCOUNT,
        id: Uuid::from_u128(id),
        name: format!("store-{id}"),
        comment: None,
        tags: TagsRecord::default(),
        import: None,
        held: false,
        now_ms: 1,
    }
}

async fn create(engine: &dyn Engine, new: &NewKeyValueStore, pairs: &[(&str, &str)]) {
    stores::create_filled(engine, new, &text(pairs), u64::MAX).await.unwrap();
}

/// Puts and deletes pairs with the ETag of the version that is there at that moment.
async fn write(engine: &dyn Engine, id: u128, puts: &[(&str, &str)], deletes: &[&str], now_ms: i64) {
    let quotas = Quotas::default();
    let update = Update::new(puts.iter().copied(), deletes.iter().copied(), &quotas).unwrap();
    loop {
        let PairsHead::Found(head) = stores::describe_pairs(engine, &arn(id)).await.unwrap().0 else {
            panic!("the store is not there")
        };
        let if_match = etag::data_plane(head.version);
        let outcome =
            stores::write_pairs(engine, &arn(id), &if_match, &update, None, &quotas, now_ms).await.unwrap();
        match outcome {
            WriteOutcome::Written(_) => return,
            WriteOutcome::Stale => {}
            other @ (WriteOutcome::NoSuchKey
            | WriteOutcome::QuotaExceeded(_)
            | WriteOutcome::Unwritable(_)) => panic!("{other:?}"),
        }
    }
}

async fn delete(engine: &dyn Engine, id: u128) {
    stores::delete(engine, &arn(id), &etag::control_plane(1), 9).await.unwrap();
}

/// Waits until the view reflects every write that was answered.
async fn catch_up(view: &Pairs, engine: &dyn Engine) {
    view.reached(engine.stats().version).await;
}

/// The pairs that a view shows.
fn pairs(shown: Option<Arc<StorePairs>>) -> Vec<(String, String)> {
    let shown = shown.expect("nothing is shown");
    shown.iter_from("").map(|(key, value)| (key.to_owned(), value.to_owned())).collect()
}

fn text(pairs: &[(&str, &str)]) -> Vec<(String, String)> {
    pairs.iter().map(|(key, value)| ((*key).to_owned(), (*value).to_owned())).collect()
}

#[tokio::test]
async fn a_store_is_loaded_when_it_is_asked_for_and_followed_from_then_on() {
    let (engines, _folder) = engines();
    for engine in engines {
        let view = Pairs::follow(Arc::clone(&engine), None);
        create(&*engine, &new(1), &[("a", "1")]).await;
        create(&*engine, &new(2), &[("a", "other")]).await;
        catch_up(&view, &*engine).await;
        assert!(view.get(&arn(1)).is_none());
        assert_eq!(pairs(view.load(&arn(1)).await.unwrap()), text(&[("a", "1")]));
        assert!(view.get(&arn(2)).is_none());

        write(&*engine, 1, &[("b", "2")], &["a"], 7).await;
        catch_up(&view, &*engine).await;
        let image = view.get(&arn(1)).unwrap();
        assert_eq!((image.created_ms(), image.modified_ms(), image.len()), (1, 7, 1));
        assert_eq!(pairs(Some(image)), text(&[("b", "2")]));
        assert_eq!(view.version(), engine.stats().version);
    }
}

#[tokio::test]
async fn pairs_stay_what_they_are_while_the_view_goes_on() {
    let (engines, _folder) = engines();
    for engine in engines {
        create(&*engine, &new(1), &[("a", "1")]).await;
        let view = Pairs::follow(Arc::clone(&engine), None);
        let image = view.load(&arn(1)).await.unwrap();
        write(&*engine, 1, &[("a", "2")], &[], 2).await;
        catch_up(&view, &*engine).await;
        assert_eq!(pairs(image), text(&[("a", "1")]));
    }
}

#[tokio::test]
async fn a_store_that_provisions_is_followed_and_shown_when_its_import_ends() {
    let (engines, _folder) = engines();
    for engine in engines {
        let view = Pairs::follow(Arc::clone(&engine), None);
        for id in [1, 2] {
            create(&*engine, &NewKeyValueStore { held: true, ..new(id) }, &[]).await;
            assert!(view.load(&arn(id)).await.unwrap().is_none());
        }
        let imported = [("a".to_owned(), "1".to_owned()), ("b".to_owned(), "2".to_owned())];
        stores::finish_import(&*engine, &arn(1), Ok(&imported), 3).await.unwrap();
        stores::finish_import(&*engine, &arn(2), Err("no such object"), 3).await.unwrap();
        catch_up(&view, &*engine).await;
        assert_eq!(pairs(view.get(&arn(1))), text(&[("a", "1"), ("b", "2")]));
        assert!(view.get(&arn(2)).is_none());
    }
}

#[tokio::test]
async fn a_deleted_store_is_gone_and_one_that_takes_its_id_is_loaded_anew() {
    let (engines, _folder) = engines();
    for engine in engines {
        let view = Pairs::follow(Arc::clone(&engine), None);
        create(&*engine, &new(1), &[("a", "1")]).await;
        view.load(&arn(1)).await.unwrap().unwrap();
        delete(&*engine, 1).await;
        catch_up(&view, &*engine).await;
        assert!(view.get(&arn(1)).is_none());
        assert!(view.load(&arn(1)).await.unwrap().is_none());
        create(&*engine, &new(1), &[("b", "2")]).await;
        assert_eq!(pairs(view.load(&arn(1)).await.unwrap()), text(&[("b", "2")]));
    }
}

#[tokio::test]
async fn a_restore_changes_every_loaded_store_at_once() {
    let (engines, _folder) = engines();
    for engine in engines {
        let view = Pairs::follow(Arc::clone(&engine), None);
        create(&*engine, &new(1), &[("a", "1"), ("b", "2"), ("c", "3")]).await;
        create(&*engine, &new(2), &[("a", "1")]).await;
        let image = saved_states::take(&*engine).await.unwrap();
        create(&*engine, &new(3), &[("a", "1")]).await;
        write(&*engine, 1, &[("a", "9"), ("d", "4"), ("e", "5"), ("f", "6")], &["c"], 5).await;
        for id in [1, 2, 3] {
            view.load(&arn(id)).await.unwrap().unwrap();
        }
        saved_states::restore(&*engine, &image).await.unwrap();
        catch_up(&view, &*engine).await;
        assert_eq!(pairs(view.get(&arn(1))), text(&[("a", "1"), ("b", "2"), ("c", "3")]));
        assert_eq!(pairs(view.get(&arn(2))), text(&[("a", "1")]));
        assert!(view.get(&arn(3)).is_none());

        saved_states::restore(&*engine, &saved_states::SavedEntries::empty()).await.unwrap();
        catch_up(&view, &*engine).await;
        assert!(view.get(&arn(1)).is_none());
        assert!(view.get(&arn(2)).is_none());
        saved_states::restore(&*engine, &image).await.unwrap();
        assert_eq!(pairs(view.load(&arn(2)).await.unwrap()), text(&[("a", "1")]));
    }
}

#[tokio::test]
async fn a_batch_too_large_for_a_thread_that_serves_is_applied_all_the_same() {
    let (engines, _folder) = engines();
    for engine in engines {
        let view = Pairs::follow(Arc::clone(&engine), None);
        create(&*engine, &NewKeyValueStore { held: true, ..new(1) }, &[]).await;
        assert!(view.load(&arn(1)).await.unwrap().is_none());
        let imported: Vec<_> = (0..5_000).map(|key| (format!("{key:04}"), "value".to_owned())).collect();
        stores::finish_import(&*engine, &arn(1), Ok(&imported), 3).await.unwrap();
        catch_up(&view, &*engine).await;
        assert_eq!(pairs(view.get(&arn(1))), imported);
    }
}

#[tokio::test]
async fn a_store_that_is_forgotten_costs_nothing_and_can_be_loaded_again() {
    let (engines, _folder) = engines();
    for engine in engines {
        let view = Pairs::follow(Arc::clone(&engine), None);
        create(&*engine, &new(1), &[("a", "1")]).await;
        create(&*engine, &new(2), &[("a", "1")]).await;
        let image = Arc::downgrade(&view.load(&arn(1)).await.unwrap().unwrap());
        view.forget(&arn(1)).await;
        view.load(&arn(2)).await.unwrap().unwrap();
        assert!(view.get(&arn(1)).is_none());
        assert!(image.upgrade().is_none());
        assert_eq!(pairs(view.load(&arn(1)).await.unwrap()), text(&[("a", "1")]));
    }
}

#[tokio::test]
async fn the_last_view_that_is_dropped_lets_go_of_the_engine() {
    let engine: Arc<dyn Engine> = Arc::new(MemoryEngine::new());
    let watched = Arc::downgrade(&engine);
    let view = Pairs::follow(engine, None);
    view.clone().load(&arn(1)).await.unwrap();
    assert!(watched.upgrade().is_some());
    drop(view);
    while watched.strong_count() > 0 {
        tokio::task::yield_now().await;
    }
}

#[tokio::test]
async fn waiting_for_a_version_ends_when_the_view_gets_there() {
    let engine: Arc<dyn Engine> = Arc::new(MemoryEngine::new());
    let view = Pairs::follow(Arc::clone(&engine), None);
    let waits = tokio::spawn({
        let view = view.clone();
        async move {
            view.reached(Version(2)).await;
            view.version()
        }
    });
    engine.commit(Batch::default().put("x", "1")).await.unwrap();
    view.reached(Version(1)).await;
    assert!(!waits.is_finished());
    engine.commit(Batch::default().put("x", "2")).await.unwrap();
    assert_eq!(waits.await.unwrap(), Version(2));
}

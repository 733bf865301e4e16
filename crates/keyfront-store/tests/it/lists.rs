//! Pages of lists: nothing is dropped and nothing comes twice, whatever is written meanwhile.

use std::collections::BTreeSet;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

use keyfront_domain::AccountId;
use keyfront_domain::arn::{Arn, ResourceKind};
use keyfront_engine::MemoryEngine;
use keyfront_store::list::{PageRequest, UnknownMarker};
use keyfront_store::records::{ResourceRecord, TagsRecord};
use keyfront_store::resources::{self, Content, NewResource};
use keyfront_store::saved_states::{self, SavedEntries};
use keyfront_store::{Engine, counts, transact};
use proptest::prelude::*;
use tokio::task::JoinSet;

use crate::interposed::Interposed;
use crate::outcome::outcome;

const ACCOUNT: AccountId = AccountId::DEVELOPMENT;
const KIND: ResourceKind = ResourceKind::CACHE_POLICY;

async fn create(engine: &dyn Engine, id: &str, now_ms: i64) {
    let tags = TagsRecord::default();
    let new = &NewResource { content: Content::default(), tags, version: 0, limit: u64::MAX, now_ms };
    let arn = &Arn::new(ACCOUNT, KIND, id);
    transact(engine, |tx| async move { resources::create(&tx, arn, new).await }).await.unwrap();
}

async fn delete(engine: &dyn Engine, id: &str) {
    let arn = &Arn::new(ACCOUNT, KIND, id);
    transact(engine, |tx| async move { resources::delete(&tx, arn, None, 9).await }).await.unwrap();
}

/// All pages one after the other, as a client asks for them; nothing when a marker was not known.
async fn walk(engine: &dyn Engine, max_items: usize) -> Option<Vec<String>> {
    let mut ids: Vec<String> = Vec::new();
    loop {
        let after = ids.last().map(String::as_str);
        let page = resources::list(engine, ACCOUNT, KIND, PageRequest::new(after, max_items)).await;
        let page = match outcome(page) {
            Ok(page) => page,
            Err(UnknownMarker) => return None,
        };
        assert!(page.items.len() <= max_items && (!page.more || page.items.len() == max_items));
        ids.extend(page.items.into_iter().map(|record| record.id));
        if !page.more {
            return Some(ids);
        }
    }
}

/// Ids that are listed twice.
fn twice(ids: &[String]) -> Vec<&String> {
    let mut seen = BTreeSet::new();
    ids.iter().filter(|id| !seen.insert(*id)).collect()
}

/// Between the index and the records a restore puts others in the place of all that was found.
#[tokio::test]
async fn a_restore_between_index_and_records_shows_what_is_there_then() {
    let engine = Interposed::new();
    for (index, id) in (0..).zip(["a", "b", "c"]) {
        create(&engine, id, index).await;
    }
    let image = saved_states::take(&engine).await.unwrap();
    for id in ["a", "b", "c"] {
        delete(&engine, id).await;
    }
    for (index, id) in (10..).zip(["d", "e", "f", "g"]) {
        create(&engine, id, index).await;
    }
    engine.between_reads(|engine| async move {
        saved_states::restore(&*engine, &image).await.unwrap();
    });
    assert_eq!(walk(&engine, 2).await.unwrap(), ["a", "b", "c"]);
}

#[tokio::test]
async fn a_filter_takes_no_place_on_a_page() {
    let engine = MemoryEngine::new();
    for index in 0..20 {
        create(&engine, &format!("{}{index:02}", if index % 5 == 0 { "x" } else { "y" }), index).await;
    }
    let filter = |record: &ResourceRecord| record.id.starts_with('x');
    let page = |after, max_items| {
        let request = PageRequest { filter: &filter, ..PageRequest::new(after, max_items) };
        let engine = &engine;
        async move {
            let page = resources::list(engine, ACCOUNT, KIND, request).await.unwrap();
            let ids: Vec<_> = page.items.into_iter().map(|record| record.id).collect();
            (ids.join(" "), page.more)
        }
    };
    for (after, max_items, expected) in [
        (None, 2, ("x00 x05", true)),
        (Some("x05"), 2, ("x10 x15", false)),
        (Some("y07"), 1, ("x10", true)),
        (Some("y19"), 1, ("", false)),
        (None, 4, ("x00 x05 x10 x15", false)),
    ] {
        let (ids, more) = page(after, max_items).await;
        assert_eq!((ids.as_str(), more), expected, "{after:?} {max_items}");
    }
}

#[tokio::test]
async fn what_is_built_in_comes_first_and_pages_go_on_from_it() {
    let engine = MemoryEngine::new();
    for (index, id) in (0..).zip(["c1", "c2", "c3"]) {
        create(&engine, id, index).await;
    }
    let template = resources::find(&engine, &Arn::new(ACCOUNT, KIND, "c1")).await.unwrap().unwrap();
    let built_in = ["m1", "m2"].map(|id| ResourceRecord { id: id.to_owned(), ..template.clone() });
    for (after, max_items, expected, more) in [
        (None, 1, "m1", true),
        (None, 2, "m1 m2", true),
        (Some("m1"), 2, "m2 c1", true),
        (Some("m2"), 3, "c1 c2 c3", false),
        (Some("m2"), 2, "c1 c2", true),
        (Some("c2"), 2, "c3", false),
        (None, 9, "m1 m2 c1 c2 c3", false),
    ] {
        let request = PageRequest::new(after, max_items);
        let page = resources::list_with_built_in(&engine, ACCOUNT, KIND, &built_in, request).await.unwrap();
        let ids: Vec<_> = page.items.into_iter().map(|record| record.id).collect();
        assert_eq!((ids.join(" ").as_str(), page.more), (expected, more), "{after:?} {max_items}");
    }
    let unknown = PageRequest::new(Some("c9"), 9);
    let refused = resources::list_with_built_in(&engine, ACCOUNT, KIND, &built_in, unknown).await;
    assert_eq!(outcome(refused).unwrap_err(), UnknownMarker);
}

/// Resources that stay all the time are listed exactly once on every walk, while two tasks create and delete
/// others between them and one puts back a state with others again.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_walk_shows_all_that_stays_once_while_others_create_delete_and_restore() {
    let engine = Arc::new(MemoryEngine::new());
    let stays: Vec<_> = (0..30).map(|index| format!("stay{index:02}")).collect();
    for (index, id) in (0..).zip(&stays) {
        create(&*engine, id, index * 10).await;
    }
    create(&*engine, "comes-back", 155).await;
    let image = saved_states::take(&*engine).await.unwrap();
    let stop = Arc::new(AtomicBool::new(false));
    let mut writers = JoinSet::new();
    for task in 0..2 {
        let (engine, stop) = (Arc::clone(&engine), Arc::clone(&stop));
        writers.spawn(async move { churn(&*engine, task, &stop).await });
    }
    let (restorer, stopped) = (Arc::clone(&engine), Arc::clone(&stop));
    writers.spawn(async move { restore(&*restorer, &image, &stopped).await });
    let mut walks = 0;
    while walks < 60 {
        // A restore can forget the marker of a page; then the client begins again.
        let Some(ids) = walk(&*engine, 1 + walks % 7).await else { continue };
        walks += 1;
        let shown: Vec<_> = ids.iter().filter(|id| id.starts_with("stay")).cloned().collect();
        assert_eq!(shown, stays);
        assert_eq!(twice(&ids), Vec::<&String>::new());
    }
    stop.store(true, Ordering::SeqCst);
    writers.join_all().await;
    let count = counts::of(&*engine, ACCOUNT, KIND).await.unwrap();
    assert_eq!(walk(&*engine, 100).await.unwrap().len(), usize::try_from(count).unwrap());
}

async fn churn(engine: &dyn Engine, task: i64, stop: &AtomicBool) {
    for round in 0.. {
        if stop.load(Ordering::SeqCst) {
            return;
        }
        let id = &format!("goes{task}-{round}");
        create(engine, id, (round * 7) % 300 + task).await;
        // A restore may have deleted it already.
        let arn = &Arn::new(ACCOUNT, KIND, id.as_str());
        let deleted = transact(engine, |tx| async move { resources::delete(&tx, arn, None, 9).await });
        drop(outcome(deleted.await));
        tokio::task::yield_now().await;
    }
}

async fn restore(engine: &dyn Engine, image: &SavedEntries, stop: &AtomicBool) {
    while !stop.load(Ordering::SeqCst) {
        let gone = &Arn::new(ACCOUNT, KIND, "comes-back");
        let deleted = transact(engine, |tx| async move { resources::delete(&tx, gone, None, 9).await });
        drop(outcome(deleted.await));
        tokio::task::yield_now().await;
        saved_states::restore(engine, image).await.unwrap();
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(64))]

    /// A list is the model's, whatever order of creations and deletions led there, in pages of any size.
    #[test]
    fn pages_together_are_the_whole_list(steps in prop::collection::vec((0..20_u8, any::<bool>()), 1..40), size in 1..9_usize) {
        let runtime = tokio::runtime::Builder::new_current_thread().build().unwrap();
        runtime.block_on(async {
            let engine = MemoryEngine::new();
            let mut model: Vec<String> = Vec::new();
            for (moment, (number, deletes)) in (0..).zip(steps) {
                if deletes && !model.is_empty() {
                    let index = usize::from(number) % model.len();
                    delete(&engine, &model.remove(index)).await;
                } else {
                    let id = format!("r{number}-{moment}");
                    create(&engine, &id, moment).await;
                    model.push(id);
                }
            }
            assert_eq!(walk(&engine, size).await.unwrap(), model);
        });
    }
}

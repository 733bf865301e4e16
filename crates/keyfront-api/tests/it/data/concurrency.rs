//! Several clients at once, on both engines.

use std::collections::BTreeMap;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;

use keyfront_api::Settings;
use keyfront_domain::Quotas;
use keyfront_engine::MemoryEngine;
use keyfront_engine_redb::RedbEngine;
use keyfront_store::Engine;
use tokio::sync::Barrier;
use tokio::task::JoinSet;
use tokio::time::timeout;

use super::{STALE, put};
use crate::fixture::{Store, World};

const WRITERS: usize = 16;
const PAIRS_EACH: usize = 3;

/// Far more than anything here takes.
const DEADLINE: Duration = Duration::from_mins(2);

/// A world over each engine, and the folder that must live as long.
fn worlds() -> Vec<(Arc<World>, Option<tempfile::TempDir>)> {
    let folder = tempfile::tempdir().unwrap();
    let embedded = RedbEngine::open(folder.path(), keyfront_engine_redb::Settings::default()).unwrap();
    let over =
        |engine: Arc<dyn Engine>| Arc::new(World::over(engine, Quotas::default(), Settings::default()));
    vec![(over(Arc::new(MemoryEngine::new())), None), (over(Arc::new(embedded)), Some(folder))]
}

/// Puts a pair as every client does: the current ETag, and again when it was stale.
async fn put_with_retries(world: &World, store: &Store, key: &str, value: &str) -> usize {
    let mut refused = 0;
    loop {
        let etag = world.etag(store).await;
        let answer = put(world, store, key, value).if_match(&etag).send().await;
        if answer.status == 200 {
            return refused;
        }
        assert_eq!(answer.refusal(), STALE);
        refused += 1;
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn sixteen_writers_that_try_again_lose_nothing() {
    for (world, _folder) in worlds() {
        let store = world.store("routes").await;
        let start = Arc::new(Barrier::new(WRITERS));
        let mut writers = JoinSet::new();
        for writer in 0..WRITERS {
            let (world, store, start) = (Arc::clone(&world), store.clone(), Arc::clone(&start));
            writers.spawn(async move {
                start.wait().await;
                for n in 0..PAIRS_EACH {
                    put_with_retries(&world, &store, &format!("w{writer:02}-{n}"), &format!("{writer}"))
                        .await;
                }
            });
        }
        timeout(DEADLINE, writers.join_all()).await.unwrap();
        let expected: BTreeMap<String, String> = (0..WRITERS)
            .flat_map(|writer| {
                (0..PAIRS_EACH).map(move |n| (format!("w{writer:02}-{n}"), format!("{writer}")))
            })
            .collect();
        assert_eq!(BTreeMap::from_iter(world.pairs(&store).await), expected);
        let described = world.data("GET", store.data_path()).send().await;
        assert_eq!(described.json()["ItemCount"].as_u64(), Some(48));
        let size: usize = expected.iter().map(|(key, value)| key.len() + value.len()).sum();
        let size = u64::try_from(size).unwrap();
        assert_eq!(described.json()["TotalSizeInBytes"].as_u64(), Some(size));
        // Every one of the 48 effective writes was one version.
        assert_eq!(described.header("etag"), keyfront_domain::etag::data_plane(49));
    }
}

/// A writer adds and deletes keys between the others all the while a reader pages.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn pages_neither_skip_nor_repeat_while_others_write() {
    for (world, _folder) in worlds() {
        let store = world.store("routes").await;
        let steady: Vec<String> = (0..40).map(|n| format!("k{n:02}")).collect();
        world.put(&store, &steady.iter().map(|key| (key.as_str(), "v")).collect::<Vec<_>>()).await;
        let stop = Arc::new(AtomicBool::new(false));
        let writer = {
            let (world, store, stop) = (Arc::clone(&world), store.clone(), Arc::clone(&stop));
            tokio::spawn(async move {
                for n in (0..40).cycle() {
                    if stop.load(Ordering::Relaxed) {
                        return;
                    }
                    let key = format!("k{n:02}+");
                    put_with_retries(&world, &store, &key, "v").await;
                    let etag = world.etag(&store).await;
                    let deleted = world.data("DELETE", store.key_path(&key)).if_match(&etag).send().await;
                    assert_eq!(deleted.status, 200, "{deleted}");
                }
            })
        };
        for _ in 0..5 {
            let (mut seen, mut token) = (Vec::new(), String::new());
            loop {
                let path = format!("{}/keys?MaxResults=3&NextToken={token}", store.data_path());
                let page = timeout(DEADLINE, world.data("GET", path).send()).await.unwrap().json();
                let items = page["Items"].as_array().unwrap().iter();
                seen.extend(items.map(|item| item["Key"].as_str().unwrap().to_owned()));
                match page["NextToken"].as_str() {
                    Some(next) => next.clone_into(&mut token),
                    None => break,
                }
            }
            assert!(seen.is_sorted_by(|one, next| one < next), "{seen:?}");
            seen.retain(|key| !key.ends_with('+'));
            assert_eq!(seen, steady);
        }
        stop.store(true, Ordering::Relaxed);
        timeout(DEADLINE, writer).await.unwrap().unwrap();
    }
}

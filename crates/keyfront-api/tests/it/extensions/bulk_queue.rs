//! Operations on whole stores are made one after the other, and hold up nothing else.

use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};

use async_trait::async_trait;
use keyfront_api::Settings;
use keyfront_domain::Quotas;
use keyfront_engine::MemoryEngine;
use keyfront_store::{Batch, Changes, Engine, Limits, Outcome, Range, Snapshot, Stats, StoreError, Version};
use tokio::sync::Semaphore;
use tokio::task::JoinSet;

use super::{at_once, read};
use crate::fixture::World;

/// One whose turn it is, and four that wait.
const READERS: usize = 5;

/// An engine whose reads of whole stores wait until they may go on.
struct Waiting {
    engine: MemoryEngine,
    begun: Semaphore,
    may_end: Semaphore,
    at_once: AtomicUsize,
    most_at_once: AtomicUsize,
}

impl Default for Waiting {
    fn default() -> Waiting {
        Waiting {
            engine: MemoryEngine::new(),
            begun: Semaphore::new(0),
            may_end: Semaphore::new(0),
            at_once: AtomicUsize::default(),
            most_at_once: AtomicUsize::default(),
        }
    }
}

#[async_trait]
impl Engine for Waiting {
    async fn read(&self, ranges: &[Range]) -> Result<Snapshot, StoreError> {
        if ranges.iter().any(|range| range.limit == usize::MAX) {
            let now = self.at_once.fetch_add(1, Ordering::SeqCst) + 1;
            self.most_at_once.fetch_max(now, Ordering::SeqCst);
            self.begun.add_permits(1);
            self.may_end.acquire().await.unwrap().forget();
            self.at_once.fetch_sub(1, Ordering::SeqCst);
        }
        self.engine.read(ranges).await
    }

    async fn commit(&self, batch: Batch) -> Result<Outcome, StoreError> {
        self.engine.commit(batch).await
    }

    async fn watch(&self, after: Version) -> Result<Changes, StoreError> {
        self.engine.watch(after).await
    }

    fn limits(&self) -> Limits {
        self.engine.limits()
    }

    fn stats(&self) -> Stats {
        self.engine.stats()
    }
}

#[tokio::test]
async fn one_whole_store_is_read_at_a_time_few_wait_and_the_data_plane_does_not() {
    let engine = Arc::new(Waiting::default());
    let world = Arc::new(World::over(engine.clone(), Quotas::default(), Settings::default()));
    let store = world.store("routes").await;
    world.put(&store, &[("a", "1")]).await;
    let mut readers = JoinSet::new();
    for _ in 0..READERS {
        let (world, store) = (Arc::clone(&world), store.clone());
        readers.spawn(async move { read(&world, &store).send().await.status });
    }
    engine.begun.acquire().await.unwrap().forget();
    // Refused at once as soon as the others stand in line.
    let refused = loop {
        tokio::task::yield_now().await;
        if let Some(refused) = at_once(read(&world, &store).send()).await {
            break refused;
        }
    };
    assert_eq!(refused.refusal(), "400 ThrottlingException: Rate exceeded");
    engine.begun.add_permits(1);
    for _ in 0..READERS {
        engine.begun.acquire().await.unwrap().forget();
        assert_eq!(world.data("GET", store.key_path("a")).send().await.status, 200);
        engine.may_end.add_permits(1);
    }
    assert_eq!(readers.join_all().await, [200; READERS]);
    assert_eq!(engine.most_at_once.load(Ordering::SeqCst), 1);
}

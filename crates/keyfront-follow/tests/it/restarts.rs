//! Servers that are started again, and stores that are put back from a backup.

use std::sync::Arc;

use keyfront_engine::MemoryEngine;
use keyfront_follow::frame::Reason;
use keyfront_store::{Batch, Engine, Range, Version, replication};
use uuid::Uuid;

use crate::fixture::{Edge, Sender, put, store};

/// Another engine that holds what this one holds, at the same version: a backup that is put back.
async fn copy(engine: &dyn Engine) -> Arc<dyn Engine> {
    let snapshot = engine.read(&[Range::new("", "")]).await.unwrap();
    let copy = MemoryEngine::new();
    // The copy of an engine keeps its version; a memory engine gets there by counting.
    for _ in 1..snapshot.version.0 {
        copy.commit(Batch::default().delete("nothing")).await.unwrap();
    }
    let entries = snapshot.ranges.into_iter().flatten();
    let batch = entries.fold(Batch::default(), |batch, entry| batch.put(entry.key, entry.value));
    copy.commit(batch).await.unwrap();
    assert_eq!(copy.stats().version, snapshot.version);
    Arc::new(copy)
}

#[tokio::test]
async fn a_server_that_is_started_again_is_followed_without_an_image() {
    let (store, mut edge) = (store(), Edge::new().await);
    let version = put(&*store, "a", "1").await;
    edge.follow(&Sender::of_store(&store), version).await;
    replication::begin_timeline(&*store, Uuid::from_u128(2)).await.unwrap();
    let version = put(&*store, "a", "2").await;
    assert_eq!(edge.follow(&Sender::of_store(&store), version).await.images, []);
    edge.assert_shows(&*store).await;
}

#[tokio::test]
async fn a_store_from_a_backup_is_followed_with_an_image_though_its_versions_are_known() {
    let (store, mut edge) = (store(), Edge::new().await);
    let version = put(&*store, "a", "1").await;
    let sender = Sender::of_store(&store);
    edge.follow(&sender, version).await;
    let backup = copy(&*store).await;
    for value in ["lost", "lost too", "and this"] {
        let version = put(&*store, "a", value).await;
        edge.follow(&sender, version).await;
    }
    replication::begin_timeline(&*backup, Uuid::from_u128(2)).await.unwrap();
    put(&*backup, "b", "2").await;
    let version = put(&*backup, "c", "3").await;
    let restored = Sender::of_store(&backup);
    let link = edge.follow_anew(&restored, Uuid::from_u128(2), version).await;
    assert_eq!(link.images, [Reason::First]);
    edge.assert_shows(&*backup).await;
}

#[tokio::test]
async fn a_store_that_was_never_followed_gets_no_timeline_at_a_start() {
    let store = store();
    put(&*store, "a", "1").await;
    replication::begin_timeline(&*store, Uuid::from_u128(2)).await.unwrap();
    assert_eq!(store.stats().version, Version(1));
    let first = replication::timelines(&*store, Uuid::from_u128(3)).await.unwrap();
    assert_eq!(replication::timelines(&*store, Uuid::from_u128(4)).await.unwrap(), first);
    replication::begin_timeline(&*store, Uuid::from_u128(5)).await.unwrap();
    let ids: Vec<_> = replication::timelines(&*store, Uuid::from_u128(6))
        .await
        .unwrap()
        .0
        .into_iter()
        .map(|one| one.id)
        .collect();
    assert_eq!(ids, [3, 5].map(Uuid::from_u128));
}

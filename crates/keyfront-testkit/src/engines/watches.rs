//! Watches: committed batches in order, without gaps, or the word that one must read afresh.

use std::sync::Arc;

use keyfront_engine::{Batch, Changes, Engine, Next, Version};

use super::committed;

async fn change(changes: &mut Changes) -> (Version, usize) {
    match changes.next().await {
        Next::Change(change) => (change.version, change.writes.len()),
        other @ (Next::Lagged | Next::Closed) => panic!("{other:?} instead of a change"),
    }
}

/// A watcher sees what eight writers commit, each batch once, as it was written.
pub async fn a_watch_brings_every_batch_in_order(engine: Arc<dyn Engine>) {
    let mut changes = engine.watch(Version::NEVER).await.expect("a watch");
    let writers: Vec<_> = (0..8)
        .map(|writer: u32| {
            let engine = Arc::clone(&engine);
            tokio::spawn(async move {
                for round in 0..10_u32 {
                    let key = format!("{writer}-{round}");
                    committed(&*engine, Batch::default().put(key.clone(), "x").delete(key)).await;
                    let conflict = Batch::default().check("absent", Version(1)).put("absent", "x");
                    engine.commit(conflict).await.expect("a commit");
                }
            })
        })
        .collect();
    for number in 1..=80 {
        assert_eq!(change(&mut changes).await, (Version(number), 2));
    }
    for writer in writers {
        writer.await.expect("a writer");
    }
    assert_eq!(changes.try_next(), None, "conflicts and assertions are no changes");
}

/// A watch leaves out what its reader has seen.
pub async fn a_watch_begins_after_the_version_it_names(engine: Arc<dyn Engine>) {
    for _ in 0..3 {
        committed(&*engine, Batch::default().put("a", "x")).await;
    }
    for after in 0..3 {
        let mut changes = engine.watch(Version(after)).await.expect("a watch");
        assert_eq!(change(&mut changes).await.0, Version(after + 1));
    }
    let mut changes = engine.watch(Version(3)).await.expect("a watch");
    assert_eq!(changes.try_next(), None);
    let batch = Batch::default().put("b", "secret").delete_range("a", "b");
    committed(&*engine, batch.clone()).await;
    match changes.next().await {
        Next::Change(change) => assert_eq!((change.version, &change.writes), (Version(4), &batch.writes)),
        other @ (Next::Lagged | Next::Closed) => panic!("{other:?} instead of a change"),
    }
}

/// A version from elsewhere is no place to continue from.
pub async fn a_watch_of_a_version_not_reached_lags(engine: Arc<dyn Engine>) {
    committed(&*engine, Batch::default().put("a", "x")).await;
    let mut changes = engine.watch(Version(2)).await.expect("a watch");
    assert_eq!(changes.next().await, Next::Lagged);
    assert_eq!(changes.next().await, Next::Lagged);
}

/// An engine remembers a bounded number of bytes, less than 64 MiB, for those who are behind.
pub async fn a_watch_that_is_too_late_lags(engine: Arc<dyn Engine>) {
    let mut early = engine.watch(Version::NEVER).await.expect("a watch");
    for _ in 0..64 {
        committed(&*engine, Batch::default().put("a", vec![0; 1 << 20])).await;
    }
    assert_eq!(early.next().await, Next::Lagged);
    let mut late = engine.watch(Version(1)).await.expect("a watch");
    assert_eq!(late.next().await, Next::Lagged);
    let mut recent = engine.watch(Version(63)).await.expect("a watch");
    assert_eq!(change(&mut recent).await.0, Version(64));
}

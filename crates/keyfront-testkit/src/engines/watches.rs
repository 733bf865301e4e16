//! Watches: committed batches in order, without gaps, or the word that one must read afresh.

use std::collections::HashSet;
use std::sync::Arc;

use bytes::Bytes;
use keyfront_engine::{Batch, Changes, Engine, Next, Version, Write};

use super::{committed, largest_value};

async fn change(changes: &mut Changes) -> (Version, usize) {
    match changes.next().await {
        Next::Change(change) => (change.version, change.writes.len()),
        other @ (Next::Lagged | Next::Closed) => panic!("{other:?} instead of a change"),
    }
}

/// A watcher sees what eight writers commit, each batch once, as it was written. Batches of one version come as one change.
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
    let mut last = Version::NEVER;
    let mut seen = HashSet::new();
    while seen.len() < 80 {
        let Next::Change(change) = changes.next().await else { panic!("no change") };
        assert!(change.version > last, "{:?} after {last:?}", change.version);
        last = change.version;
        for batch in change.writes.chunks(2) {
            let [Write::Put { key: put, .. }, Write::Delete { key }] = batch else { panic!("{batch:?}") };
            assert!(put == key && seen.insert(key.clone()), "{batch:?}");
        }
    }
    for writer in writers {
        writer.await.expect("a writer");
    }
    assert_eq!(changes.try_next(), None, "conflicts and assertions are no changes");
}

/// A watch leaves out what its reader has seen.
pub async fn a_watch_begins_after_the_version_it_names(engine: Arc<dyn Engine>) {
    let mut versions = vec![Version::NEVER];
    for _ in 0..3 {
        versions.push(committed(&*engine, Batch::default().put("a", "x")).await);
    }
    for pair in versions.windows(2) {
        let [after, next] = pair else { continue };
        // What lies between two commits belongs to neither: the next one follows.
        for after in after.0..next.0 {
            let mut changes = engine.watch(Version(after)).await.expect("a watch");
            assert_eq!(change(&mut changes).await.0, *next);
        }
    }
    let last = engine.read(&[]).await.expect("a read").version;
    let mut changes = engine.watch(last).await.expect("a watch");
    assert_eq!(changes.try_next(), None);
    let batch = Batch::default().put("b", "secret").delete_range("a", "b");
    let version = committed(&*engine, batch.clone()).await;
    match changes.next().await {
        Next::Change(change) => assert_eq!((change.version, &change.writes), (version, &batch.writes)),
        other @ (Next::Lagged | Next::Closed) => panic!("{other:?} instead of a change"),
    }
}

/// A watch cannot go on from a version that this engine has not reached, such as one of another engine.
pub async fn a_watch_of_a_version_not_reached_lags(engine: Arc<dyn Engine>) {
    let version = committed(&*engine, Batch::default().put("a", "x")).await;
    let mut changes = engine.watch(version.next()).await.expect("a watch");
    assert_eq!(changes.next().await, Next::Lagged);
    assert_eq!(changes.next().await, Next::Lagged);
}

/// An engine remembers a bounded number of bytes, less than 64 MiB, for those who are behind.
pub async fn a_watch_that_is_too_late_lags(engine: Arc<dyn Engine>) {
    let mut early = engine.watch(Version::NEVER).await.expect("a watch");
    let value = Bytes::from(vec![0; largest_value(&*engine)]);
    let mut versions = Vec::new();
    while versions.len() * value.len() < 64 << 20 {
        versions.push(committed(&*engine, Batch::default().put("a", value.clone())).await);
    }
    let [first, .., last_but_one, last] = versions[..] else { panic!("too few batches") };
    assert_eq!(early.next().await, Next::Lagged);
    let mut late = engine.watch(first).await.expect("a watch");
    assert_eq!(late.next().await, Next::Lagged);
    let mut recent = engine.watch(last_but_one).await.expect("a watch");
    assert_eq!(change(&mut recent).await.0, last);
}

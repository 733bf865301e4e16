//! Group commit, on a disk that holds a flush until the test lets it go.

use std::future::ready;
use std::sync::Arc;

use super::platter::Platter;
use super::{contents, open, put, small};
use crate::Settings;
use keyfront_engine::{Batch, Engine, Outcome, Stats, Version};

/// Commits these batches while the flush of another one is held, then lets everything go.
async fn crowd(settings: Settings, batches: Vec<Batch>) -> (Vec<Outcome>, Stats) {
    let platter = Arc::new(Platter::default());
    let engine = Arc::new(open(&platter, settings).unwrap());
    platter.hold_syncs();
    let commit = |batch: Batch| {
        let engine = Arc::clone(&engine);
        tokio::spawn(async move { engine.commit(batch).await.unwrap() })
    };
    let first = commit(Batch::default().put("first", "x"));
    while !platter.is_holding_a_sync() {
        tokio::task::yield_now().await;
    }
    let waiting = u64::try_from(batches.len()).unwrap();
    let crowd: Vec<_> = batches.into_iter().map(commit).collect();
    while engine.stats().queued < waiting {
        tokio::task::yield_now().await;
    }
    assert!(crowd.iter().all(|commit| !commit.is_finished()) && !first.is_finished());
    platter.release();
    assert_eq!(first.await.unwrap(), Outcome::Committed(Version(1)));
    let mut outcomes = Vec::new();
    for commit in crowd {
        outcomes.push(commit.await.unwrap());
    }
    (outcomes, engine.stats())
}

#[tokio::test]
async fn what_arrives_during_a_flush_shares_the_next_one_within_the_limits() {
    let one_by_one = Settings { group_bytes: 1, ..small() };
    let in_fours = Settings { group_batches: 4, ..small() };
    for (settings, groups, largest_group) in [(small(), 2, 12), (in_fours, 4, 4), (one_by_one, 13, 1)] {
        let batches = (0..12).map(|i| Batch::default().put(format!("crowd-{i}"), "x")).collect();
        let (outcomes, stats) = crowd(settings, batches).await;
        let expected: Vec<_> = (2..14).map(|version| Outcome::Committed(Version(version))).collect();
        assert_eq!(outcomes, expected);
        assert_eq!((stats.commits, stats.groups, stats.largest_group), (13, groups, largest_group));
    }
}

#[tokio::test]
async fn the_checks_of_a_group_are_evaluated_one_batch_after_the_other() {
    let claim = |i| Batch::default().put(format!("mine-{i}"), "x").absent("taken").put("taken", "x");
    let (outcomes, stats) = crowd(small(), (0..8).map(claim).collect()).await;
    assert_eq!(outcomes.first(), Some(&Outcome::Committed(Version(2))));
    assert!(outcomes.iter().skip(1).all(|outcome| *outcome == Outcome::Conflict));
    assert_eq!((stats.commits, stats.conflicts, stats.groups, stats.version), (2, 7, 2, Version(2)));
}

#[tokio::test]
async fn an_engine_that_is_dropped_commits_what_it_has_accepted() {
    let platter = Arc::new(Platter::default());
    let engine = open(&platter, small()).unwrap();
    for i in 0..10 {
        // Polled once, which queues the batch, and dropped.
        tokio::select! {
            biased;
            _ = engine.commit(Batch::default().put(format!("key-{i}"), "x")) => {}
            () = ready(()) => {}
        }
    }
    drop(engine);
    let engine = open(&platter, small()).unwrap();
    assert_eq!(contents(&engine).await.unwrap().1.len(), 10);
    assert_eq!(put(&engine, "later", "x").await.unwrap(), Version(11));
}

//! Watches over several servers, and over what etcd has forgotten.

use std::time::Duration;

use keyfront_engine::{Batch, Engine, Next, Outcome, Range, Version};
use keyfront_engine_etcd::Settings;

use crate::admin::Admin;
use crate::fixture::{Cluster, open, shared, within};

async fn committed(engine: &dyn Engine, batch: Batch) -> Version {
    match engine.commit(batch).await.unwrap() {
        Outcome::Committed(version) => version,
        Outcome::Conflict => panic!("a conflict"),
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn what_one_server_commits_another_one_reads_and_watches() {
    let settings = shared();
    let (one, other) = (open(&settings), open(&settings));
    for round in 0..20 {
        let version = committed(&one, Batch::default().put("key", round.to_string())).await;
        // The version comes from elsewhere and may be ahead of the watch.
        let mut changes = other.watch(version).await.unwrap();
        let found = other.read(&[Range::key("key")]).await.unwrap();
        assert_eq!((found.version, found.version_of(0)), (version, version));
        let batch = Batch::default().delete_range("a", "k").put("b", "x").delete("absent");
        let next = committed(&one, batch.clone()).await;
        let Next::Change(change) = changes.next().await else { panic!("no change") };
        assert_eq!((change.version, &change.writes), (next, &batch.writes));
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn two_servers_that_create_the_same_name_do_not_both_succeed() {
    let settings = shared();
    let (one, other) = (open(&settings), open(&settings));
    for round in 0..50 {
        let create = |who: &'static str| {
            Batch::default().absent(format!("name-{round}")).put(format!("name-{round}"), who)
        };
        let (first, second) = tokio::join!(one.commit(create("one")), other.commit(create("other")));
        let outcomes = [first.unwrap(), second.unwrap()];
        let won = outcomes.iter().filter(|outcome| **outcome != Outcome::Conflict).count();
        assert_eq!(won, 1, "{outcomes:?}");
    }
}

/// The member of the first engine is away while the others write and compact.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_watch_whose_changes_are_compacted_lags_and_goes_on() {
    let mut cluster = Cluster::of(3);
    let all = cluster.settings("keyfront/");
    let alone = Settings { endpoints: vec![cluster.members[0].url()], ..all.clone() };
    let others = Settings { endpoints: vec![cluster.members[1].url(), cluster.members[2].url()], ..all };
    let (one, other) = (open(&alone), open(&others));
    let seen = committed(&one, Batch::default().put("a", "1")).await;
    let mut changes = one.watch(seen).await.unwrap();
    cluster.kill(0);
    for round in 0..5 {
        committed(&other, Batch::default().put("a", round.to_string())).await;
    }
    let last = committed(&other, Batch::default().put("a", "last")).await;
    Admin::of(&others.endpoints[0]).compact(last.0);
    cluster.start(0);
    assert_eq!(changes.next().await, Next::Lagged);
    // Reading afresh waits for the member.
    let mut found = None;
    for _ in 0..20 {
        found = one.read(&[Range::key("a")]).await.ok();
        if found.is_some() {
            break;
        }
    }
    let found = found.expect("a read");
    assert_eq!(found.one(0).map(|entry| &entry.value[..]), Some(&b"last"[..]));
    let mut changes = one.watch(found.version).await.unwrap();
    let next = committed(&other, Batch::default().put("a", "next")).await;
    let Next::Change(change) = changes.next().await else { panic!("no change") };
    assert_eq!(change.version, next);
}

/// A read takes its pages from one revision, whatever is written and compacted meanwhile.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_large_read_shows_one_moment_while_etcd_is_compacted() {
    let settings = shared();
    let engine = std::sync::Arc::new(open(&settings));
    let round = |round: u32| {
        // Few enough steps for one commit, and more entries than a page.
        (0..300).fold(Batch::default(), |batch, i| batch.put(format!("k{i:04}"), round.to_string()))
    };
    committed(&*engine, round(0)).await;
    let writing = std::sync::Arc::clone(&engine);
    let writer = tokio::spawn(async move {
        let admin = Admin::of(&settings.endpoints[0]);
        for number in 1..40 {
            let version = committed(&*writing, round(number)).await;
            admin.compact(version.0);
        }
    });
    while !writer.is_finished() {
        let found = engine.read(&[Range::prefix("k"), Range::key("k0299")]).await.unwrap();
        assert_eq!(found.range(0).len(), 300);
        let whole = found.range(0).iter().chain(found.range(1)).all(|entry| entry.version == found.version);
        assert!(whole, "a read showed two moments");
    }
    writer.await.unwrap();
    assert!(within(Duration::from_secs(5), || engine.stats().refusing.is_none()));
}

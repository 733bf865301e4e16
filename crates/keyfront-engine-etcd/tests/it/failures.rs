//! Members that are killed, restarted and paused under load: what was answered is true.

use std::collections::BTreeMap;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicU32, Ordering};
use std::time::Duration;

use keyfront_engine::{Batch, Engine, Next, Outcome, Range, StoreError, Version};
use keyfront_engine_etcd::{EtcdEngine, Settings};
use tokio::task::JoinHandle;

use crate::fixture::{Cluster, open, within};

/// What a writer was told of its keys.
#[derive(Default)]
struct Told {
    committed: BTreeMap<String, Version>,
    not_made: Vec<String>,
    unknown: Vec<String>,
}

struct Load {
    engine: Arc<EtcdEngine>,
    stop: Arc<AtomicBool>,
    answered: Arc<AtomicU32>,
    writers: Vec<JoinHandle<Told>>,
}

impl Load {
    fn begin(settings: &Settings, writers: u32) -> Load {
        let engine = Arc::new(open(settings));
        let (stop, answered) = (Arc::new(AtomicBool::new(false)), Arc::new(AtomicU32::new(0)));
        let write = |writer| {
            tokio::spawn(write(Arc::clone(&engine), Arc::clone(&stop), Arc::clone(&answered), writer))
        };
        let writers = (0..writers).map(write).collect();
        Load { engine, stop, answered, writers }
    }

    /// Waits until this many more commits were answered with success.
    fn goes_on(&self, commits: u32) {
        let goal = self.answered.load(Ordering::SeqCst) + commits;
        let reached = || self.answered.load(Ordering::SeqCst) >= goal;
        assert!(within(Duration::from_secs(40), reached), "no more commits are answered");
    }

    /// Ends the writers and holds what they were told against what is there. Answers how many commits were made.
    async fn check(self) -> usize {
        self.stop.store(true, Ordering::SeqCst);
        let mut told = Told::default();
        for writer in self.writers {
            let of_one = writer.await.unwrap();
            told.committed.extend(of_one.committed);
            told.not_made.extend(of_one.not_made);
            told.unknown.extend(of_one.unknown);
        }
        let found = self.engine.read(&[Range::prefix("w")]).await.unwrap();
        let there: BTreeMap<String, Version> = found
            .range(0)
            .iter()
            .map(|entry| (String::from_utf8_lossy(&entry.key).into_owned(), entry.version))
            .collect();
        for (key, version) in &told.committed {
            assert_eq!(there.get(key), Some(version), "{key} was answered with success");
        }
        for key in &told.not_made {
            assert_eq!(there.get(key), None, "{key} was answered as not made");
        }
        let accounted =
            told.committed.len() + told.unknown.iter().filter(|key| there.contains_key(*key)).count();
        assert_eq!(there.len(), accounted, "nothing is there that no writer was told of");
        println!(
            "{} made, {} not made, {} unknown",
            told.committed.len(),
            told.not_made.len(),
            told.unknown.len()
        );
        told.committed.len()
    }
}

async fn write(
    engine: Arc<EtcdEngine>,
    stop: Arc<AtomicBool>,
    answered: Arc<AtomicU32>,
    writer: u32,
) -> Told {
    let mut told = Told::default();
    let mut number = 0;
    while !stop.load(Ordering::SeqCst) {
        number += 1;
        let key = format!("w{writer}-{number:06}");
        match engine.commit(Batch::default().absent(key.clone()).put(key.clone(), vec![b'x'; 200])).await {
            Ok(Outcome::Committed(version)) => {
                answered.fetch_add(1, Ordering::SeqCst);
                told.committed.insert(key, version);
            }
            // The key is this writer's own: its own commit must have been made twice.
            Ok(Outcome::Conflict) => panic!("{key} was absent"),
            Err(StoreError::OutcomeUnknown { .. }) => told.unknown.push(key),
            Err(error) => {
                assert!(error.outcome_is_known());
                told.not_made.push(key);
                while engine.stats().refusing.is_some() && !stop.load(Ordering::SeqCst) {
                    tokio::task::yield_now().await;
                }
            }
        }
    }
    told
}

/// Each member of three is killed and started again in turn, so that the leader is among them.
#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn nothing_answered_is_lost_when_members_are_killed_in_turn() {
    let mut cluster = Cluster::of(3);
    let settings = Settings { attempt_seconds: 1, ..cluster.settings("keyfront/") };
    let other = open(&settings);
    let mut changes = other.watch(Version::NEVER).await.unwrap();
    let load = Load::begin(&settings, 8);
    load.goes_on(50);
    for member in 0..3 {
        cluster.kill(member);
        load.goes_on(50);
        cluster.start(member);
        load.goes_on(50);
    }
    let engine = Arc::clone(&load.engine);
    let made = load.check().await;
    let last = engine.read(&[]).await.unwrap().version;
    // A watch on another engine has seen each of them, in order.
    let (mut seen, mut version) = (0, Version::NEVER);
    while version < last {
        match changes.next().await {
            Next::Change(change) => {
                assert!(change.version > version);
                version = change.version;
                // Each commit has one step, and commits that came together are one change.
                seen += change.writes.len();
            }
            other @ (Next::Lagged | Next::Closed) => panic!("{other:?} instead of a change"),
        }
    }
    assert!(seen >= made, "{seen} changes of {made} commits");
}

/// A member that stands still keeps its connections, and answers nothing.
#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn a_paused_member_is_left_for_another_one() {
    let cluster = Cluster::of(3);
    let load = Load::begin(&Settings { attempt_seconds: 1, ..cluster.settings("keyfront/") }, 4);
    load.goes_on(20);
    for member in 0..3 {
        cluster.signal(member, "-STOP");
        load.goes_on(20);
        cluster.signal(member, "-CONT");
        load.goes_on(20);
    }
    load.check().await;
}

/// The only member is killed in the middle of its work, several times.
#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn nothing_answered_is_lost_when_all_of_etcd_is_killed() {
    let mut cluster = Cluster::of(1);
    let settings = Settings { attempt_seconds: 1, operation_seconds: 3, ..cluster.settings("keyfront/") };
    let load = Load::begin(&settings, 8);
    for _ in 0..4 {
        load.goes_on(50);
        cluster.kill(0);
        cluster.start(0);
    }
    load.goes_on(50);
    load.check().await;
}

//! Work that one of several servers does.

use std::time::Duration;

use keyfront_engine::{Engine, Hold};
use tokio::time::{Instant, timeout};

use crate::fixture::{Cluster, open, shared};

/// The promise of the seam.
const TAKEN_OVER: Duration = Duration::from_secs(10);

async fn taken(engine: &dyn Engine, name: &str) -> Option<Hold> {
    timeout(Duration::from_secs(2), engine.hold(name)).await.ok()
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn one_of_several_servers_holds_a_work_until_it_gives_it_back() {
    let settings = shared();
    let (one, other) = (open(&settings), open(&settings));
    let mut hold = taken(&one, "work").await.expect("nothing else holds it");
    assert!(hold.is_shared());
    assert!(taken(&other, "work").await.is_none(), "two servers hold one work");
    assert!(taken(&one, "work").await.is_none(), "it is held once, also in one server");
    assert!(taken(&other, "other work").await.is_some());
    // It is kept for longer than the lease lasts by itself.
    assert!(timeout(Duration::from_secs(6), hold.lost()).await.is_err(), "it is kept");
    assert!(taken(&other, "work").await.is_none());
    drop(hold);
    let given = timeout(TAKEN_OVER, other.hold("work")).await.expect("it was given back");
    // An engine that is closed leaves nothing held.
    drop(given);
    let given = timeout(TAKEN_OVER, other.hold("work")).await.expect("it was given back");
    drop(other);
    assert!(timeout(TAKEN_OVER, one.hold("work")).await.is_ok());
    drop(given);
}

/// A server that loses its way to etcd lets go before another one takes over.
#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn a_work_is_lost_before_another_server_has_it() {
    let mut cluster = Cluster::of(3);
    let all = cluster.settings("keyfront/");
    let mut alone = all.clone();
    // The third member is the only one that this server knows.
    alone.endpoints.drain(..2);
    let mut others = all;
    others.endpoints.truncate(2);
    let (one, other) = (open(&alone), open(&others));
    let mut hold = one.hold("work").await;
    let began = Instant::now();
    cluster.kill(2);
    let waiting = other.hold("work");
    tokio::pin!(waiting);
    tokio::select! {
        biased;
        () = hold.lost() => {}
        _taken = &mut waiting => panic!("another server has it, and this one does not know"),
    }
    let rest = TAKEN_OVER.saturating_sub(began.elapsed());
    timeout(rest, waiting).await.expect("it is taken over in time");
}

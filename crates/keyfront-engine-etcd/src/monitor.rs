//! Looks after etcd: whether it answers, and whether it has room.

use std::sync::Arc;
use std::sync::atomic::Ordering;
use std::time::Duration;

use tokio::time::{Instant, sleep};

use crate::client::Client;
use crate::failure::Failure;
use crate::proto::etcdserverpb::RangeResponse;
use crate::request;
use crate::shared::{Shared, version_of};

const INTERVAL: Duration = Duration::from_secs(1);

/// The time without an answer after which commits are refused. A cluster has a new leader in less.
const PATIENCE: Duration = Duration::from_secs(4);

/// Rounds from one look at the size to the next.
const ROUNDS_PER_STATUS: u32 = 10;

/// Looks for as long as the engine lives. While etcd has no leader, commits are refused and the server is not ready.
pub(crate) async fn watch_over(shared: Arc<Shared>) {
    let mut answered = Instant::now();
    let mut newest = 0;
    let mut full = None;
    let mut round: u32 = 0;
    loop {
        let problem = match look(&shared).await {
            Ok(head) => {
                answered = Instant::now();
                full = if round.is_multiple_of(ROUNDS_PER_STATUS) { space(&shared).await } else { full };
                moved_back(&shared, &head, &mut newest).or_else(|| full.clone())
            }
            Err(failure) if answered.elapsed() >= PATIENCE => {
                let advice = failure.advice();
                Some(format!("etcd does not answer ({}); {advice}", failure.message))
            }
            Err(_) => shared.refusing(),
        };
        let refusing = problem.is_some();
        if shared.set_refusing(problem) {
            if refusing {
                tracing::error!(problem = shared.refusing(), "writes are refused");
            } else {
                tracing::info!("writes are taken again");
            }
        }
        round = round.wrapping_add(1);
        sleep(INTERVAL).await;
    }
}

/// A linearizable read, which needs a leader and most of the members.
async fn look(shared: &Shared) -> Result<RangeResponse, Failure> {
    let head = request::keys_only(request::key(shared.keys.head()));
    shared.cluster.attempt(|client| client.range(head.clone())).await
}

/// A cluster that was put back from a backup counts on from an earlier revision, and versions would come twice.
fn moved_back(shared: &Shared, head: &RangeResponse, newest: &mut i64) -> Option<String> {
    let revision = request::revision_of_read(head);
    if revision < *newest {
        return Some(format!(
            "etcd is at revision {revision} and was at {newest} before: it was put back from a backup; restart every \
             server of Keyfront"
        ));
    }
    *newest = revision;
    shared.reach(version_of(request::written_at(head)));
    None
}

/// Notes the size of the database; says what to do when it has reached its quota.
async fn space(shared: &Shared) -> Option<String> {
    // Roles need not allow it.
    let status = shared.cluster.attempt(Client::status).await.ok()?;
    let bytes = u64::try_from(status.db_size).unwrap_or(0);
    shared.counts.disk_bytes.store(bytes, Ordering::Relaxed);
    let full = status.errors.iter().any(|error| error.contains("NOSPACE"));
    full.then(|| {
        "etcd has used up its space; compact and defragment it, or raise its --quota-backend-bytes, then run \
         `etcdctl alarm disarm`"
            .to_owned()
    })
}

//! Keeps the session of an engine alive, and ends it.

use std::sync::Arc;
use std::time::Duration;

use tokio::time::{Instant, sleep};

use crate::failure::{Failure, Kind};
use crate::hold;
use crate::session::{self, TIME_TO_LIVE};
use crate::shared::Shared;

/// Servers come and go rarely, and leave at most a slot for each commit that was under way at once.
const BETWEEN_COLLECTIONS: Duration = Duration::from_mins(10);

/// Keeps the session alive for as long as the engine lives.
pub(crate) async fn keep_alive(shared: Arc<Shared>) {
    loop {
        sleep(TIME_TO_LIVE / 6).await;
        let lease = shared.sessions.current().lease;
        let until = Instant::now() + TIME_TO_LIVE / 6;
        match shared.cluster.repeat(until, |client| client.keep(lease)).await {
            Ok(()) => {}
            Err(failure) if failure.kind == Kind::LeaseGone => {
                tracing::warn!("the session with etcd had ended; another one begins");
                if let Err(failure) = renew(&shared, lease).await {
                    tracing::warn!(problem = failure.message, "no session with etcd could be begun");
                }
            }
            Err(failure) => {
                tracing::warn!(problem = failure.message, "the session with etcd could not be kept");
            }
        }
    }
}

/// Collects the slots of sessions that have ended, on one server at a time.
pub(crate) async fn tidy(shared: Arc<Shared>) {
    loop {
        let mut hold = hold::take(Arc::clone(&shared), shared.keys.hold("upkeep")).await;
        let tidying = async {
            loop {
                let until = Instant::now() + shared.settings.operation();
                if let Err(failure) = session::collect(&shared.cluster, &shared.keys, until).await {
                    tracing::debug!(problem = failure.message, "slots of ended sessions were not collected");
                }
                sleep(BETWEEN_COLLECTIONS).await;
            }
        };
        tokio::select! {
            () = tidying => {}
            () = hold.lost() => {}
        }
    }
}

/// Ends the session, so that its slots can be collected at once.
pub(crate) async fn end(shared: &Shared) {
    let lease = shared.sessions.current().lease;
    for lease in shared.held_leases().into_iter().chain([lease]) {
        // If it fails, the lease ends by itself.
        drop(shared.cluster.attempt(|client| client.revoke(lease)).await);
    }
}

/// Begins another session in place of the one that ended.
pub(crate) async fn renew(shared: &Shared, ended: i64) -> Result<(), Failure> {
    let until = Instant::now() + shared.settings.operation();
    shared.sessions.renew(&shared.cluster, &shared.keys, until, ended).await
}

//! The task that follows an account.

use std::sync::Arc;
use std::time::Duration;

use backon::{BackoffBuilder, ExponentialBackoff, ExponentialBuilder};
use keyfront_api::Clock;
use keyfront_follow::feed::SILENCE;
use keyfront_follow::{Broken, Decoder, Follower, Frame, ReceiveError};
use tokio::time::timeout;

use super::connection::{ConnectError, Server, Servers};
use super::status::Followed;
use crate::clock::SystemClock;
use crate::config::FollowCredential;

/// The pause after a round of all servers in vain, which doubles up to the longest; with jitter, so that many edges do not
/// come back in step.
const FIRST_PAUSE: Duration = Duration::from_millis(100);
const LONGEST_PAUSE: Duration = Duration::from_secs(5);

/// Follows an account for as long as the process runs.
pub(crate) struct FollowTask {
    servers: Arc<Servers>,
    credential: FollowCredential,
    follower: Follower,
    followed: Arc<Followed>,
}

/// Why a stream ended.
#[derive(Debug, thiserror::Error)]
enum Ended {
    #[error(transparent)]
    Connect(#[from] ConnectError),
    #[error(transparent)]
    Receive(#[from] ReceiveError),
    #[error("the connection was cut: {0}")]
    Cut(#[from] hyper::Error),
    #[error("the connection was closed")]
    Closed,
    #[error("nothing was heard from it for {} s", SILENCE.as_secs())]
    Silent,
}

impl From<Broken> for Ended {
    fn from(broken: Broken) -> Ended {
        Ended::Receive(broken.into())
    }
}

impl FollowTask {
    pub(crate) fn new(servers: Arc<Servers>, credential: FollowCredential, follower: Follower) -> FollowTask {
        let status = Followed::new(follower.account(), Arc::clone(follower.freshness()));
        FollowTask { servers, credential, follower, followed: Arc::new(status) }
    }

    /// What is known of the account.
    pub(crate) fn followed(&self) -> Arc<Followed> {
        Arc::clone(&self.followed)
    }

    /// Follows, and never ends by itself. It may be dropped at any time: the replica then has whole commits.
    pub(crate) async fn run(mut self) {
        let servers = Arc::clone(&self.servers);
        let mut pauses = pauses();
        loop {
            for server in servers.iter() {
                let before = self.followed.now().connections;
                let ended = self.follow(server).await;
                let (account, url) = (self.follower.account(), &server.url);
                if self.followed.lost(url, ended.to_string()) {
                    tracing::warn!(%account, server = url, problem = %ended, "it cannot be followed now");
                } else {
                    tracing::debug!(%account, server = url, problem = %ended, "it still cannot be followed");
                }
                if self.followed.now().connections > before {
                    pauses = self::pauses();
                    break;
                }
            }
            tokio::time::sleep(pauses.next().unwrap_or(LONGEST_PAUSE)).await;
        }
    }

    async fn follow(&mut self, server: &Server) -> Ended {
        match self.receive(server).await {
            Ok(never) => never,
            Err(ended) => ended,
        }
    }

    /// Takes what a server sends until that ends.
    async fn receive(&mut self, server: &Server) -> Result<Ended, Ended> {
        let now = SystemClock.now().into();
        let position = self.follower.position();
        let mut stream = self.servers.connect(server, &self.credential, position, now).await?;
        self.follower.begin();
        let mut decoder = Decoder::default();
        let mut greeted = false;
        loop {
            let next = timeout(SILENCE, stream.next()).await.map_err(|_elapsed| Ended::Silent)?;
            let Some(piece) = next else { return Ok(Ended::Closed) };
            let frames = decoder.frames(&piece?)?;
            let greets = frames.iter().any(|frame| matches!(frame, Frame::Hello(_)));
            self.follower.receive(frames).await?;
            if greets && !greeted {
                greeted = true;
                let (account, server) = (self.follower.account(), &server.url);
                tracing::info!(%account, server, after = position.map(|position| position.version.0), "follows");
                self.followed.connected(server);
            }
        }
    }
}

fn pauses() -> ExponentialBackoff {
    ExponentialBuilder::new()
        .with_min_delay(FIRST_PAUSE)
        .with_max_delay(LONGEST_PAUSE)
        .with_jitter()
        .without_max_times()
        .build()
}

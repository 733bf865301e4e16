//! The timed window: every connection sends its requests one after the other, as fast as they are answered.
//!
//! One thread serves all connections. Were there more, waking them would be work of the server's, because
//! on the loopback device the sender does what the receiver's kernel does elsewhere.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::{Duration, Instant};

use tokio::task::JoinSet;

use crate::connection::Connection;
use crate::failure::Failure;
use crate::http2;
use crate::process::{Used, own_cpu_time};
use crate::server::Server;

/// What one connection sends.
pub(crate) struct Script {
    pub(crate) requests: Vec<Vec<u8>>,
    /// Begins again after the last request; otherwise the window ends there.
    pub(crate) endless: bool,
}

/// A connection with what it sends.
pub(crate) enum Player {
    /// HTTP/1.1: prepared bytes.
    Http1(Connection, Script),
    /// HTTP/1.1 to a server whose ETags cannot be foreseen: each request has the last answer's.
    Following(Following),
    /// Commands of Redis.
    Redis(Connection, Script),
    /// Streams of one connection of HTTP/2.
    Http2(http2::Stream),
}

impl Player {
    /// How many requests it has, and whether it begins again after the last.
    pub(crate) fn length(&self) -> (usize, bool) {
        match self {
            Self::Http1(_, script) | Self::Redis(_, script) => (script.requests.len(), script.endless),
            Self::Following(following) => (following.requests.len(), false),
            Self::Http2(stream) => (stream.requests.len(), stream.endless),
        }
    }

    /// Sends a request and waits for its answer, which must be a success.
    pub(crate) async fn ask(&mut self, number: usize) -> Result<(), Failure> {
        match self {
            Self::Http1(connection, script) => {
                connection.succeed(script.get(number)).await?;
            }
            Self::Following(following) => following.ask(number).await?,
            Self::Redis(connection, script) => connection.command(script.get(number)).await?,
            Self::Http2(stream) => stream.ask(number).await?,
        }
        Ok(())
    }
}

impl Script {
    fn get(&self, number: usize) -> &[u8] {
        self.requests.get(number).map_or(&[], Vec::as_slice)
    }
}

/// Writes to a store, each with the ETag that the one before it was answered.
pub(crate) struct Following {
    pub(crate) connection: Connection,
    /// Each with the ETag of `placeholder`.
    pub(crate) requests: Vec<Vec<u8>>,
    /// What stands in the requests in the place of the ETag.
    pub(crate) placeholder: String,
    pub(crate) etag: String,
}

impl Following {
    async fn ask(&mut self, number: usize) -> Result<(), Failure> {
        let request = self.requests.get(number).map_or(&[][..], Vec::as_slice);
        let (header, etag) = (format!("if-match: {}", self.placeholder), format!("if-match: {}", self.etag));
        let at = request.windows(header.len()).position(|window| window == header.as_bytes());
        let (before, rest) = request.split_at(at.ok_or_else(|| Failure("a write without an ETag".into()))?);
        let after = rest.get(header.len()..).unwrap_or_default();
        self.connection.succeed(&[before, etag.as_bytes(), after].concat()).await?;
        let etag = self.connection.header("etag");
        self.etag = etag.ok_or_else(|| Failure("a write was answered without an ETag".into()))?;
        Ok(())
    }
}

/// What a window showed.
pub(crate) struct Observed {
    /// What was asked.
    pub(crate) name: String,
    /// How many connections asked.
    pub(crate) connections: usize,
    /// How long.
    pub(crate) took: Duration,
    /// From sending to the end of the answer, ascending: one for each request that succeeded.
    pub(crate) latencies: Vec<Duration>,
    /// Processor time of the server in that window.
    pub(crate) server_cpu: Duration,
    /// Processor time of this program in that window.
    pub(crate) client_cpu: Duration,
}

/// Runs the scripts until the limit, or until the first of them ends.
pub(crate) async fn drive(
    name: &str,
    server: &Server,
    scripts: Vec<Script>,
    limit: Duration,
) -> Result<Observed, Failure> {
    let mut ready = Vec::with_capacity(scripts.len());
    for script in scripts {
        ready.push(Player::Http1(server.connect().await?, script));
    }
    play_all(name, &[server.pid()], ready, limit).await
}

/// Lets all players play until the limit, or until the first of them has ended. `servers` are the processes whose
/// processor time counts as the server's.
pub(crate) async fn play_all(
    name: &str,
    servers: &[u32],
    players: Vec<Player>,
    limit: Duration,
) -> Result<Observed, Failure> {
    let connections = players.len();
    let over = Arc::new(AtomicBool::new(false));
    let (before, own_before) = (Used::by(servers)?, own_cpu_time());
    let began = Instant::now();
    let mut playing = JoinSet::new();
    for player in players {
        playing.spawn(play(player, Arc::clone(&over)));
    }
    // Either the first script has ended or the time is up; both end the window.
    let first = tokio::time::timeout(limit, playing.join_next()).await;
    over.store(true, Ordering::Relaxed);
    let took = began.elapsed();
    let (after, own_after) = (Used::by(servers)?, own_cpu_time());
    let mut latencies = Vec::new();
    let mut played = match first {
        Ok(played) => played,
        Err(_time_is_up) => playing.join_next().await,
    };
    while let Some(result) = played {
        let played_out = result.map_err(|_panic| Failure("a connection ended early".into()))?;
        latencies.extend(played_out?);
        played = playing.join_next().await;
    }
    latencies.sort_unstable();
    Ok(Observed {
        name: name.to_owned(),
        connections,
        took,
        latencies,
        server_cpu: after.since(&before),
        client_cpu: own_after.saturating_sub(own_before),
    })
}

/// Sends what a player has; how long each answer took.
async fn play(mut player: Player, over: Arc<AtomicBool>) -> Result<Vec<Duration>, Failure> {
    let mut latencies = Vec::with_capacity(1 << 14);
    let (requests, endless) = player.length();
    loop {
        for number in 0..requests {
            let sent = Instant::now();
            player.ask(number).await?;
            let latency = sent.elapsed();
            if over.load(Ordering::Relaxed) {
                return Ok(latencies);
            }
            latencies.push(latency);
        }
        if !endless {
            return Ok(latencies);
        }
    }
}

impl Observed {
    pub(crate) fn per_second(&self) -> f64 {
        count(self.latencies.len()) / self.took.as_secs_f64()
    }

    /// The latency that this share of the requests does not exceed.
    pub(crate) fn percentile(&self, percent: usize) -> Duration {
        let last = self.latencies.len().saturating_sub(1);
        self.latencies.get(last * percent / 100).copied().unwrap_or_default()
    }

    /// Processor time of the server for one request.
    pub(crate) fn server_cpu_each(&self) -> Duration {
        self.server_cpu.div_f64(count(self.latencies.len().max(1)))
    }

    /// Processor time of this program for one request.
    pub(crate) fn client_cpu_each(&self) -> Duration {
        self.client_cpu.div_f64(count(self.latencies.len().max(1)))
    }
}

/// A count as a number to calculate with.
pub(crate) fn count(number: usize) -> f64 {
    f64::from(u32::try_from(number).unwrap_or(u32::MAX))
}

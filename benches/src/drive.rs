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
use crate::process;
use crate::server::Server;

/// What one connection sends.
pub(crate) struct Script {
    pub(crate) requests: Vec<Vec<u8>>,
    /// Begins again after the last request; otherwise the window ends there.
    pub(crate) endless: bool,
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
    let connections = scripts.len();
    let mut ready = Vec::with_capacity(connections);
    for script in scripts {
        ready.push((script, server.connect().await?));
    }
    let over = Arc::new(AtomicBool::new(false));
    let before = cpu_times(server)?;
    let began = Instant::now();
    let mut playing = JoinSet::new();
    for (script, connection) in ready {
        playing.spawn(play(script, connection, Arc::clone(&over)));
    }
    // Either the first script has ended or the time is up; both end the window.
    let first = tokio::time::timeout(limit, playing.join_next()).await;
    over.store(true, Ordering::Relaxed);
    let took = began.elapsed();
    let after = cpu_times(server)?;
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
        server_cpu: after.0.saturating_sub(before.0),
        client_cpu: after.1.saturating_sub(before.1),
    })
}

fn cpu_times(server: &Server) -> Result<(Duration, Duration), Failure> {
    Ok((process::cpu_time(server.pid())?, process::cpu_time(std::process::id())?))
}

/// Sends one script; how long each answer took.
async fn play(
    script: Script,
    mut connection: Connection,
    over: Arc<AtomicBool>,
) -> Result<Vec<Duration>, Failure> {
    let mut latencies = Vec::with_capacity(1 << 14);
    loop {
        for request in &script.requests {
            let sent = Instant::now();
            connection.succeed(request).await?;
            let latency = sent.elapsed();
            if over.load(Ordering::Relaxed) {
                return Ok(latencies);
            }
            latencies.push(latency);
        }
        if !script.endless {
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

//! The timed window: every connection sends its requests one after the other, as fast as they are answered.

use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Barrier, mpsc};
use std::thread;
use std::time::{Duration, Instant};

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
#[derive(Clone)]
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

/// What the connections and the clock share.
struct Window {
    start: Barrier,
    over: AtomicBool,
}

/// Runs the scripts until the limit, or until the first of them ends.
pub(crate) fn drive(
    name: &str,
    server: &Server,
    scripts: &[Script],
    limit: Duration,
) -> Result<Observed, Failure> {
    let window = Window { start: Barrier::new(scripts.len() + 1), over: AtomicBool::new(false) };
    // Opened before any thread waits for the others, so that a failure here leaves nobody waiting.
    let connections = scripts.iter().map(|_| server.connect()).collect::<Result<Vec<_>, _>>()?;
    let before = cpu_times(server)?;
    thread::scope(|scope| {
        let (ended, script_ended) = mpsc::channel();
        let threads: Vec<_> = scripts
            .iter()
            .zip(connections)
            .map(|(script, connection)| {
                let (window, ended) = (&window, ended.clone());
                scope.spawn(move || {
                    let latencies = play(script, connection, window);
                    // Nobody listens any more when the time is up.
                    ended.send(()).ok();
                    latencies
                })
            })
            .collect();
        window.start.wait();
        let began = Instant::now();
        // Either the first script has ended or the time is up; both end the window.
        script_ended.recv_timeout(limit).ok();
        window.over.store(true, Ordering::Relaxed);
        let took = began.elapsed();
        let after = cpu_times(server)?;
        let mut latencies = Vec::new();
        for thread in threads {
            let played =
                thread.join().map_err(|_panic| Failure("a connection's thread ended early".into()))?;
            latencies.extend(played?);
        }
        latencies.sort_unstable();
        Ok(Observed {
            name: name.to_owned(),
            connections: scripts.len(),
            took,
            latencies,
            server_cpu: after.0.saturating_sub(before.0),
            client_cpu: after.1.saturating_sub(before.1),
        })
    })
}

fn cpu_times(server: &Server) -> Result<(Duration, Duration), Failure> {
    Ok((process::cpu_time(server.pid())?, process::cpu_time(std::process::id())?))
}

/// Sends one script; how long each answer took.
fn play(script: &Script, mut connection: Connection, window: &Window) -> Result<Vec<Duration>, Failure> {
    let mut latencies = Vec::with_capacity(1 << 14);
    window.start.wait();
    loop {
        for request in &script.requests {
            let sent = Instant::now();
            connection.succeed(request)?;
            let latency = sent.elapsed();
            if window.over.load(Ordering::Relaxed) {
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

//! How long viewers wait at half of the load that a server can take, also while something else goes on.
//!
//! The load is open: requests come at their times, whether or not those before them are answered, and what waits for a
//! connection waits on the clock. A thread of its own keeps the times.

use std::thread;
use std::time::{Duration, Instant};

use tokio::sync::mpsc::{UnboundedReceiver, UnboundedSender, unbounded_channel};
use tokio::task::JoinSet;

use super::fixture::Fixture;
use super::site::{HOST, SLOW, send};
use super::software::Peer;
use super::viewers;
use crate::drive::{Player, count, play_all};
use crate::failure::Failure;
use crate::requests::{self, element};

/// Connections that carry the load.
const CONNECTIONS: usize = 64;
/// Paths of one invalidation.
const INVALIDATED: usize = 10_000;
/// Pauses between changes, between invalidations, and between requests for the slow function.
const CHANGES: Duration = Duration::from_millis(50);
const INVALIDATIONS: Duration = Duration::from_millis(500);
const SLOW_REQUESTS: Duration = Duration::from_millis(10);

/// Who is asked, and what goes on beside it.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Beside {
    Nothing,
    Changes,
    Invalidations,
    SlowFunction,
}

const ROWS: [(&str, Peer, Beside); 5] = [
    ("nginx, a file", Peer::Nginx, Beside::Nothing),
    ("Keyfront's edge, a hit", Peer::Keyfront, Beside::Nothing),
    ("the same, while the distribution changes twenty times a second", Peer::Keyfront, Beside::Changes),
    ("the same, while 10,000 paths are invalidated, twice a second", Peer::Keyfront, Beside::Invalidations),
    ("the same, beside 100 requests a second for a slow function", Peer::Keyfront, Beside::SlowFunction),
];

/// What one window showed.
pub(super) struct Tail {
    pub(super) name: &'static str,
    pub(super) per_second: f64,
    pub(super) p50: Duration,
    pub(super) p99: Duration,
}

/// Measures all rows once.
pub(super) async fn measure(fixture: &Fixture<'_>, window: Duration) -> Result<Vec<Tail>, Failure> {
    let mut tails = Vec::new();
    for (name, peer, beside) in ROWS {
        if fixture.server(peer).is_err() {
            continue;
        }
        let most =
            play_all(name, &[fixture.server(peer)?.pid()], players(fixture, peer).await?, window / 2).await?;
        let per_second = most.per_second() / 2.0;
        let players = players(fixture, peer).await?;
        let mut latencies = tokio::select! {
            latencies = keep_pace(players, per_second, window) => latencies?,
            Err(failure) = disturb(fixture, beside) => return Err(failure),
        };
        latencies.sort_unstable();
        let at = |percent: usize| latencies.get(latencies.len() * percent / 100).copied().unwrap_or_default();
        tails.push(Tail { name, per_second, p50: at(50), p99: at(99) });
    }
    Ok(tails)
}

async fn players(fixture: &Fixture<'_>, peer: Peer) -> Result<Vec<Player>, Failure> {
    if peer == Peer::Nginx {
        return viewers::nginx_file(fixture, CONNECTIONS).await;
    }
    viewers::hits(fixture, CONNECTIONS).await
}

/// Lets players ask at a rate; from when each request was due to the end of its answer.
async fn keep_pace(
    players: Vec<Player>,
    per_second: f64,
    window: Duration,
) -> Result<Vec<Duration>, Failure> {
    let mut asking = JoinSet::new();
    let mut senders = Vec::new();
    for player in players {
        let (sender, due) = unbounded_channel();
        senders.push(sender);
        asking.spawn(ask_when_due(player, due));
    }
    let pause = Duration::from_secs_f64(1.0 / per_second.max(1.0));
    let total = (window.as_secs_f64() * per_second).max(1.0);
    thread::spawn(move || keep_times(&senders, pause, total));
    let mut latencies = Vec::new();
    while let Some(asked) = asking.join_next().await {
        latencies.extend(asked.map_err(|_panic| Failure("a connection ended early".into()))??);
    }
    Ok(latencies)
}

/// Tells one player after the other that it is due.
fn keep_times(senders: &[UnboundedSender<Instant>], pause: Duration, total: f64) {
    let began = Instant::now();
    for (number, sender) in (0_u32..).zip(senders.iter().cycle()) {
        if f64::from(number) >= total {
            return;
        }
        let due = began + pause * number;
        thread::sleep(due.saturating_duration_since(Instant::now()));
        // How exactly this thread wakes is not the server's doing.
        if sender.send(Instant::now()).is_err() {
            return;
        }
    }
}

async fn ask_when_due(
    mut player: Player,
    mut due: UnboundedReceiver<Instant>,
) -> Result<Vec<Duration>, Failure> {
    let mut latencies = Vec::new();
    let (requests, _endless) = player.length();
    let mut numbers = (0..requests).cycle();
    while let (Some(due), Some(number)) = (due.recv().await, numbers.next()) {
        player.ask(number).await?;
        latencies.push(due.elapsed());
    }
    Ok(latencies)
}

/// Disturbs the server while the load runs. It ends when the caller drops it.
async fn disturb(fixture: &Fixture<'_>, beside: Beside) -> Result<(), Failure> {
    let server = fixture.server(Peer::Keyfront)?;
    let site = fixture.site(Peer::Keyfront)?;
    let mut connection = server.connect().await?;
    match beside {
        Beside::Nothing => std::future::pending().await,
        Beside::Changes => {
            let resource = format!("distribution/{}/config", site.distribution);
            send(&mut connection, &requests::document("GET", &resource, None, "")).await?;
            for number in 0_u64.. {
                let etag = connection.header("etag");
                let etag = etag.ok_or_else(|| Failure("a distribution without an ETag".into()))?;
                let comment = format!("<Comment>change {number}</Comment>");
                let document = site.document.replace("<Comment></Comment>", &comment);
                let document = document.replace("<Comment/>", &comment);
                send(&mut connection, &requests::document("PUT", &resource, Some(&etag), &document)).await?;
                tokio::time::sleep(CHANGES).await;
            }
            Ok(())
        }
        Beside::Invalidations => loop {
            let name = fixture.name("invalidation");
            let paths = (0..INVALIDATED).map(|number| format!("<Path>/{name}/{number}</Path>"));
            let batch = format!(
                "<Paths><Quantity>{INVALIDATED}</Quantity><Items>{}</Items></Paths><CallerReference>{name}\
                 </CallerReference>",
                paths.collect::<String>()
            );
            let resource = format!("distribution/{}/invalidation", site.distribution);
            let request = requests::document("POST", &resource, None, &element("InvalidationBatch", &batch));
            send(&mut connection, &request).await?;
            tokio::time::sleep(INVALIDATIONS).await;
        },
        Beside::SlowFunction => {
            let mut viewer = fixture.viewer(Peer::Keyfront).await?;
            let request = requests::written(&requests::get(HOST, SLOW));
            let mut times = tokio::time::interval(SLOW_REQUESTS);
            loop {
                times.tick().await;
                viewer.succeed(&request).await?;
            }
        }
    }
}

impl Tail {
    /// How many times as long as the middle one the slowest of a hundred takes.
    pub(super) fn spread(&self) -> f64 {
        self.p99.as_secs_f64() / self.p50.as_secs_f64().max(1.0 / count(1_000_000_000))
    }
}

//! How long after its acknowledgement a PutKey is visible in a function at an edge, and what edges cost.
//!
//! One server and as many edges as asked for follow it, all on this machine, each edge in a process of its own. After each
//! PutKey one of the edges, in turns, is asked until its function shows the value. Then pairs are written one after
//! the other without a question, and the processor time that the server and the edges took for it is counted.

use std::path::Path;
use std::process::Command;
use std::time::{Duration, Instant};

use crate::Fresh;
use crate::connection::Connection;
use crate::drive::count;
use crate::failure::Failure;
use crate::process::Used;
use crate::requests;
use crate::scenarios::create;
use crate::server::{Server, free_address};

/// Puts whose visibility is measured.
const MOVES: u64 = 300;
/// Puts whose cost is counted.
const CHANGES: u64 = 500;
/// The longest time until a value is visible.
const PATIENCE: Duration = Duration::from_secs(30);
/// What a function of the edges answers: the value of the pair.
const SHOWS: &str = "import cf from 'cloudfront'; const pairs = cf.kvs();\n\
    async function handler(event) { const value = await pairs.get('moving');\n\
    return { statusCode: 200, statusDescription: 'OK', body: { encoding: 'text', data: value } }; }";

/// Which numbers of edges to measure.
#[derive(clap::Args)]
pub(crate) struct PropagationArguments {
    /// Measure how soon a PutKey is visible at an edge, with these numbers of edges
    #[arg(long, value_name = "EDGES", num_args = 1..)]
    propagation: Vec<usize>,
}

impl PropagationArguments {
    pub(crate) fn wanted(&self) -> bool {
        !self.propagation.is_empty()
    }
}

/// What one number of edges showed.
struct Shown {
    edges: usize,
    /// Ascending.
    delays: Vec<Duration>,
    /// Processor time of the server for one change.
    server: Duration,
    /// Processor time of one edge for one change.
    edge: Duration,
    edge_bytes: u64,
}

/// Measures and prints a table.
pub(crate) async fn run(
    arguments: &PropagationArguments,
    binary: &Path,
    fresh: &Fresh,
) -> Result<(), Failure> {
    println!(
        "| edges | visible, p50 | p99 | slowest | server CPU a change | edge CPU a change | an edge's memory |"
    );
    println!("|---|---|---|---|---|---|---|");
    let mut all = Vec::new();
    for edges in &arguments.propagation {
        let shown = measure(binary, &fresh.folder()?, *edges).await?;
        println!("{}", shown.line());
        all.push(shown);
    }
    if let (Some(few), Some(many)) = (all.first(), all.last())
        && many.edges > few.edges
    {
        let more = count(many.edges - few.edges);
        let each = many.server.saturating_sub(few.server).div_f64(more);
        println!("one more follower costs the server {:.1} µs a change", each.as_secs_f64() * 1e6);
    }
    Ok(())
}

async fn measure(binary: &Path, folder: &Path, edges: usize) -> Result<Shown, Failure> {
    let server = Server::keyfront_with(binary, &folder.join("server"), &["--no-edge"])?;
    let mut api = server.connect().await?;
    let site = Site::new(&mut api).await?;
    let mut fleet = Vec::new();
    for number in 0..edges {
        fleet.push(start_edge(binary, &folder.join(format!("edge-{number}")), &server)?);
    }
    for edge in &fleet {
        site.until(&mut edge.connect().await?, "0").await?;
    }
    // The first one was idle for as long as it took all edges to start.
    let mut api = server.connect().await?;
    // A new store has version 1, and the first pair made it 2.
    let puts: Vec<Vec<u8>> = (2..2 + MOVES + CHANGES)
        .map(|version| {
            requests::written(&requests::put_key(&site.store, "moving", &version.to_string(), version))
        })
        .collect();
    let (moves, changes) = puts.split_at(usize::try_from(MOVES).unwrap_or(usize::MAX).min(puts.len()));
    let mut delays = Vec::new();
    for (number, put) in moves.iter().enumerate() {
        let edge = number.checked_rem(fleet.len()).and_then(|edge| fleet.get(edge));
        let edge = edge.ok_or_else(|| Failure("there are no edges".into()))?;
        let mut viewer = edge.connect().await?;
        api.succeed(put).await?;
        let acknowledged = Instant::now();
        site.until(&mut viewer, &(number + 2).to_string()).await?;
        delays.push(acknowledged.elapsed());
    }
    delays.sort_unstable();
    let pids: Vec<u32> = fleet.iter().map(Server::pid).collect();
    let before = (Used::by(&[server.pid()])?, Used::by(&pids)?);
    for put in changes {
        api.succeed(put).await?;
    }
    // What is on its way still costs something.
    tokio::time::sleep(Duration::from_secs(1)).await;
    let (of_server, of_edges) =
        (Used::by(&[server.pid()])?.since(&before.0), Used::by(&pids)?.since(&before.1));
    for edge in &fleet {
        site.until(&mut edge.connect().await?, &(1 + MOVES + CHANGES).to_string()).await?;
    }
    let made = count(changes.len());
    let resident = fleet.iter().map(Server::resident_bytes).sum::<Result<u64, _>>()?;
    Ok(Shown {
        edges,
        delays,
        server: of_server.div_f64(made),
        edge: of_edges.div_f64(made * count(edges.max(1))),
        edge_bytes: resident / u64::try_from(edges.max(1)).unwrap_or(1),
    })
}

/// A distribution whose function shows a pair.
struct Site {
    store: String,
    request: Vec<u8>,
}

impl Site {
    async fn new(api: &mut Connection) -> Result<Site, Failure> {
        let store = create(api, "moving").await?;
        api.succeed(&requests::written(&requests::put_key(&store, "moving", "0", 1))).await?;
        api.succeed(&requests::written(&requests::create_function("shows", SHOWS, &store))).await?;
        let etag = api.header("etag").ok_or_else(|| Failure("a function without an ETag".into()))?;
        api.succeed(&requests::written(&requests::publish_function("shows", &etag))).await?;
        let distribution = requests::create_distribution("site", "origin.example.com", "shows");
        let answer = api.succeed(&requests::written(&distribution)).await?;
        let answer = String::from_utf8_lossy(answer);
        let domain = answer.split_once("<DomainName>").and_then(|(_, rest)| rest.split_once("</DomainName>"));
        let (domain, _) = domain.ok_or_else(|| Failure(format!("no domain name in {answer}")))?;
        Ok(Site { store, request: requests::written(&requests::get(domain, "/")) })
    }

    /// Asks an edge until its function shows the value.
    async fn until(&self, viewer: &mut Connection, value: &str) -> Result<(), Failure> {
        let began = Instant::now();
        while began.elapsed() < PATIENCE {
            match viewer.succeed(&self.request).await {
                Ok(body) if body == value.as_bytes() => return Ok(()),
                Ok(_) => {}
                // It has no image yet.
                Err(_) => tokio::time::sleep(Duration::from_millis(20)).await,
            }
        }
        Err(Failure(format!("an edge does not show {value}")))
    }
}

fn start_edge(binary: &Path, folder: &Path, server: &Server) -> Result<Server, Failure> {
    let failed = |error| Failure::of_file("write", folder, &error);
    std::fs::create_dir_all(folder).map_err(failed)?;
    let (secret, config, data) = (folder.join("secret"), folder.join("edge.toml"), folder.join("data"));
    std::fs::write(&secret, "test").map_err(failed)?;
    let only_mine = std::os::unix::fs::PermissionsExt::from_mode(0o600);
    std::fs::set_permissions(&secret, only_mine).map_err(failed)?;
    let text = format!(
        "edge.listen = \"127.0.0.1:0\"\nadmin.listen = \"{}\"\nstore.data = \"{}\"\n\
         [follow]\nservers = [\"http://{}\"]\n[[follow.accounts]]\naccount = \"000000000000\"\n\
         access_key_id = \"test\"\nsecret_access_key_file = \"{}\"\n",
        free_address()?,
        data.display(),
        server.address,
        secret.display(),
    );
    std::fs::write(&config, text).map_err(failed)?;
    let mut command = Command::new(binary);
    command.args(["edge", "--config"]).arg(config);
    Server::announced(command)
}

impl Shown {
    fn line(&self) -> String {
        let milliseconds = |delay: Duration| format!("{:.1} ms", delay.as_secs_f64() * 1e3);
        let last = self.delays.len().saturating_sub(1);
        let at = |percent: usize| self.delays.get(last * percent / 100).copied().unwrap_or_default();
        format!(
            "| {} | {} | {} | {} | {:.0} µs | {:.0} µs | {} MB |",
            self.edges,
            milliseconds(at(50)),
            milliseconds(at(99)),
            milliseconds(at(100)),
            self.server.as_secs_f64() * 1e6,
            self.edge.as_secs_f64() * 1e6,
            self.edge_bytes / 1_000_000,
        )
    }
}

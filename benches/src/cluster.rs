//! PutKey through three servers over etcd, beside puts of the same etcd in the same minute.
//!
//! Three members and three servers run on this machine, each server beside a member of its own. Each row lets as many
//! writers put into etcd itself, and then into a store of their own each, spread over the members or the servers alike. What
//! counts is the ratio of the two. An etcd put is durable on most members, and so is a PutKey; a PutKey also has its
//! signature verified, its ETag compared, and its store's totals kept.

use std::path::{Path, PathBuf};
use std::time::Duration;

use crate::Fresh;
use crate::drive::{Observed, Player, Script, count, play_all};
use crate::etcd::{self, Members};
use crate::failure::Failure;
use crate::http2;
use crate::process::Used;
use crate::requests;
use crate::scenarios::{create, in_parallel};
use crate::server::Server;

/// Members and servers.
const NODES: usize = 3;
/// Keys that a writer writes in turn.
const KEYS: u64 = 100;
/// Length of a value, in bytes.
const VALUE_BYTES: usize = 100;
/// Puts that are signed ahead for all writers of a row together.
const PUTS: usize = 9000;
/// The longest time for one measurement with its preparation.
const PATIENCE: Duration = Duration::from_mins(2);

/// Whether to measure a cluster, and with which etcd.
#[derive(clap::Args)]
pub(crate) struct ClusterArguments {
    /// Measure PutKey through three servers over this etcd, beside its own puts
    #[arg(long, value_name = "PROGRAM")]
    cluster: Option<PathBuf>,
    /// Numbers of writers
    #[arg(long, num_args = 1.., default_values_t = [1, 3, 16, 64], requires = "cluster")]
    cluster_writers: Vec<usize>,
}

impl ClusterArguments {
    pub(crate) fn etcd(&self) -> Option<&Path> {
        self.cluster.as_deref()
    }
}

struct Cluster {
    members: Members,
    servers: Vec<Server>,
}

/// One number of writers in one round.
struct Pair {
    writers: usize,
    etcd: Observed,
    keyfront: Observed,
    /// Processor time of etcd for one `PutKey`.
    etcd_below: Duration,
}

/// Measures in several rounds and prints medians.
pub(crate) async fn run(
    arguments: &ClusterArguments,
    etcd: &Path,
    binary: &Path,
    rounds: usize,
    fresh: &Fresh,
) -> Result<(), Failure> {
    let cluster = Cluster::start(etcd, binary, &fresh.folder()?).await?;
    let mut pairs = Vec::new();
    for round in 1..=rounds {
        for writers in &arguments.cluster_writers {
            let pair = tokio::time::timeout(PATIENCE, cluster.measure(*writers, round)).await;
            let pair = pair.map_err(|_elapsed| Failure("the cluster does not answer any more".into()))?;
            pairs.push(pair?);
        }
        println!("round {round} of {rounds}");
    }
    println!("{HEADING}");
    for writers in &arguments.cluster_writers {
        let mut row: Vec<&Pair> = pairs.iter().filter(|pair| pair.writers == *writers).collect();
        row.sort_by(|a, b| a.ratio().total_cmp(&b.ratio()));
        let (Some(least), Some(median), Some(most)) = (row.first(), row.get(row.len() / 2), row.last())
        else {
            continue;
        };
        println!("{}", median.line(least.ratio(), most.ratio()));
    }
    Ok(())
}

const HEADING: &str = concat!(
    "| writers | etcd, Put/s | p50 | p99 | etcd CPU | Keyfront, PutKey/s | p50 | p99 | server CPU | etcd CPU | of etcd's |\n",
    "|---|---|---|---|---|---|---|---|---|---|---|",
);

impl Cluster {
    async fn start(etcd: &Path, binary: &Path, folder: &Path) -> Result<Cluster, Failure> {
        let failed = |error| Failure::of_file("write", folder, &error);
        std::fs::create_dir_all(folder).map_err(failed)?;
        let members = Members::start(etcd, folder, NODES).await?;
        let key = folder.join("secret.key");
        std::fs::write(&key, [7; 32]).map_err(failed)?;
        let only_mine = std::os::unix::fs::PermissionsExt::from_mode(0o600);
        std::fs::set_permissions(&key, only_mine).map_err(failed)?;
        let mut servers = Vec::new();
        for number in 0..NODES {
            // Each asks the member beside it first.
            let beside = members.members.iter().cycle().skip(number).take(NODES);
            let endpoints: Vec<String> =
                beside.map(|member| format!("\"http://{}\"", member.address)).collect();
            let config = folder.join(format!("keyfront-{number}.toml"));
            let text = format!(
                "[quotas]\nkey_value_stores_per_account = 10000\n[store]\nengine = \"etcd\"\nkey_file = \"{}\"\n\
                 [store.etcd]\nendpoints = [{}]\n",
                key.display(),
                endpoints.join(", ")
            );
            std::fs::write(&config, text).map_err(failed)?;
            let arguments = ["--no-edge".as_ref(), "--config".as_ref(), config.as_os_str()];
            servers.push(Server::keyfront_with(binary, &folder.join(format!("data-{number}")), &arguments)?);
        }
        Ok(Cluster { members, servers })
    }

    async fn measure(&self, writers: usize, round: usize) -> Result<Pair, Failure> {
        let window = Duration::from_secs(2);
        let puts = (PUTS / writers).min(2500);
        let etcd = play_all("Put", &self.members.pids(), self.etcd_writers(writers).await?, window).await?;
        let players = self.keyfront_writers(writers, puts, round).await?;
        let servers: Vec<u32> = self.servers.iter().map(Server::pid).collect();
        let before = Used::by(&self.members.pids())?;
        let keyfront = play_all("PutKey", &servers, players, window).await?;
        let below = Used::by(&self.members.pids())?.since(&before);
        let etcd_below = below.div_f64(count(keyfront.latencies.len().max(1)));
        Ok(Pair { writers, etcd, keyfront, etcd_below })
    }

    async fn etcd_writers(&self, writers: usize) -> Result<Vec<Player>, Failure> {
        let mut connections = Vec::new();
        for member in &self.members.members {
            connections.push((member.address, http2::connect(member.address).await?));
        }
        let player = |(writer, (address, sender)): (usize, &(_, http2::Sender))| {
            let put = |number: u64| {
                etcd::put(*address, &format!("bare/{writer}/{number}"), &format!("{number:0>VALUE_BYTES$}"))
            };
            let puts = (0..KEYS).map(put).collect::<Result<Vec<_>, _>>()?;
            Ok(Player::Http2(http2::Stream::new(sender.clone(), puts, true)))
        };
        (0..writers).zip(connections.iter().cycle()).map(player).collect()
    }

    /// A store for each writer, and a chain of puts into it.
    async fn keyfront_writers(
        &self,
        writers: usize,
        puts: usize,
        round: usize,
    ) -> Result<Vec<Player>, Failure> {
        let mut beside = Vec::new();
        for (writer, server) in (0..writers).zip(self.servers.iter().cycle()) {
            let mut connection = server.connect().await?;
            let arn = create(&mut connection, &format!("writer-{round}-{writers}-{writer}")).await?;
            beside.push((connection, arn));
        }
        let arns: Vec<&str> = beside.iter().map(|(_, arn)| arn.as_str()).collect();
        let script = |writer: usize| {
            let arn = arns.get(writer).copied().unwrap_or_default();
            let put = |version: u64| {
                let value = format!("{version:0>VALUE_BYTES$}");
                requests::written(&requests::put_key(
                    arn,
                    &format!("key-{}", version % KEYS),
                    &value,
                    version,
                ))
            };
            Script { requests: (1..).take(puts).map(put).collect(), endless: false }
        };
        let scripts = in_parallel(writers, script)?;
        let players = beside.into_iter().zip(scripts);
        Ok(players.map(|((connection, _), script)| Player::Http1(connection, script)).collect())
    }
}

impl Pair {
    fn ratio(&self) -> f64 {
        self.keyfront.per_second() / self.etcd.per_second().max(f64::EPSILON)
    }

    fn line(&self, least: f64, most: f64) -> String {
        let milliseconds = |duration: Duration| format!("{:.2} ms", duration.as_secs_f64() * 1e3);
        let microseconds = |duration: Duration| format!("{:.0} µs", duration.as_secs_f64() * 1e6);
        let half = |observed: &Observed| {
            format!(
                "{:.0} | {} | {} | {}",
                observed.per_second(),
                milliseconds(observed.percentile(50)),
                milliseconds(observed.percentile(99)),
                microseconds(observed.server_cpu_each()),
            )
        };
        format!(
            "| {} | {} | {} | {} | {:.0} % ({:.0} to {:.0}) |",
            self.writers,
            half(&self.etcd),
            half(&self.keyfront),
            microseconds(self.etcd_below),
            self.ratio() * 100.0,
            least * 100.0,
            most * 100.0,
        )
    }
}

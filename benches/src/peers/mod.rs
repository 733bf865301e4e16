//! Keyfront beside what people would pick instead, and beside what the machine gives at most.
//!
//! All servers of a round run at the same time on the same machine, and each row of the table asks them in turns, one
//! right after the other, so that a busy minute hits all of them. What counts are the ratios; their spread over the rounds
//! says how far they can be trusted. Memory with much in it is looked at once, after the rounds.
//!
//! What is not the same stands below the table: Keyfront verifies each signature and makes each write durable, which
//! MiniStack and moto do not; etcd and Redis make writes durable and check no signature.

mod fixture;
mod large;
mod memory;
mod nginx;
mod signatures;
mod site;
mod software;
mod table;
mod tail;
mod viewers;
mod work;

use std::path::{Path, PathBuf};
use std::time::Duration;

use self::fixture::Fixture;
use self::signatures::Signatures;
use self::software::{Installed, Peer};
use self::table::{Cell, Table};
use self::work::{Contender, Row};
use crate::Fresh;
use crate::drive::play_all;
use crate::failure::Failure;
use crate::machine;
use crate::requests;

/// How often a server is started to see how long that takes.
const STARTS: usize = 5;
/// The longest time for one cell with its preparation.
const PATIENCE: Duration = Duration::from_mins(3);
/// How often as long the open load lasts as a cell of the tables.
const TAIL_WINDOWS: u32 = 3;

/// What to measure beside Keyfront, and where it is installed.
#[derive(clap::Args)]
pub(crate) struct PeersArguments {
    /// Measure beside the peers that are installed in this folder, as `cargo xtask bench --peers` does it
    #[arg(long, value_name = "FOLDER")]
    peers: Option<PathBuf>,
    /// Numbers of connections for each operation
    #[arg(long, num_args = 1.., default_values_t = [1, 16, 64], requires = "peers")]
    connections: Vec<usize>,
    /// Measure rows alone whose name has one of these texts in it, or of the other tables `start`, `large`, `tail`, `cached`
    /// and `stores`; the document stays as it is
    #[arg(long, value_name = "TEXT", num_args = 1.., requires = "peers")]
    row: Vec<String>,
    /// Write the tables into this document, between its marks
    #[arg(long, value_name = "FILE", requires = "peers")]
    document: Option<PathBuf>,
    /// How long one cell is measured, in milliseconds
    #[arg(long, default_value_t = 600, requires = "peers")]
    window: u64,
    /// How many full stores are made to look at their memory
    #[arg(long, default_value_t = 200, requires = "peers")]
    stores: usize,
}

impl PeersArguments {
    pub(crate) fn wanted(&self) -> bool {
        self.peers.is_some()
    }

    fn wants(&self, name: &str) -> bool {
        self.row.is_empty() || self.row.iter().any(|part| name.contains(part.as_str()))
    }
}

/// Measures everything in several rounds, prints the tables, and writes them into the document.
pub(crate) async fn run(
    arguments: &PeersArguments,
    binary: &Path,
    rounds: usize,
    fresh: &Fresh,
) -> Result<(), Failure> {
    requests::sign_for_serve();
    let installed = Installed::new(binary, arguments.peers.as_deref())?;
    let signatures = Signatures::new(site::HOST, &[site::SIGNED, site::SIGNED_WITH_FUNCTION])?;
    let mut table = Table::default();
    for peer in Peer::ALL.into_iter().filter(|peer| peer.is_software()) {
        if !installed.has(peer) {
            table.missing(peer);
        } else if arguments.wants("start") {
            for _ in 0..STARTS {
                table.starts.push((peer, software::start(&installed, peer, fresh).await?));
            }
        }
    }
    for round in 1..=rounds {
        println!("round {round} of {rounds}");
        table.limits.push(machine::measure(fresh.path())?);
        let fixture = Fixture::new(&installed, &signatures, fresh).await?;
        for row in work::ROWS.iter().chain(viewers::ROWS).filter(|row| arguments.wants(row.name)) {
            let counts = if row.counts.is_empty() { &arguments.connections } else { &row.counts.to_vec() };
            for connections in counts {
                for contender in row.contenders.iter().filter(|contender| installed.has(contender.peer)) {
                    let cell = cell(arguments, &fixture, (row, contender), *connections).await?;
                    println!("  {cell}");
                    table.cells.push(cell);
                }
            }
        }
        if arguments.wants("large") {
            table.downloads.extend(large::measure(&fixture).await?);
            println!("  a large object");
        }
        if arguments.wants("tail") {
            let window = Duration::from_millis(arguments.window) * TAIL_WINDOWS;
            table.tails.extend(tail::measure(&fixture, window).await?);
            println!("  the slowest of a hundred");
        }
    }
    if arguments.wants("cached") && installed.has(Peer::Origin) {
        table.cached_object = Some(memory::cached_object(&installed, &signatures.pem, fresh).await?);
        println!("memory of cached objects");
    }
    if arguments.wants("stores") && arguments.stores > 0 {
        table.full = Some(memory::full_stores(&installed, arguments.stores, fresh).await?);
        println!("memory of full stores");
    }
    let text = table.markdown();
    println!("\n{text}");
    let document = arguments.document.as_deref().filter(|_| arguments.row.is_empty());
    document.map_or(Ok(()), |document| table::write(document, &text))
}

/// One server in one row. A peer that fails to answer is left blank; Keyfront has to answer.
async fn cell(
    arguments: &PeersArguments,
    fixture: &Fixture<'_>,
    (row, contender): (&Row, &Contender),
    connections: usize,
) -> Result<Cell, Failure> {
    let measured = async {
        let players = (contender.players)(fixture, connections).await?;
        let server = fixture.server(contender.peer)?;
        play_all(row.name, &[server.pid()], players, Duration::from_millis(arguments.window)).await
    };
    let measured = tokio::time::timeout(PATIENCE, measured).await;
    let measured = measured
        .unwrap_or_else(|_elapsed| Err(Failure("it does not answer any more".to_owned())))
        .map_err(|Failure(why)| format!("{} of {}: {why}", row.name, contender.name));
    match measured {
        Ok(observed) => Ok(Cell::new(row.name, contender.name, connections, &observed)),
        Err(why) if matches!(contender.peer, Peer::Keyfront | Peer::KeyfrontOnThreads) => Err(Failure(why)),
        Err(why) => {
            println!("  {why}");
            Ok(Cell::unanswered(row.name, contender.name, connections))
        }
    }
}

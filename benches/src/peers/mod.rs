//! Keyfront beside what people would pick instead, and beside what the machine gives at most.
//!
//! All servers of a round run at the same time on the same machine, and each row of the table asks them in turns, one
//! right after the other, so that a busy minute hits all of them. What counts are the ratios; their spread over the rounds
//! says how far they can be trusted.
//!
//! What is not the same stands below the table: Keyfront verifies each signature and makes each write durable, which
//! MiniStack and moto do not; etcd and Redis make writes durable and check no signature.

mod fixture;
mod software;
mod table;
mod work;

use std::path::{Path, PathBuf};
use std::time::Duration;

use self::fixture::Fixture;
use self::software::{Installed, Peer};
use self::table::{Cell, Table};
use self::work::ROWS;
use crate::Fresh;
use crate::drive::play_all;
use crate::failure::Failure;
use crate::machine;

/// How often a server is started to see how long that takes.
const STARTS: usize = 5;
/// The longest time for one cell with its preparation.
const PATIENCE: Duration = Duration::from_mins(3);

/// What to measure beside Keyfront, and where it is installed.
#[derive(clap::Args)]
pub(crate) struct PeersArguments {
    /// Measure beside the peers that are installed in this folder, as `cargo xtask bench --peers` does it
    #[arg(long, value_name = "FOLDER")]
    peers: Option<PathBuf>,
    /// Numbers of connections for each operation
    #[arg(long, num_args = 1.., default_values_t = [1, 16, 64], requires = "peers")]
    connections: Vec<usize>,
    /// Write the table into this document, between its marks
    #[arg(long, value_name = "FILE", requires = "peers")]
    document: Option<PathBuf>,
    /// How long one cell is measured, in milliseconds
    #[arg(long, default_value_t = 700, requires = "peers")]
    window: u64,
}

impl PeersArguments {
    pub(crate) fn wanted(&self) -> bool {
        self.peers.is_some()
    }
}

/// Measures everything in several rounds, prints the table, and writes it into the document.
pub(crate) async fn run(
    arguments: &PeersArguments,
    binary: &Path,
    rounds: usize,
    fresh: &Fresh,
) -> Result<(), Failure> {
    let installed = Installed::new(binary, arguments.peers.as_deref())?;
    let peers: Vec<Peer> = Peer::ALL.into_iter().filter(|peer| installed.has(*peer)).collect();
    let mut table = Table::default();
    for peer in Peer::ALL.into_iter().filter(|peer| !peers.contains(peer)) {
        table.missing(peer);
    }
    for peer in &peers {
        for _ in 0..STARTS {
            table.start(*peer, software::start(&installed, *peer, fresh).await?);
        }
    }
    for round in 1..=rounds {
        println!("round {round} of {rounds}");
        table.machine(machine::measure(fresh.path())?);
        let fixture = Fixture::new(&installed, &peers, fresh).await?;
        for row in ROWS {
            let counts = if row.counts.is_empty() { &arguments.connections } else { &row.counts.to_vec() };
            for connections in counts {
                for contender in row.contenders.iter().filter(|contender| peers.contains(&contender.peer)) {
                    let cell = async {
                        let players = (contender.players)(&fixture, *connections).await?;
                        let server = fixture.server(contender.peer)?;
                        let window = Duration::from_millis(arguments.window);
                        play_all(row.name, &[server.pid()], players, window).await
                    };
                    let cell = tokio::time::timeout(PATIENCE, cell).await;
                    let cell = cell
                        .unwrap_or_else(|_elapsed| Err(Failure("it does not answer any more".to_owned())))
                        .map_err(|Failure(why)| format!("{} of {}: {why}", row.name, contender.name));
                    table.add(match cell {
                        Ok(cell) => Cell::new(row.name, contender.name, *connections, &cell),
                        Err(why) if contender.peer == Peer::Keyfront => return Err(Failure(why)),
                        Err(why) => {
                            println!("  {why}");
                            Cell::unanswered(row.name, contender.name, *connections)
                        }
                    });
                }
                println!("  {} at {connections}", row.name);
            }
        }
    }
    let text = table.markdown();
    println!("\n{text}");
    arguments.document.as_deref().map_or(Ok(()), |document| table::write(document, &text))
}

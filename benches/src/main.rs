//! Drives a built Keyfront over HTTP with signed requests and prints what it does, beside what the machine
//! can do at most: signature verifications and flushes to disk in the same minute.
//!
//! The driver shares the processors with the server. So that it hides as little as possible of it, every
//! request is signed and written out before the clock starts; then one thread sends bytes and reads
//! answers, and nothing else. What it still costs is printed next to what the server costs.
#![expect(clippy::print_stdout, clippy::print_stderr, reason = "its only output is the terminal")]
#![expect(clippy::disallowed_methods, reason = "measuring time is what it is for")]

mod cluster;
mod connection;
mod drive;
mod etcd;
mod failure;
mod fanout;
mod http2;
mod instructions;
mod machine;
mod peers;
mod process;
mod propagation;
mod report;
mod requests;
mod scenarios;
mod server;
mod startup;

use std::path::{Path, PathBuf};
use std::process::ExitCode;
use std::time::Duration;

use clap::{Parser, ValueEnum};

use crate::drive::Observed;
use crate::failure::Failure;
use crate::report::Row;

/// The longest time for one scenario with its preparation.
const PATIENCE: Duration = Duration::from_mins(2);

/// Measure a built Keyfront, and what the machine can do
#[derive(Parser)]
pub(crate) struct Arguments {
    /// The binary to measure
    #[arg(long, value_name = "FILE", default_value = "target/release/keyfront")]
    server: PathBuf,
    /// Make data folders in this folder, and measure the flushes of its disk
    #[arg(long, value_name = "FOLDER", default_value = "target")]
    data: PathBuf,
    /// Measure these scenarios alone
    #[arg(long, value_name = "SCENARIO", num_args = 1.., value_enum)]
    only: Vec<Scenario>,
    /// How long one scenario lasts
    #[arg(long, default_value_t = 3)]
    seconds: u64,
    /// Measure everything this many times and print the medians
    #[arg(long, default_value_t = 3)]
    repeat: usize,
    /// Connections that read
    #[arg(long, default_value_t = 32)]
    readers: usize,
    /// Connections that write, each to a store of its own
    #[arg(long, default_value_t = 64)]
    writers: usize,
    /// Puts that are signed ahead for each writer; a run ends when the first writer has sent them all
    #[arg(long, default_value_t = 1000)]
    puts: u64,
    #[command(flatten)]
    cluster: cluster::ClusterArguments,
    #[command(flatten)]
    propagation: propagation::PropagationArguments,
    #[command(flatten)]
    fanout: fanout::FanoutArguments,
    #[command(flatten)]
    peers: peers::PeersArguments,
    #[command(flatten)]
    instructions: instructions::InstructionArguments,
}

/// What a server is asked.
#[derive(Clone, Copy, PartialEq, Eq, ValueEnum)]
enum Scenario {
    Start,
    GetKey,
    PutKey,
    ListStores,
}

#[tokio::main(flavor = "current_thread")]
async fn main() -> ExitCode {
    match run(&Arguments::parse()).await {
        Ok(()) => ExitCode::SUCCESS,
        Err(failure) => {
            eprintln!("{failure}");
            ExitCode::FAILURE
        }
    }
}

async fn run(arguments: &Arguments) -> Result<(), Failure> {
    if arguments.fanout.wanted() {
        fanout::run(&arguments.fanout);
        return Ok(());
    }
    let folder = arguments.data.join("keyfront-bench");
    let fresh = Fresh::new(&folder)?;
    if let Some(file) = arguments.instructions.file() {
        return instructions::run(&arguments.instructions, file, &arguments.server, &fresh).await;
    }
    if arguments.propagation.wanted() {
        return propagation::run(&arguments.propagation, &arguments.server, &fresh).await;
    }
    if let Some(etcd) = arguments.cluster.etcd() {
        return cluster::run(&arguments.cluster, etcd, &arguments.server, arguments.repeat, &fresh).await;
    }
    if arguments.peers.wanted() {
        return peers::run(&arguments.peers, &arguments.server, arguments.repeat, &fresh).await;
    }
    if arguments.wants(Scenario::Start) {
        println!("{}", report::startup(&startup::measure(&arguments.server, &fresh).await?));
    }
    let mut repeats = Vec::new();
    for repeat in 1..=arguments.repeat {
        println!("\nrepeat {repeat} of {}\n{}", arguments.repeat, report::HEADING);
        repeats.push(measure(arguments, &fresh).await?);
    }
    println!("\nmedians of {}\n{}\n{}", arguments.repeat, report::HEADING, report::medians(&repeats));
    Ok(())
}

/// Everything once.
async fn measure(arguments: &Arguments, fresh: &Fresh) -> Result<Vec<Row>, Failure> {
    let Arguments { server, readers, writers, puts, .. } = arguments;
    let window = Duration::from_secs(arguments.seconds);
    let mut rows = Vec::new();
    if arguments.wants(Scenario::GetKey) {
        for connections in [1, *readers] {
            let folder = fresh.folder()?;
            rows.push(row(fresh, scenarios::get_key(server, &folder, connections, window)).await?);
        }
    }
    if arguments.wants(Scenario::PutKey) {
        // One writer alone waits for every flush and sends fewer in a window than one of a group.
        for (writers, puts) in [(1, puts * 8), (*writers, *puts)] {
            let folder = fresh.folder()?;
            rows.push(row(fresh, scenarios::put_key(server, &folder, writers, puts, window)).await?);
        }
    }
    if arguments.wants(Scenario::ListStores) {
        rows.push(row(fresh, scenarios::list_stores(server, &fresh.folder()?, window)).await?);
    }
    Ok(rows)
}

/// Measures the machine, then at once the server: what the machine gives changes from minute to minute.
async fn row(
    fresh: &Fresh,
    scenario: impl Future<Output = Result<Observed, Failure>>,
) -> Result<Row, Failure> {
    let limits = machine::measure(fresh.path())?;
    let observed = tokio::time::timeout(PATIENCE, scenario).await;
    let observed = observed.map_err(|_elapsed| Failure("the server does not answer any more".into()))?;
    let row = Row { observed: observed?, limits };
    println!("{row}");
    Ok(row)
}

impl Arguments {
    fn wants(&self, scenario: Scenario) -> bool {
        self.only.is_empty() || self.only.contains(&scenario)
    }
}

/// A folder in which every measurement gets one of its own. It is removed at the end.
pub(crate) struct Fresh {
    root: PathBuf,
    next: std::cell::Cell<u32>,
}

impl Fresh {
    fn new(root: &Path) -> Result<Fresh, Failure> {
        std::fs::create_dir_all(root).map_err(|error| Failure::of_file("make", root, &error))?;
        Ok(Fresh { root: root.to_owned(), next: std::cell::Cell::new(0) })
    }

    fn path(&self) -> &Path {
        &self.root
    }

    /// A name that nothing has yet.
    fn folder(&self) -> Result<PathBuf, Failure> {
        let number = self.next.get();
        self.next.set(number + 1);
        let folder = self.root.join(number.to_string());
        match std::fs::remove_dir_all(&folder) {
            Err(error) if error.kind() != std::io::ErrorKind::NotFound => {
                Err(Failure::of_file("remove", &folder, &error))
            }
            Ok(()) | Err(_) => Ok(folder),
        }
    }
}

impl Drop for Fresh {
    fn drop(&mut self) {
        std::fs::remove_dir_all(&self.root).ok();
    }
}

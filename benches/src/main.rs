//! Drives a built Keyfront over HTTP with signed requests and prints what it does, beside what the machine
//! can do at most: signature verifications and flushes to disk in the same minute.
//!
//! The driver shares the processors with the server. So that it hides as little as possible of it, every
//! request is signed and written out before the clock starts; then a thread for each connection sends
//! bytes and reads answers, and nothing else. What it still costs is printed next to what the server costs.
#![expect(clippy::print_stdout, clippy::print_stderr, reason = "its only output is the terminal")]
#![expect(clippy::disallowed_methods, reason = "measuring time is what it is for")]

mod connection;
mod drive;
mod failure;
mod machine;
mod peer;
mod process;
mod report;
mod requests;
mod scenarios;
mod server;
mod startup;

use std::path::{Path, PathBuf};
use std::process::ExitCode;
use std::time::Duration;

use clap::Parser;

use crate::failure::Failure;
use crate::report::Row;

/// Measure a built Keyfront, and what the machine can do
#[derive(Parser)]
pub(crate) struct Arguments {
    /// The binary to measure
    #[arg(long, value_name = "FILE")]
    server: PathBuf,
    /// Make data folders in this folder, and measure the flushes of its disk
    #[arg(long, value_name = "FOLDER")]
    data: PathBuf,
    /// Compare the control plane with moto's server, run by this Python
    #[arg(long, value_name = "PYTHON")]
    peer: Option<PathBuf>,
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
}

fn main() -> ExitCode {
    match run(&Arguments::parse()) {
        Ok(()) => ExitCode::SUCCESS,
        Err(failure) => {
            eprintln!("{failure}");
            ExitCode::FAILURE
        }
    }
}

fn run(arguments: &Arguments) -> Result<(), Failure> {
    let folder = arguments.data.join("keyfront-bench");
    let fresh = Fresh::new(&folder)?;
    println!("{}", report::startup(&startup::measure(&arguments.server, &fresh)?));
    let mut repeats = Vec::new();
    for repeat in 1..=arguments.repeat {
        println!("repeat {repeat} of {}", arguments.repeat);
        repeats.push(measure(arguments, &fresh)?);
    }
    println!("{}", report::medians(&repeats));
    Ok(())
}

/// Everything once: first the machine, then the server in the same conditions.
fn measure(arguments: &Arguments, fresh: &Fresh) -> Result<Vec<Row>, Failure> {
    let window = Duration::from_secs(arguments.seconds);
    let limits = machine::measure(fresh.path())?;
    println!("{}", report::limits(&limits));
    let mut rows = Vec::new();
    for connections in [1, arguments.readers] {
        rows.push(scenarios::get_key(&arguments.server, &fresh.folder()?, connections, window)?);
    }
    for writers in [1, arguments.writers] {
        // One writer alone is as fast as its flushes, a group of writers is not.
        let puts = if writers == 1 { arguments.puts * 8 } else { arguments.puts };
        rows.push(scenarios::put_key(&arguments.server, &fresh.folder()?, writers, puts, window)?);
    }
    rows.push(scenarios::list_stores(&arguments.server, &fresh.folder()?, window)?);
    if let Some(python) = &arguments.peer {
        rows.push(peer::list_stores(python, window)?);
    }
    let rows: Vec<Row> = rows.into_iter().map(|observed| Row { observed, limits }).collect();
    println!("{}", report::table(&rows));
    Ok(rows)
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

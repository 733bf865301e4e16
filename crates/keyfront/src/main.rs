//! The `keyfront` binary: command line, configuration, wiring, shutdown.
//!
//! Everything that a request means is decided in `keyfront-api`; everything that is kept is kept by
//! `keyfront-store`. Here they are put together and given sockets, files and the time of day.

mod admin_client;
mod atomic_file;
mod bootstrap;
mod clock;
mod command;
mod config;
mod data_folder;
mod endpoint;
mod engine;
mod failure;
mod log;
mod objects;
mod public_key_file;
mod runtime;
mod saved_states;
mod seed;
mod server;
mod signals;
mod terminal;
mod viewer_url;

use std::process::ExitCode;

use clap::Parser;

/// Much faster than the C library's for the small allocations that requests are made of.
#[global_allocator]
static ALLOCATOR: mimalloc::MiMalloc = mimalloc::MiMalloc;

/// What a command line that cannot be understood ends with (`EX_USAGE` of sysexits): 2 is what `kvs diff` says
/// of differences.
const USAGE: u8 = 64;

fn main() -> ExitCode {
    let arguments = match command::Keyfront::try_parse() {
        Ok(arguments) => arguments,
        Err(error) => {
            // When the terminal is gone there is no other place to report it.
            error.print().ok();
            return if error.use_stderr() { ExitCode::from(USAGE) } else { ExitCode::SUCCESS };
        }
    };
    match command::run(arguments) {
        Ok(code) => code,
        Err(failure) => failure.report(),
    }
}

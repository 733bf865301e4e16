//! The `keyfront` binary: command line, configuration, wiring, shutdown.
//!
//! Everything that a request means is decided in `keyfront-api`; everything that is kept is kept by
//! `keyfront-store`. Here they are put together and given sockets, files and the time of day.

mod clock;
mod command;
mod config;
mod data_folder;
mod failure;
mod log;
mod objects;
mod server;

use std::process::ExitCode;

use clap::Parser;

/// Much faster than the C library's for the small allocations that requests are made of.
#[global_allocator]
static ALLOCATOR: mimalloc::MiMalloc = mimalloc::MiMalloc;

fn main() -> ExitCode {
    match command::run(command::Keyfront::parse()) {
        Ok(code) => code,
        Err(failure) => failure.report(),
    }
}

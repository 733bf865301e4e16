//! The `keyfront` binary: command line, configuration, wiring, shutdown.
//!
//! Everything that a request means is decided in `keyfront-api`; everything that is kept is kept by
//! `keyfront-store`. Here they are put together and given sockets, files and the time of day.

mod acme;
mod admin_client;
mod atomic_file;
mod authority;
mod bootstrap;
mod clock;
mod command;
mod config;
mod data_folder;
mod endpoint;
mod engine;
mod exit_code;
mod failure;
mod follow;
mod function_worker;
mod log;
mod objects;
mod open_files;
mod public_key_file;
mod runtime;
mod saved_states;
mod seed;
mod server;
mod service_manager;
mod signals;
mod terminal;
mod trusted_authorities;
mod validity;
mod viewer_url;

use std::process::ExitCode;

use clap::Parser;

use failure::Failure;
use terminal::Output;

/// Much faster than the C library's for the small allocations that requests are made of.
#[global_allocator]
static ALLOCATOR: mimalloc::MiMalloc = mimalloc::MiMalloc;

fn main() -> ExitCode {
    if std::env::args_os().nth(1).is_some_and(|argument| function_worker::is_asked_for(&argument)) {
        return keyfront_functions::run_worker_process();
    }
    let arguments = match command::Keyfront::try_parse_from(command::arguments()) {
        Ok(arguments) => arguments,
        Err(error) if error.use_stderr() && command::wants_json(std::env::args_os()) => {
            return Failure::usage(error.render().to_string().trim_end()).report_as(Output::Json);
        }
        Err(error) => {
            terminal::print_usage(&error);
            return if error.use_stderr() { ExitCode::from(exit_code::USAGE) } else { ExitCode::SUCCESS };
        }
    };
    let output = arguments.output();
    match command::run(arguments) {
        Ok(code) => code,
        Err(failure) => failure.report_as(output),
    }
}

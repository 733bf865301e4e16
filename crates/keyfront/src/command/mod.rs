//! The command line: one command, one file, in folders that mirror the commands (`fn` is `functions`).
//!
//! A folder's `mod.rs` names its commands and nothing that they share. What several commands share is a module of
//! its own, in the nearest folder that holds them all: options and clients in `endpoint`, `admin_client` and
//! `data_folder`, output in `terminal`.

mod backup;
mod check;
mod check_config;
mod completions;
mod credentials;
mod dev;
mod env;
mod exec;
mod fault;
mod fle;
mod functions;
mod hosts;
mod keys;
mod kvs;
mod manual;
mod operations;
mod reset;
mod serve;
mod sign;
mod snapshot;
mod verify;

use std::process::ExitCode;

use clap::{CommandFactory, Parser, Subcommand};

use crate::failure::Failure;
use crate::terminal;

/// CloudFront's KeyValueStore and its functions on your own machines, served to unmodified AWS clients.
#[derive(Parser)]
#[command(version, max_term_width = 100, arg_required_else_help = true)]
pub(crate) struct Keyfront {
    #[command(subcommand)]
    command: Command,
}

#[derive(Subcommand)]
enum Command {
    Dev(dev::Dev),
    Serve(serve::Serve),
    Exec(exec::Exec),
    Env(env::Env),
    Hosts(hosts::Hosts),
    Fault(fault::Fault),
    Kvs(kvs::Kvs),
    Snapshot(snapshot::Snapshot),
    Reset(reset::Reset),
    Fle(fle::Fle),
    #[command(name = "fn")]
    Functions(functions::Functions),
    Keys(keys::Keys),
    Sign(sign::Sign),
    Verify(Box<verify::Verify>),
    Credentials(credentials::Credentials),
    Backup(backup::Backup),
    Check(check::Check),
    CheckConfig(check_config::CheckConfig),
    Operations(operations::Operations),
    Completions(completions::Completions),
    Manual(manual::Manual),
}

/// Runs a command. One whose result could not be printed has failed.
pub(crate) fn run(keyfront: Keyfront) -> Result<ExitCode, Failure> {
    terminal::follow_dumb_terminal();
    let code = carry_out(keyfront)?;
    match terminal::failed_write() {
        None => Ok(code),
        Some(error) => Err(Failure::because("the result cannot be printed", error)),
    }
}

fn carry_out(keyfront: Keyfront) -> Result<ExitCode, Failure> {
    match keyfront.command {
        Command::Dev(dev) => dev.run(),
        Command::Serve(serve) => serve.run(),
        Command::Exec(exec) => exec.run(),
        Command::Env(env) => env.run(),
        Command::Hosts(hosts) => Ok(hosts.run()),
        Command::Fault(fault) => fault.run(),
        Command::Kvs(kvs) => kvs.run(),
        Command::Snapshot(snapshot) => snapshot.run(),
        Command::Reset(reset) => reset.run(),
        Command::Fle(fle) => fle.run(),
        Command::Functions(functions) => functions.run(),
        Command::Keys(keys) => keys.run(),
        Command::Sign(sign) => sign.run(),
        Command::Verify(verify) => verify.run(),
        Command::Credentials(credentials) => credentials.run(),
        Command::Backup(backup) => backup.run(),
        Command::Check(check) => check.run(),
        Command::CheckConfig(check_config) => check_config.run(),
        Command::Operations(operations) => operations.run(),
        Command::Completions(completions) => Ok(completions.run(Keyfront::command())),
        Command::Manual(manual) => manual.run(Keyfront::command()),
    }
}

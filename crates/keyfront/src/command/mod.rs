//! The command line: one command, one file.

mod admin;
mod asked;
mod backup;
mod check;
mod check_config;
mod client;
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
mod moment;
mod node;
mod operations;
mod output;
mod reset;
mod run;
mod serve;
mod sign;
mod signals;
mod snapshot;
mod verify;

use std::io::{self, ErrorKind, Write};
use std::process::ExitCode;
use std::sync::OnceLock;

use clap::{Parser, Subcommand};

use crate::failure::Failure;

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
    Manual(completions::Manual),
}

/// Runs a command. One whose result could not be printed has failed.
pub(crate) fn run(keyfront: Keyfront) -> Result<ExitCode, Failure> {
    believe_a_dumb_terminal();
    let code = carry_out(keyfront)?;
    UNPRINTED.get().map_or(Ok(code), |error| Err(Failure::because("the result cannot be printed", error)))
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
        Command::Completions(completions) => Ok(completions.run()),
        Command::Manual(manual) => manual.run(),
    }
}

/// Why something could not be printed, for the end of the command: what it does goes on meanwhile.
static UNPRINTED: OnceLock<io::Error> = OnceLock::new();

/// Takes note of a result that could not be printed. A reader that has seen enough, such as `head`, is no
/// failure.
fn printed(outcome: io::Result<()>) {
    if let Err(error) = outcome
        && error.kind() != ErrorKind::BrokenPipe
    {
        UNPRINTED.get_or_init(|| error);
    }
}

/// Prints a line of a command's result.
fn print(line: impl std::fmt::Display) {
    printed(writeln!(io::stdout(), "{line}"));
}

/// Tells the person something that is no part of the result. If nobody listens, it is not said.
fn tell(line: impl std::fmt::Display) {
    writeln!(io::stderr(), "{line}").ok();
}

/// Leaves colours out where the terminal says that it has none. Without this, `CI` would bring them back: it is
/// taken for the promise of a log that shows them.
fn believe_a_dumb_terminal() {
    if std::env::var_os("TERM").is_some_and(|terminal| terminal == "dumb") {
        anstream::ColorChoice::Never.write_global();
    }
}

/// Prints a result with colours, which are left out where there is no terminal or `NO_COLOR` is set.
fn print_styled(text: impl std::fmt::Display) {
    printed(writeln!(anstream::stdout(), "{text}"));
}

/// As [`tell`], with colours where they are wanted.
fn tell_styled(text: impl std::fmt::Display) {
    writeln!(anstream::stderr(), "{text}").ok();
}

/// A runtime for a command that waits for a little I/O.
fn small_runtime() -> Result<tokio::runtime::Runtime, Failure> {
    tokio::runtime::Builder::new_current_thread()
        .enable_all()
        .build()
        .map_err(|error| Failure::because("the runtime cannot be started", &error))
}

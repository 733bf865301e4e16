//! The command line: one command, one file, in folders that mirror the commands (`fn` is `functions`).
//!
//! A folder's `mod.rs` names its commands and nothing that they share. What several commands share is a module of
//! its own, in the nearest folder that holds them all: options and clients in `endpoint`, `admin_client` and
//! `data_folder`, output in `terminal`.

mod announcement;
mod aws;
mod backup;
mod ca;
mod cfn;
mod check;
mod check_config;
mod completions;
mod config;
mod copy;
mod credentials;
mod dev;
mod distributions;
mod doctor;
mod edge;
mod env;
mod examples;
mod exec;
mod explain;
mod fault;
mod file_option;
mod fle;
mod functions;
mod hosts;
mod init;
mod keys;
mod kvs;
mod manual;
mod old_clients;
mod operations;
mod policies;
mod reset;
mod restore;
mod separate_state;
mod serve;
mod sign;
mod snapshot;
mod terraform;
mod verify;

use std::ffi::OsString;
use std::process::ExitCode;

use clap::{CommandFactory, Parser, Subcommand};

use crate::exit_code;
use crate::failure::Failure;
use crate::terminal::{self, Output};

/// CloudFront's API, its key value stores and its functions on your own machines, served to unmodified AWS clients.
#[derive(Parser)]
#[command(version, max_term_width = 100, arg_required_else_help = true, after_help = exit_code::HELP)]
pub(crate) struct Keyfront {
    /// How results and errors are printed
    #[arg(long, value_enum, default_value_t = Output::Text, global = true)]
    output: Output,
    #[command(subcommand)]
    command: Command,
}

impl Keyfront {
    /// How results and errors are printed.
    pub(crate) fn output(&self) -> Output {
        self.output
    }
}

/// The command line of this process, as the parser takes it.
pub(crate) fn arguments() -> Vec<OsString> {
    file_option::as_arguments(aws::separated(std::env::args_os().collect()), &Keyfront::command())
}

/// Whether a command line that cannot be understood asks for JSON.
pub(crate) fn wants_json(arguments: impl Iterator<Item = OsString>) -> bool {
    let words: Vec<OsString> = arguments.collect();
    let pairs = words.iter().zip(words.iter().skip(1));
    words.iter().any(|word| word == "--output=json")
        || pairs.into_iter().any(|(name, value)| name == "--output" && value == "json")
}

#[derive(Subcommand)]
enum Command {
    Init(init::Init),
    Dev(dev::Dev),
    Serve(serve::Serve),
    Edge(edge::Edge),
    Exec(exec::Exec),
    Aws(aws::Aws),
    Env(env::Env),
    Terraform(terraform::Terraform),
    Explain(explain::Explain),
    Doctor(doctor::Doctor),
    Hosts(hosts::Hosts),
    Fault(fault::Fault),
    Kvs(kvs::Kvs),
    Snapshot(snapshot::Snapshot),
    Reset(reset::Reset),
    Distributions(distributions::Distributions),
    Cfn(cfn::Cfn),
    Fle(fle::Fle),
    #[command(name = "fn")]
    Functions(functions::Functions),
    Keys(keys::Keys),
    Sign(sign::Sign),
    Verify(Box<verify::Verify>),
    Ca(ca::Ca),
    Credentials(credentials::Credentials),
    Backup(backup::Backup),
    Restore(restore::Restore),
    Copy(copy::Copy),
    Check(check::Check),
    CheckConfig(check_config::CheckConfig),
    Config(config::Config),
    Operations(operations::Operations),
    Policies(policies::Policies),
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
    let output = keyfront.output;
    match keyfront.command {
        Command::Init(init) => init.run(output),
        Command::Dev(dev) => dev.run(output),
        Command::Serve(serve) => serve.run(output),
        Command::Edge(edge) => edge.run(),
        Command::Exec(exec) => exec.run(),
        Command::Aws(aws) => aws.run(),
        Command::Env(env) => env.run(),
        Command::Terraform(terraform) => terraform.run(output),
        Command::Explain(explain) => explain.run(output),
        Command::Doctor(doctor) => doctor.run(output),
        Command::Hosts(hosts) => Ok(hosts.run(output)),
        Command::Fault(fault) => fault.run(output),
        Command::Kvs(kvs) => kvs.run(output),
        Command::Snapshot(snapshot) => snapshot.run(output),
        Command::Reset(reset) => reset.run(output),
        Command::Distributions(distributions) => distributions.run(output),
        Command::Cfn(cfn) => cfn.run(output),
        Command::Fle(fle) => fle.run(output),
        Command::Functions(functions) => functions.run(),
        Command::Keys(keys) => keys.run(output),
        Command::Sign(sign) => sign.run(output),
        Command::Verify(verify) => verify.run(output),
        Command::Ca(ca) => ca.run(),
        Command::Credentials(credentials) => credentials.run(output),
        Command::Backup(backup) => backup.run(output),
        Command::Restore(restore) => restore.run(output),
        Command::Copy(copy) => copy.run(output),
        Command::Check(check) => check.run(output),
        Command::CheckConfig(check_config) => check_config.run(output),
        Command::Config(config) => Ok(config.run()),
        Command::Operations(operations) => operations.run(output),
        Command::Policies(policies) => policies.run(output),
        Command::Completions(completions) => Ok(completions.run(Keyfront::command())),
        Command::Manual(manual) => manual.run(Keyfront::command()),
    }
}

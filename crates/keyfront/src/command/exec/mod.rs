//! `keyfront exec`: runs a command with its AWS clients pointed at a Keyfront server.

mod child;
mod strict_network;

use std::ffi::OsString;
use std::io::ErrorKind;
use std::process::{Command, ExitCode};

use clap::Args;

use super::old_clients;
use super::separate_state::{SeparateState, Terraform};
use crate::endpoint::ServerArguments;
use crate::failure::Failure;
use crate::runtime;
use crate::terminal::tell;
use strict_network::StrictNetwork;

/// Run a command with its AWS clients pointed at Keyfront
///
/// Endpoints, credentials, region and proxy are set in the command's environment and nowhere else, so an
/// untouched Terraform project, script or test suite runs against Keyfront. Node programs are told to load a
/// small file first, which is kept in the user's cache. The command's exit code is passed on, and signals
/// reach it.
#[derive(Args)]
pub(super) struct Exec {
    #[command(flatten)]
    server: ServerArguments,
    /// Keep Terraform's state of this server in .keyfront/terraform, apart from the project's own
    #[arg(long)]
    separate_state: bool,
    /// Refuse the command every connection to AWS, which a client would make that ignores the environment
    #[arg(long)]
    strict_network: bool,
    /// The command and its arguments
    #[arg(required = true, trailing_var_arg = true, allow_hyphen_values = true, value_name = "COMMAND")]
    command: Vec<OsString>,
}

impl Exec {
    pub(super) fn run(self) -> Result<ExitCode, Failure> {
        let Exec { server, separate_state, strict_network, command } = self;
        run(&server, Isolation { separate_state, strict_network }, &command)
    }
}

/// What of a command is kept apart.
#[derive(Clone, Copy, Default)]
pub(super) struct Isolation {
    separate_state: bool,
    strict_network: bool,
}

/// Runs a command with its AWS clients pointed at a server.
pub(super) fn run(
    server: &ServerArguments,
    isolation: Isolation,
    command: &[OsString],
) -> Result<ExitCode, Failure> {
    let runtime = runtime::single_threaded()?;
    runtime.block_on(server.require())?;
    let (program, arguments) = command.split_first().ok_or_else(|| Failure::new("no command was given"))?;
    for warning in old_clients::warnings(program) {
        tell(format!("keyfront: {warning}"));
    }
    let terraform = Terraform::of(program, arguments);
    let Isolation { separate_state, strict_network } = isolation;
    let separate_state = separate_state || terraform.as_ref().is_some_and(Terraform::has_lasting_override);
    if !separate_state && let Some(warning) = terraform.as_ref().and_then(Terraform::warning) {
        tell(format!("keyfront: {warning}"));
    }
    let mut command = Command::new(program);
    command.args(arguments);
    let mut changes = server.changes()?;
    if !separate_state && !strict_network {
        apply(&mut command, changes);
        return Ok(become_command(command, program));
    }
    runtime.block_on(async {
        let state = separate_state.then(|| SeparateState::begin(terraform.as_ref())).transpose()?;
        changes.extend(state.iter().flat_map(SeparateState::variables));
        if strict_network {
            let network = StrictNetwork::begin(&server.authority()?.0).await?;
            changes = network.variables(changes);
        }
        apply(&mut command, changes);
        // The state's override goes when the command has ended.
        child::run(command, program).await
    })
}

/// Changes the environment of a command.
fn apply(command: &mut Command, changes: Vec<(&'static str, Option<String>)>) {
    for (name, value) in changes {
        match value {
            Some(value) => command.env(name, value),
            None => command.env_remove(name),
        };
    }
}

/// Replaces this process by the command, so the command's exit code and signals need no forwarding.
fn become_command(mut command: Command, program: &OsString) -> ExitCode {
    let error = std::os::unix::process::CommandExt::exec(&mut command);
    cannot_run(program, &error)
}

/// The failure to run a program at all.
fn cannot_run(program: &OsString, error: &std::io::Error) -> ExitCode {
    // As shells do: 127 when the program does not exist, 126 when it cannot be run.
    let code = if error.kind() == ErrorKind::NotFound { 127 } else { 126 };
    Failure::because(format!("{} cannot be run", program.display()), error).report();
    ExitCode::from(code)
}

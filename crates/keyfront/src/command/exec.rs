//! `keyfront exec`: runs a command with its AWS clients pointed at a Keyfront server.

use std::ffi::OsString;
use std::io::ErrorKind;
use std::net::{TcpStream, ToSocketAddrs};
use std::process::{Command, ExitCode};
use std::time::Duration;

use clap::Args;

use crate::endpoint::ServerArguments;
use crate::failure::Failure;

/// How long a server may take to accept a connection.
const CONNECT_TIMEOUT: Duration = Duration::from_secs(3);

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
    /// The command and its arguments
    #[arg(last = true, required = true, value_name = "COMMAND")]
    command: Vec<OsString>,
}

impl Exec {
    pub(super) fn run(self) -> Result<ExitCode, Failure> {
        let (host, port, _plain) = self.server.authority()?;
        reachable(&host, port)?;
        let (program, arguments) =
            self.command.split_first().ok_or_else(|| Failure::new("no command was given"))?;
        let mut command = Command::new(program);
        command.args(arguments);
        for (name, value) in self.server.changes()? {
            match value {
                Some(value) => command.env(name, value),
                None => command.env_remove(name),
            };
        }
        Ok(become_command(command, program))
    }
}

/// Fails at once when no server listens, instead of letting a client try for minutes.
fn reachable(host: &str, port: u16) -> Result<(), Failure> {
    let bare = host.trim_start_matches('[').trim_end_matches(']');
    let addresses = (bare, port).to_socket_addrs();
    let addresses =
        addresses.map_err(|error| Failure::because(format!("{host} cannot be resolved"), &error))?;
    let connects = |address| TcpStream::connect_timeout(&address, CONNECT_TIMEOUT).is_ok();
    if addresses.into_iter().any(connects) {
        return Ok(());
    }
    Err(Failure::new(format!(
        "no Keyfront server answered at {host}:{port}; start one with `keyfront dev`, or name another with --endpoint"
    )))
}

/// Replaces this process by the command, so the command's exit code and signals need no forwarding.
fn become_command(mut command: Command, program: &OsString) -> ExitCode {
    let error = std::os::unix::process::CommandExt::exec(&mut command);
    // As shells do: 127 when there is no such program, 126 when it cannot be run.
    let code = if error.kind() == ErrorKind::NotFound { 127 } else { 126 };
    Failure::because(format!("{} cannot be run", program.display()), &error).report();
    ExitCode::from(code)
}

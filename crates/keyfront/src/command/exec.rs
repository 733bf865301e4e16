//! `keyfront exec -- COMMAND`: runs any command against a Keyfront server.

use std::ffi::OsString;
use std::net::{TcpStream, ToSocketAddrs};
use std::process::{Command, ExitCode};
use std::time::Duration;

use clap::Args;

use super::client::Server;
use crate::failure::Failure;

/// How long a server may take to accept a connection.
const CONNECT_TIMEOUT: Duration = Duration::from_secs(3);

/// Run a command with its AWS clients pointed at Keyfront
///
/// Endpoints, credentials, region and proxy are set in the command's environment and nowhere else, so an
/// untouched Terraform project, script or test suite runs against Keyfront. The command's exit code is
/// passed on, and signals reach it.
#[derive(Args)]
pub(super) struct Exec {
    #[command(flatten)]
    server: Server,
    /// The command and its arguments
    #[arg(last = true, required = true, value_name = "COMMAND")]
    command: Vec<OsString>,
}

impl Exec {
    pub(super) fn run(self) -> Result<ExitCode, Failure> {
        let (host, port, _plain) = self.server.authority()?;
        reachable(&host, port)?;
        let no_proxy = std::env::var_os("NO_PROXY").or_else(|| std::env::var_os("no_proxy"));
        let no_proxy = no_proxy.and_then(|list| list.into_string().ok());
        let (program, arguments) =
            self.command.split_first().ok_or_else(|| Failure::new("no command was given"))?;
        let mut command = Command::new(program);
        command.args(arguments);
        for (name, value) in self.server.variables(no_proxy.as_deref())? {
            match value {
                Some(value) => command.env(name, value),
                None => command.env_remove(name),
            };
        }
        become_command(command, program)
    }
}

/// Says at once that nobody listens, instead of letting a client try for minutes.
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
        "nothing answers at {host}:{port}; start a server with `keyfront dev`, or name another with --endpoint"
    )))
}

/// On Unix the command takes this process's place, so its exit code and signals are nobody's business here.
#[cfg(unix)]
fn become_command(mut command: Command, program: &OsString) -> Result<ExitCode, Failure> {
    let error = std::os::unix::process::CommandExt::exec(&mut command);
    Err(Failure::because(format!("{} cannot be run", program.display()), &error))
}

#[cfg(not(unix))]
fn become_command(mut command: Command, program: &OsString) -> Result<ExitCode, Failure> {
    let status = command.status();
    let status =
        status.map_err(|error| Failure::because(format!("{} cannot be run", program.display()), &error))?;
    let code = status.code().and_then(|code| u8::try_from(code).ok());
    Ok(code.map_or(ExitCode::FAILURE, ExitCode::from))
}

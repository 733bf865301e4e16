//! A server process that is stopped when it is no longer needed.

use std::io::{BufRead, BufReader};
use std::net::SocketAddr;
use std::path::Path;
use std::process::{Child, Command, Stdio};

use crate::connection::Connection;
use crate::failure::Failure;
use crate::process;

pub(crate) struct Server {
    child: Child,
    /// Where it listens.
    pub(crate) address: SocketAddr,
}

impl Server {
    /// Starts Keyfront on a data folder; it has said that it is ready.
    pub(crate) fn keyfront(binary: &Path, data: &Path) -> Result<Server, Failure> {
        let mut command = Command::new(binary);
        command.args(["dev", "--listen", "127.0.0.1:0", "--log", "warn", "--data"]).arg(data);
        command.stdout(Stdio::piped()).stderr(Stdio::null());
        let child = command.spawn();
        let mut child = child.map_err(|error| Failure::of_file("start", binary, &error))?;
        // It writes this one line to standard output and nothing after it.
        let mut lines = child.stdout.take().map(|output| BufReader::new(output).lines());
        let address =
            lines.as_mut().and_then(|lines| lines.map_while(Result::ok).find_map(|line| address(&line)));
        let Some(address) = address else {
            child.kill().ok();
            child.wait().ok();
            return Err(Failure(format!("{} did not say that it is ready", binary.display())));
        };
        Ok(Server { child, address })
    }

    pub(crate) fn pid(&self) -> u32 {
        self.child.id()
    }

    pub(crate) async fn connect(&self) -> Result<Connection, Failure> {
        Connection::open(self.address).await
    }

    pub(crate) fn resident_bytes(&self) -> Result<u64, Failure> {
        process::resident_bytes(self.pid())
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        // It may have ended by itself.
        self.child.kill().ok();
        self.child.wait().ok();
    }
}

fn address(line: &str) -> Option<SocketAddr> {
    line.strip_prefix("ready http://")?.trim().parse().ok()
}

//! A server process that is stopped when it is no longer needed.

use std::io::{BufRead, BufReader, Read};
use std::net::SocketAddr;
use std::path::Path;
use std::process::{Child, Command, Stdio};
use std::thread;

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
        Server::start(command, "ready http://", |child| child.stdout.take())
    }

    /// Starts a server that tells its address in a line after `mark`, on the stream that `output` takes.
    pub(crate) fn start<R: Read + Send + 'static>(
        mut command: Command,
        mark: &str,
        output: impl FnOnce(&mut Child) -> Option<R>,
    ) -> Result<Server, Failure> {
        let name = command.get_program().display().to_string();
        let child = command.spawn();
        let mut child = child.map_err(|error| Failure(format!("{name} could not be started: {error}")))?;
        let mut lines = output(&mut child).map(|output| BufReader::new(output).lines());
        let address = lines
            .as_mut()
            .and_then(|lines| lines.map_while(Result::ok).find_map(|line| address_after(&line, mark)));
        let Some(address) = address else {
            child.kill().ok();
            child.wait().ok();
            return Err(Failure(format!("{name} did not say where it listens")));
        };
        // What it writes later must not fill the pipe, for then it would wait.
        thread::spawn(move || lines.into_iter().flatten().for_each(drop));
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

fn address_after(line: &str, mark: &str) -> Option<SocketAddr> {
    line.split_once(mark)?.1.trim().parse().ok()
}

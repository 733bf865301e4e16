//! A server process that is stopped when it is no longer needed.

use std::ffi::OsStr;
use std::io::{BufRead, BufReader};
use std::net::SocketAddr;
use std::path::Path;
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};

use crate::connection::Connection;
use crate::failure::Failure;
use crate::process;

/// How long a server may take until it listens.
const PATIENCE: Duration = Duration::from_secs(30);

/// How long a server that is no longer needed may take to end.
const GRACE: Duration = Duration::from_secs(3);

pub(crate) struct Server {
    child: Child,
    /// Where it listens.
    pub(crate) address: SocketAddr,
    /// Where a Keyfront serves viewers.
    pub(crate) edge: Option<SocketAddr>,
}

impl Server {
    /// Starts Keyfront on a data folder; it has said that it is ready.
    pub(crate) fn keyfront(binary: &Path, data: &Path) -> Result<Server, Failure> {
        Self::keyfront_with::<&str>(binary, data, &[])
    }

    /// The same with further arguments of `keyfront dev`.
    pub(crate) fn keyfront_with<A: AsRef<OsStr>>(
        binary: &Path,
        data: &Path,
        further: &[A],
    ) -> Result<Server, Failure> {
        let mut command = Command::new(binary);
        command.args(["dev", "--listen", "127.0.0.1:0", "--log", "warn", "--data"]).arg(data).args(further);
        Self::announced(command)
    }

    /// Starts a Keyfront that says its addresses on standard output.
    pub(crate) fn announced(mut command: Command) -> Result<Server, Failure> {
        command.stdout(Stdio::piped()).stderr(Stdio::null());
        let mut child = spawn(&mut command)?;
        // It writes these lines to standard output, `ready` as the last, and nothing after it.
        let lines = child.stdout.take().map(|output| BufReader::new(output).lines());
        let (mut edge, mut api) = (None, None);
        for line in lines.into_iter().flatten().map_while(Result::ok) {
            edge = edge.or_else(|| address("edge", &line));
            api = address("ready", &line);
            if api.is_some() {
                break;
            }
        }
        let Some(address) = api else {
            child.kill().ok();
            child.wait().ok();
            let program = command.get_program().display();
            return Err(Failure(format!("{program} did not say that it is ready")));
        };
        Ok(Server { child, address, edge })
    }

    /// Starts a server that will listen on an address; it accepts connections.
    pub(crate) async fn listening(mut command: Command, address: SocketAddr) -> Result<Server, Failure> {
        command.stdin(Stdio::null()).stdout(Stdio::null()).stderr(Stdio::null());
        let mut server = Server { child: spawn(&mut command)?, address, edge: None };
        let program = command.get_program().display().to_string();
        let began = Instant::now();
        while began.elapsed() < PATIENCE {
            if server.connect().await.is_ok() {
                return Ok(server);
            }
            if let Ok(Some(status)) = server.child.try_wait() {
                return Err(Failure(format!("{program} ended with {status}")));
            }
            tokio::time::sleep(Duration::from_millis(2)).await;
        }
        Err(Failure(format!("{program} does not listen on {address}")))
    }

    pub(crate) fn pid(&self) -> u32 {
        self.child.id()
    }

    /// Ends it with a signal, and waits until it is gone.
    pub(crate) async fn stop(mut self, patience: Duration) -> Result<(), Failure> {
        self.signal(rustix::process::Signal::TERM)?;
        let began = Instant::now();
        while began.elapsed() < patience {
            if let Ok(Some(_status)) = self.child.try_wait() {
                return Ok(());
            }
            tokio::time::sleep(Duration::from_millis(5)).await;
        }
        Err(Failure("a server that was told to stop did not".into()))
    }

    fn signal(&self, signal: rustix::process::Signal) -> Result<(), Failure> {
        let pid = i32::try_from(self.pid()).ok().and_then(rustix::process::Pid::from_raw);
        let sent = pid.map(|pid| rustix::process::kill_process(pid, signal)).transpose();
        sent.map_err(|error| Failure(format!("a server could not be told to stop: {error}"))).map(drop)
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
        // It may have ended by itself. A server that is told to stop ends the processes that it started.
        self.signal(rustix::process::Signal::TERM).ok();
        let began = Instant::now();
        while began.elapsed() < GRACE && matches!(self.child.try_wait(), Ok(None)) {
            std::thread::sleep(Duration::from_millis(2));
        }
        self.child.kill().ok();
        self.child.wait().ok();
    }
}

fn spawn(command: &mut Command) -> Result<Child, Failure> {
    let child = command.spawn();
    child.map_err(|error| Failure::of_file("start", Path::new(command.get_program()), &error))
}

fn address(what: &str, line: &str) -> Option<SocketAddr> {
    line.strip_prefix(what)?.strip_prefix(" http://")?.trim().parse().ok()
}

/// An address of this machine that no server has.
pub(crate) fn free_address() -> Result<SocketAddr, Failure> {
    let listener = std::net::TcpListener::bind(("127.0.0.1", 0));
    let address = listener.and_then(|listener| listener.local_addr());
    address.map_err(|error| Failure(format!("no free port: {error}")))
}

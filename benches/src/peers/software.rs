//! The servers: where they are installed, and how each is started on loopback.

use std::path::{Path, PathBuf};
use std::process::Command;
use std::time::{Duration, Instant};

use crate::Fresh;
use crate::failure::Failure;
use crate::server::{Server, free_address};

/// A server that is measured.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Peer {
    Keyfront,
    MiniStack,
    Moto,
    Etcd,
    Redis,
    Nginx,
}

impl Peer {
    pub(crate) const ALL: [Peer; 6] =
        [Peer::Keyfront, Peer::MiniStack, Peer::Moto, Peer::Etcd, Peer::Redis, Peer::Nginx];

    pub(crate) fn name(self) -> &'static str {
        match self {
            Self::Keyfront => "Keyfront",
            Self::MiniStack => "MiniStack",
            Self::Moto => "moto",
            Self::Etcd => "etcd",
            Self::Redis => "Redis",
            Self::Nginx => "nginx",
        }
    }
}

/// Where the programs are.
pub(crate) struct Installed {
    keyfront: PathBuf,
    /// A virtual environment of Python with both emulators.
    python: PathBuf,
    /// Files of Debian packages, as they would lie below `/`.
    debian: PathBuf,
}

/// What a start showed.
pub(crate) struct Start {
    /// From the start of the process to the first connection that it accepts.
    pub(crate) listening: Duration,
    pub(crate) resident_bytes: u64,
}

/// The host of the object that Keyfront's edge and nginx serve.
pub(crate) const ORIGIN: &str = "origin.example.com";

impl Installed {
    pub(crate) fn new(keyfront: &Path, peers: Option<&Path>) -> Result<Installed, Failure> {
        // Each server runs in a folder of its own.
        let absolute =
            |path: &Path| std::path::absolute(path).map_err(|error| Failure::of_file("find", path, &error));
        let peers = absolute(peers.unwrap_or(Path::new(".")))?;
        Ok(Installed {
            keyfront: absolute(keyfront)?,
            python: peers.join("venv/bin/python"),
            debian: peers.join("debian"),
        })
    }

    fn program(&self, peer: Peer) -> PathBuf {
        match peer {
            Peer::Keyfront => self.keyfront.clone(),
            Peer::MiniStack | Peer::Moto => self.python.clone(),
            Peer::Etcd => self.debian.join("usr/bin/etcd"),
            Peer::Redis => self.debian.join("usr/bin/redis-server"),
            Peer::Nginx => self.debian.join("usr/sbin/nginx"),
        }
    }

    pub(crate) fn has(&self, peer: Peer) -> bool {
        self.program(peer).exists()
    }
}

/// Starts a server once, to see how long that takes and what it needs.
pub(crate) async fn start(installed: &Installed, peer: Peer, fresh: &Fresh) -> Result<Start, Failure> {
    let folder = fresh.folder()?;
    let began = Instant::now();
    let server = serve(installed, peer, &folder).await?;
    drop(server.connect().await?);
    let listening = began.elapsed();
    Ok(Start { listening, resident_bytes: server.resident_bytes()? })
}

/// Starts a server on a folder of its own. It accepts connections.
pub(crate) async fn serve(installed: &Installed, peer: Peer, folder: &Path) -> Result<Server, Failure> {
    let failed = |error| Failure::of_file("make", folder, &error);
    std::fs::create_dir_all(folder.join("site")).map_err(failed)?;
    std::fs::write(folder.join("site/object.txt"), "x".repeat(1024)).map_err(failed)?;
    let mut command = Command::new(installed.program(peer));
    let folder = &std::path::absolute(folder).map_err(failed)?;
    command.current_dir(folder).env("TMPDIR", folder).env("HOME", folder);
    if peer == Peer::Keyfront {
        std::fs::write(folder.join("keyfront.toml"), QUOTAS).map_err(failed)?;
        command.args(["dev", "--listen", "127.0.0.1:0", "--log", "warn", "--data", "data"]);
        command.args(["--config", "keyfront.toml", "--origin", &format!("{ORIGIN}=site")]);
        return Server::announced(command);
    }
    let (address, second) = (free_address()?, free_address()?);
    let port = address.port().to_string();
    match peer {
        Peer::Keyfront => {}
        Peer::MiniStack => {
            command.args(["-m", "ministack"]).env("GATEWAY_PORT", &port).env("BIND_HOST", "127.0.0.1");
            command.env("LOG_LEVEL", "ERROR").env("S3_DATA_DIR", folder);
        }
        Peer::Moto => {
            command.args(["-m", "moto.server", "-H", "127.0.0.1", "-p", &port]);
        }
        Peer::Etcd => {
            let (clients, members) = (format!("http://{address}"), format!("http://{second}"));
            command.args(["--data-dir", "data", "--logger", "zap", "--log-level", "error"]);
            command.args(["--listen-client-urls", &clients, "--advertise-client-urls", &clients]);
            command.args(["--listen-peer-urls", &members, "--initial-advertise-peer-urls", &members]);
            command.args(["--initial-cluster", &format!("default={members}")]);
        }
        Peer::Redis => {
            command.args(["--bind", "127.0.0.1", "--port", &port, "--save", ""]);
            command.args(["--appendonly", "yes", "--appendfsync", "always"]);
            command.env("LD_LIBRARY_PATH", installed.debian.join("usr/lib/x86_64-linux-gnu"));
        }
        Peer::Nginx => {
            let file = folder.join("nginx.conf");
            std::fs::write(&file, nginx_conf(&port)).map_err(failed)?;
            command.args(["-e", "stderr", "-p"]).arg(folder).arg("-c").arg(&file);
        }
    }
    Server::listening(command, address).await
}

/// What the rows need more of than an account has.
const QUOTAS: &str = "[quotas]\npublic_keys_per_account = 1000000\nkey_value_stores_per_account = 10000\n";

/// One worker, which is what serves one connection at a time and many; no log, as at Keyfront's edge by default.
fn nginx_conf(port: &str) -> String {
    let temporary = ["client_body", "proxy", "fastcgi", "uwsgi", "scgi"]
        .map(|kind| format!("{kind}_temp_path temp-{kind};"))
        .concat();
    format!(
        "daemon off; master_process off; pid nginx.pid; user root; error_log stderr crit;\n\
         events {{}}\n\
         http {{ access_log off; keepalive_requests 100000000; sendfile on; tcp_nopush on; {temporary}\n\
         open_file_cache max=100; server {{ listen 127.0.0.1:{port}; root site; }} }}\n"
    )
}

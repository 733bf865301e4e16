//! The servers: where they are installed, and how each is started on loopback.

use std::net::SocketAddr;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::time::{Duration, Instant};

use super::nginx;
use crate::Fresh;
use crate::failure::Failure;
use crate::requests;
use crate::server::{Server, free_address};

/// A server that is measured.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Peer {
    /// The origin of the edges and of the proxies: nginx with a file.
    Origin,
    Keyfront,
    /// With functions on threads of the server, and room for large objects in the cache of its edge.
    KeyfrontOnThreads,
    MiniStack,
    Moto,
    Etcd,
    Redis,
    Nginx,
    Miniflare,
}

impl Peer {
    /// In the order in which they start.
    pub(crate) const ALL: [Peer; 9] = [
        Peer::Origin,
        Peer::Keyfront,
        Peer::KeyfrontOnThreads,
        Peer::MiniStack,
        Peer::Moto,
        Peer::Etcd,
        Peer::Redis,
        Peer::Nginx,
        Peer::Miniflare,
    ];

    pub(crate) fn name(self) -> &'static str {
        match self {
            Self::Origin => "the origin",
            Self::Keyfront => "Keyfront",
            Self::KeyfrontOnThreads => "Keyfront, functions on threads",
            Self::MiniStack => "MiniStack",
            Self::Moto => "moto",
            Self::Etcd => "etcd",
            Self::Redis => "Redis",
            Self::Nginx => "nginx",
            Self::Miniflare => "miniflare",
        }
    }

    /// Whether its start is worth a line: the others are one of these with other settings.
    pub(crate) fn is_software(self) -> bool {
        !matches!(self, Self::Origin | Self::KeyfrontOnThreads)
    }
}

/// Where the programs are.
pub(crate) struct Installed {
    keyfront: PathBuf,
    /// A virtual environment of Python with both emulators.
    python: PathBuf,
    /// Files of Debian packages, as they would lie below `/`.
    debian: PathBuf,
    /// A folder of npm with miniflare.
    miniflare: PathBuf,
}

/// What a start showed.
pub(crate) struct Start {
    /// From the start of the process to the first connection that it accepts.
    pub(crate) listening: Duration,
    pub(crate) resident_bytes: u64,
}

/// The origin's name.
pub(crate) const ORIGIN: &str = "origin.example.com";
/// How many files there are in the folder of files.
pub(crate) const FILES: usize = 1000;
/// Bytes of each, and of the object that is there under every other path.
const OBJECT: usize = 4096;
/// Bytes of the large object.
pub(crate) const LARGE_OBJECT: u64 = 1 << 30;

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
            miniflare: peers.join("miniflare"),
        })
    }

    fn program(&self, peer: Peer) -> PathBuf {
        match peer {
            Peer::Keyfront | Peer::KeyfrontOnThreads => self.keyfront.clone(),
            Peer::MiniStack | Peer::Moto => self.python.clone(),
            Peer::Etcd => self.debian.join("usr/bin/etcd"),
            Peer::Redis => self.debian.join("usr/bin/redis-server"),
            Peer::Nginx | Peer::Origin => self.debian.join("usr/sbin/nginx"),
            Peer::Miniflare => self.miniflare.join("node_modules/miniflare/package.json"),
        }
    }

    pub(crate) fn has(&self, peer: Peer) -> bool {
        self.program(peer).exists()
    }

    /// The module of nginx that runs functions, where it is installed.
    fn njs(&self) -> Option<PathBuf> {
        let module = self.debian.join("usr/lib/nginx/modules/ngx_http_js_module.so");
        module.exists().then_some(module)
    }
}

/// Starts a server once, to see how long that takes and what it needs.
pub(crate) async fn start(installed: &Installed, peer: Peer, fresh: &Fresh) -> Result<Start, Failure> {
    let folder = fresh.folder()?;
    let began = Instant::now();
    let server = serve(installed, peer, &folder, None).await?;
    drop(server.connect().await?);
    let listening = began.elapsed();
    Ok(Start { listening, resident_bytes: server.resident_bytes()? })
}

/// Starts a server on a folder of its own. It accepts connections. Keyfront's edge and nginx ask this origin.
pub(crate) async fn serve(
    installed: &Installed,
    peer: Peer,
    folder: &Path,
    origin: Option<SocketAddr>,
) -> Result<Server, Failure> {
    let failed = |error| Failure::of_file("write in", folder, &error);
    let folder = &std::path::absolute(folder).map_err(failed)?;
    std::fs::create_dir_all(folder).map_err(failed)?;
    let mut command = Command::new(installed.program(peer));
    command.current_dir(folder).env("TMPDIR", folder).env("HOME", folder);
    if matches!(peer, Peer::Keyfront | Peer::KeyfrontOnThreads) {
        let origin = origin.map_or_else(|| "site".to_owned(), |address| format!("http://{address}"));
        let further = if peer == Peer::KeyfrontOnThreads { ON_THREADS } else { "" };
        let configuration = format!("{SERVE}{further}[edge.origins]\n\"{ORIGIN}\" = \"{origin}\"\n");
        std::fs::write(folder.join("keyfront.toml"), configuration).map_err(failed)?;
        std::fs::create_dir_all(folder.join("site")).map_err(failed)?;
        command.args(["serve", "--config", "keyfront.toml"]).env("KEYFRONT_INITIAL_ACCOUNT", ACCOUNT);
        command.env("KEYFRONT_INITIAL_ACCESS_KEY_ID", requests::ACCESS_KEY);
        command.env("KEYFRONT_INITIAL_SECRET_ACCESS_KEY", requests::SECRET);
        return Server::announced(command);
    }
    let (address, second) = (free_address()?, free_address()?);
    let port = address.port().to_string();
    match peer {
        Peer::Keyfront | Peer::KeyfrontOnThreads => {}
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
        Peer::Nginx | Peer::Origin => {
            site(&folder.join("site")).map_err(failed)?;
            std::fs::write(folder.join("site.js"), nginx::njs()).map_err(failed)?;
            let text = if peer == Peer::Origin {
                nginx::origin(&port)
            } else {
                nginx::beside(&port, origin, installed.njs().as_deref())
            };
            let file = folder.join("nginx.conf");
            std::fs::write(&file, text).map_err(failed)?;
            command.args(["-e", "stderr", "-p"]).arg(folder).arg("-c").arg(&file);
        }
        Peer::Miniflare => {
            // Node looks for libraries beside the program.
            let program = installed.miniflare.join("serve.mjs");
            std::fs::write(&program, include_str!("miniflare.mjs")).map_err(failed)?;
            command = Command::new("node");
            command.current_dir(folder).env("TMPDIR", folder).arg(program).arg(&port);
        }
    }
    Server::listening(command, address).await
}

/// What a file server sends. The large file takes no room on the disk.
fn site(folder: &Path) -> std::io::Result<()> {
    let files = folder.join("files");
    std::fs::create_dir_all(&files)?;
    for number in 0..FILES {
        std::fs::write(files.join(format!("{number}.bin")), "x".repeat(OBJECT))?;
    }
    std::fs::write(folder.join("object.bin"), "x".repeat(OBJECT))?;
    std::fs::File::create(folder.join("large.bin"))?.set_len(LARGE_OBJECT)
}

/// The account of the credential.
const ACCOUNT: &str = "000000000000";

/// The server as it is run, with more of some things than an account has.
const SERVE: &str = r#"
[server]
listen = "127.0.0.1:0"
names = ["localhost:4700"]
[admin]
listen = "127.0.0.1:0"
[store]
data = "data"
[log]
filter = "warn"
[certificates]
accept_undeclared = true
[quotas]
public_keys_per_account = 1000000
key_value_stores_per_account = 10000
functions_per_account = 10000
files_being_invalidated = 10000000
[edge]
enabled = true
listen = "127.0.0.1:0"
"#;

/// One object of the cache may take three sixteenths of a part of it, of which there are four for each processor.
const ON_THREADS: &str = "cache_memory_mib = 65536\n[functions]\nisolation = \"threads\"\n";

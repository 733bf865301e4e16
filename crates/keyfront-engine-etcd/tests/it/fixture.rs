//! Clusters of etcd on this machine: free ports, folders of their own, gone with the test.

use std::io::{BufRead, BufReader};
use std::net::{TcpListener, TcpStream};
use std::path::{Path, PathBuf};
use std::process::{Child, ChildStdin, Command, Stdio};
use std::sync::OnceLock;
use std::sync::atomic::{AtomicU32, Ordering};
use std::thread::yield_now;
use std::time::Duration;

use keyfront_engine_etcd::{EtcdEngine, Settings};

use crate::admin::Admin;

/// Prints the process id of etcd, and ends it when the test does, however that ends: its input is closed then. A folder
/// that no destructor of the test removes is removed here.
const WATCHED: &str =
    r#""$0" "$@" 2>"$LOG" & pid=$!; echo $pid; read _; kill -9 $pid; wait $pid; rm -rf "$REMOVED""#;

/// Where `cargo xtask test` unpacks the package of Debian, if etcd is not installed.
const UNPACKED: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/../../target/tools/etcd/usr/bin/etcd");

fn program() -> PathBuf {
    let answers = |program: &Path| {
        let version = Command::new(program).arg("--version").output();
        version.is_ok_and(|version| version.status.success())
    };
    let found = [Path::new("etcd"), Path::new(UNPACKED)].into_iter().find(|program| answers(program));
    found
        .expect("etcd must be there to test against it: apt-get install etcd-server, or cargo xtask test")
        .to_owned()
}

pub(crate) struct Member {
    name: String,
    scheme: &'static str,
    client: u16,
    peer: u16,
    running: Option<(Child, ChildStdin, u32)>,
}

pub(crate) struct Cluster {
    pub(crate) members: Vec<Member>,
    folder: tempfile::TempDir,
    flags: Vec<String>,
    /// Whether it lasts as long as the process, which runs no destructor of it.
    is_shared: bool,
}

/// The flags that the default settings ask for.
const FLAGS: [&str; 2] = ["--max-txn-ops=1024", "--max-request-bytes=10485760"];

impl Cluster {
    /// A cluster of this many members with the flags that Keyfront asks for.
    pub(crate) fn of(members: usize) -> Cluster {
        Cluster::with(members, &FLAGS)
    }

    /// One that lasts as long as the process, for many tests.
    pub(crate) fn shared(members: usize) -> Cluster {
        Cluster::new(members, "http", &FLAGS, true)
    }

    pub(crate) fn with(members: usize, flags: &[&str]) -> Cluster {
        Cluster::new(members, "http", flags, false)
    }

    /// One member that speaks TLS, with these flags beside the usual ones.
    pub(crate) fn with_tls(flags: &[String]) -> Cluster {
        let flags: Vec<&str> = FLAGS.into_iter().chain(flags.iter().map(String::as_str)).collect();
        Cluster::new(1, "https", &flags, false)
    }

    fn new(members: usize, scheme: &'static str, flags: &[&str], is_shared: bool) -> Cluster {
        for _ in 0..5 {
            let member =
                |i| Member { name: format!("m{i}"), scheme, client: free(), peer: free(), running: None };
            let mut cluster = Cluster {
                members: (0..members).map(member).collect(),
                folder: tempfile::tempdir().unwrap(),
                flags: flags.iter().map(|&flag| flag.to_owned()).collect(),
                is_shared,
            };
            for i in 0..members {
                cluster.start(i);
            }
            if (0..members).all(|i| cluster.listens(i)) && cluster.has_leader() {
                return cluster;
            }
            // A port was taken meanwhile.
        }
        panic!("etcd does not start");
    }

    /// The settings of an engine on all members.
    pub(crate) fn settings(&self, prefix: &str) -> Settings {
        let endpoints = self.members.iter().map(Member::url).collect();
        Settings { endpoints, prefix: prefix.to_owned(), ..Settings::default() }
    }

    pub(crate) fn start(&mut self, i: usize) {
        let peers: Vec<String> =
            self.members.iter().map(|m| format!("{}=http://127.0.0.1:{}", m.name, m.peer)).collect();
        let member = &mut self.members[i];
        let (client, peer) = (member.url(), format!("http://127.0.0.1:{}", member.peer));
        let removed = if self.is_shared { self.folder.path() } else { Path::new("") };
        let mut child = Command::new("sh")
            .env("REMOVED", removed)
            .env("LOG", self.folder.path().join(format!("{}.log", member.name)))
            .args(["-c", WATCHED])
            .arg(program())
            .args(["--name", &member.name, "--data-dir"])
            .arg(self.folder.path().join(&member.name))
            .args(["--listen-client-urls", &client, "--advertise-client-urls", &client])
            .args(["--listen-peer-urls", &peer, "--initial-advertise-peer-urls", &peer])
            .args([
                "--initial-cluster",
                &peers.join(","),
                "--heartbeat-interval=50",
                "--election-timeout=500",
            ])
            .args(&self.flags)
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .stderr(Stdio::null())
            .spawn()
            .unwrap();
        let mut line = String::new();
        BufReader::new(child.stdout.take().unwrap()).read_line(&mut line).unwrap();
        let stdin = child.stdin.take().unwrap();
        member.running = Some((child, stdin, line.trim().parse().unwrap()));
    }

    /// Ends a member at once, as a power loss of its machine would end it for the others.
    pub(crate) fn kill(&mut self, i: usize) {
        if let Some((mut child, stdin, _)) = self.members[i].running.take() {
            drop(stdin);
            child.wait().unwrap();
        }
    }

    /// Sends a signal to a member.
    pub(crate) fn signal(&self, i: usize, signal: &str) {
        let (_, _, pid) = self.members[i].running.as_ref().unwrap();
        assert!(Command::new("kill").args([signal, &pid.to_string()]).status().unwrap().success());
    }

    /// Waits until the members have chosen a leader. One alone has chosen itself.
    fn has_leader(&self) -> bool {
        if self.members.len() == 1 {
            return true;
        }
        let admin = Admin::of(&self.members[0].url());
        within(Duration::from_secs(30), || admin.answers())
    }

    fn listens(&self, i: usize) -> bool {
        let address = self.members[i].address();
        within(Duration::from_secs(15), || TcpStream::connect(&address).is_ok())
    }
}

impl Member {
    pub(crate) fn address(&self) -> String {
        format!("127.0.0.1:{}", self.client)
    }

    pub(crate) fn url(&self) -> String {
        format!("{}://{}", self.scheme, self.address())
    }
}

impl Drop for Cluster {
    fn drop(&mut self) {
        (0..self.members.len()).for_each(|i| self.kill(i));
    }
}

fn free() -> u16 {
    TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap().port()
}

/// Whether it becomes true in time.
pub(crate) fn within(limit: Duration, mut is_so: impl FnMut() -> bool) -> bool {
    let began = tokio::time::Instant::now();
    while began.elapsed() < limit {
        if is_so() {
            return true;
        }
        yield_now();
        std::thread::park_timeout(Duration::from_millis(20));
    }
    false
}

/// One member for all tests that only need one, each with a prefix of its own: its revision is shared.
pub(crate) fn shared() -> Settings {
    static SHARED: OnceLock<Cluster> = OnceLock::new();
    static PREFIXES: AtomicU32 = AtomicU32::new(0);
    let prefix = format!("test-{}/", PREFIXES.fetch_add(1, Ordering::Relaxed));
    SHARED.get_or_init(|| Cluster::shared(1)).settings(&prefix)
}

pub(crate) fn open(settings: &Settings) -> EtcdEngine {
    EtcdEngine::open(settings.clone()).unwrap()
}

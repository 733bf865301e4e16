//! Connections to origins that wait for their next request, and room for requests.
//!
//! Connections are kept by where they lead to and as whom: requests with another name in TLS or with other rules for
//! the address never share one.

use std::collections::HashMap;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError, Weak};
use std::time::Duration;

use hyper::client::conn::http1::SendRequest;
use hyper::client::conn::http2;
use keyfront_functions::event::IpAddressType;
use tokio::sync::{OwnedSemaphorePermit, Semaphore};
use tokio::time::Instant;

use super::exchange::{OriginFailure, RequestBody};
use super::tls::TlsNames;
use super::traffic::Received;

/// How often connections that are idle for too long are closed.
const SWEEP: Duration = Duration::from_secs(1);

/// How long the figures of a peer are kept after its last request.
const REMEMBERED: Duration = Duration::from_mins(10);

/// Beyond so many peers, those that are not used are forgotten at once: functions may choose any.
const PEERS: usize = 1024;

/// Where a connection leads to, and as whom.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub(super) struct Peer {
    /// A name or an address.
    pub(super) host: String,
    pub(super) port: u16,
    /// The names in TLS; none for plain HTTP.
    pub(super) tls: Option<TlsNames>,
    /// Which addresses of the host are used.
    pub(super) addresses: AddressFamily,
    /// The operator named this host, so it may have any address.
    pub(super) named_by_operator: bool,
    /// HTTP/2 is spoken, for gRPC.
    pub(super) http2: bool,
}

/// Which addresses are used.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub(super) enum AddressFamily {
    Any,
    V4,
    V6,
}

impl From<Option<IpAddressType>> for AddressFamily {
    fn from(given: Option<IpAddressType>) -> AddressFamily {
        match given {
            None | Some(IpAddressType::DualStack) => AddressFamily::Any,
            Some(IpAddressType::Ipv4) => AddressFamily::V4,
            Some(IpAddressType::Ipv6) => AddressFamily::V6,
        }
    }
}

/// A connection between two requests, or under one.
pub(super) struct Connection {
    pub(super) sender: SendRequest<RequestBody>,
    pub(super) received: Received,
    /// It has carried a request before.
    pub(super) reused: bool,
}

/// The connections to all peers.
pub(super) struct Pools {
    shared: Arc<Shared>,
    /// Requests at the same time for each peer, and as many idle connections.
    size: usize,
}

#[derive(Default)]
struct Shared {
    peers: Mutex<Peers>,
}

#[derive(Default)]
struct Peers {
    pools: HashMap<Peer, Arc<Pool>>,
    /// A task closes idle connections.
    swept: bool,
}

/// The connections to one peer.
pub(super) struct Pool {
    idle: Mutex<Vec<Idle>>,
    /// With HTTP/2 one connection carries all requests.
    shared: Mutex<Option<Together>>,
    room: Arc<Semaphore>,
    size: usize,
    last_used: Mutex<Instant>,
    requests: AtomicU64,
    failures: AtomicU64,
}

/// Figures of one peer.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct PoolFigures {
    /// Connections that wait for a request.
    pub(super) idle: usize,
    /// Requests that are under way.
    pub(super) under_way: usize,
    /// Requests since the peer was first used, or used again.
    pub(super) requests: u64,
    /// How many of them got no answer.
    pub(super) failures: u64,
}

struct Together {
    sender: http2::SendRequest<RequestBody>,
    keep_alive: Duration,
    until: Instant,
}

struct Idle {
    connection: Connection,
    until: Instant,
}

impl Pools {
    pub(super) fn new(size: usize) -> Pools {
        Pools { shared: Arc::default(), size }
    }

    /// The pool of a peer.
    pub(super) fn of(&self, peer: &Peer) -> Arc<Pool> {
        let mut peers = locked(&self.shared.peers);
        if let Some(pool) = peers.pools.get(peer) {
            return Arc::clone(pool);
        }
        let pool = Arc::new(Pool {
            idle: Mutex::default(),
            shared: Mutex::default(),
            room: Arc::new(Semaphore::new(self.size)),
            size: self.size,
            last_used: Mutex::new(Instant::now()),
            requests: AtomicU64::new(0),
            failures: AtomicU64::new(0),
        });
        peers.pools.insert(peer.clone(), Arc::clone(&pool));
        if !peers.swept {
            peers.swept = true;
            tokio::spawn(sweep(Arc::downgrade(&self.shared)));
        }
        pool
    }

    /// The peers and their figures.
    pub(super) fn figures(&self) -> Vec<(Peer, PoolFigures)> {
        let peers = locked(&self.shared.peers);
        peers.pools.iter().map(|(peer, pool)| (peer.clone(), pool.figures())).collect()
    }
}

impl Pool {
    /// Room for one request.
    ///
    /// # Errors
    /// `Overloaded`: there was none in time.
    pub(super) async fn room(
        &self,
        host: &str,
        wait: Duration,
    ) -> Result<OwnedSemaphorePermit, OriginFailure> {
        if let Ok(room) = Arc::clone(&self.room).try_acquire_owned() {
            return Ok(room);
        }
        match tokio::time::timeout(wait, Arc::clone(&self.room).acquire_owned()).await {
            Ok(Ok(room)) => Ok(room),
            Ok(Err(_)) | Err(_) => Err(OriginFailure::Overloaded(host.to_owned())),
        }
    }

    /// The connection that was used last, if one is idle: the others may so grow old.
    pub(super) fn take(&self) -> Option<Connection> {
        let now = Instant::now();
        let mut idle = locked(&self.idle);
        while let Some(Idle { connection, until }) = idle.pop() {
            if until > now && connection.sender.is_ready() {
                return Some(connection);
            }
        }
        None
    }

    /// Keeps a connection for the next request.
    pub(super) fn put(&self, connection: Connection, keep_alive: Duration) {
        if keep_alive.is_zero() || connection.sender.is_closed() {
            return;
        }
        let mut idle = locked(&self.idle);
        if idle.len() < self.size {
            idle.push(Idle { connection, until: Instant::now() + keep_alive });
        }
    }
}

impl Pool {
    /// Counts a request that ended.
    pub(super) fn count(&self, failed: bool) {
        self.requests.fetch_add(1, Ordering::Relaxed);
        self.failures.fetch_add(u64::from(failed), Ordering::Relaxed);
        *locked(&self.last_used) = Instant::now();
    }

    fn figures(&self) -> PoolFigures {
        PoolFigures {
            idle: locked(&self.idle).len(),
            under_way: self.size.saturating_sub(self.room.available_permits()),
            requests: self.requests.load(Ordering::Relaxed),
            failures: self.failures.load(Ordering::Relaxed),
        }
    }

    /// The connection of HTTP/2, if it lives.
    pub(super) fn shared(&self) -> Option<http2::SendRequest<RequestBody>> {
        let mut shared = locked(&self.shared);
        let together = shared.as_mut().filter(|together| !together.sender.is_closed())?;
        together.until = Instant::now() + together.keep_alive;
        Some(together.sender.clone())
    }

    /// Shares a new connection of HTTP/2.
    pub(super) fn share(&self, sender: http2::SendRequest<RequestBody>, keep_alive: Duration) {
        let until = Instant::now() + keep_alive;
        *locked(&self.shared) = Some(Together { sender, keep_alive, until });
    }

    /// Closes what was idle for too long; whether anything is left. `used` says whether requests are under way.
    fn sweep(&self, now: Instant, used: bool) -> bool {
        let mut idle = locked(&self.idle);
        idle.retain(|idle| idle.until > now && !idle.connection.sender.is_closed());
        let mut shared = locked(&self.shared);
        if shared.as_ref().is_some_and(|it| it.sender.is_closed() || (!used && it.until <= now)) {
            *shared = None;
        }
        used || !idle.is_empty() || shared.is_some()
    }
}

/// Closes connections that were idle for too long, forgets peers that were not used for long, and ends with the last of
/// them.
async fn sweep(shared: Weak<Shared>) {
    loop {
        tokio::time::sleep(SWEEP).await;
        let Some(shared) = shared.upgrade() else { return };
        let now = Instant::now();
        let mut peers = locked(&shared.peers);
        let crowded = peers.pools.len() > PEERS;
        peers.pools.retain(|_, pool| {
            let used = pool.sweep(now, Arc::strong_count(pool) > 1);
            used || (!crowded && *locked(&pool.last_used) + REMEMBERED > now)
        });
        if peers.pools.is_empty() {
            peers.swept = false;
            return;
        }
    }
}

/// A thread that panicked under the lock left the values whole: each change is one call.
fn locked<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

#[cfg(test)]
mod tests {
    use hyper_util::rt::TokioIo;
    use tokio::io::{AsyncReadExt, DuplexStream};

    use super::super::traffic::Counted;
    use super::*;

    fn peer(port: u16) -> Peer {
        let host = "a.example.com".to_owned();
        Peer { host, port, tls: None, addresses: AddressFamily::Any, named_by_operator: false, http2: false }
    }

    /// A connection, and the server's end of it.
    async fn connection() -> (Connection, DuplexStream) {
        let (ours, theirs) = tokio::io::duplex(1024);
        let (ours, received) = Counted::new(ours);
        let (mut sender, driver) = hyper::client::conn::http1::handshake(TokioIo::new(ours)).await.unwrap();
        tokio::spawn(driver);
        sender.ready().await.unwrap();
        (Connection { sender, received, reused: true }, theirs)
    }

    /// Idle connections by peer.
    fn idle(pools: &Pools) -> Vec<(u16, usize)> {
        pools.figures().into_iter().map(|(peer, figures)| (peer.port, figures.idle)).collect()
    }

    #[tokio::test(start_paused = true)]
    async fn idle_connections_are_closed_in_time_and_unused_peers_forgotten() {
        let pools = Pools::new(2);
        let pool = pools.of(&peer(1));
        let (one, mut end) = connection().await;
        pool.put(one, Duration::from_secs(5));
        pool.count(true);
        drop(pool);
        tokio::time::sleep(Duration::from_secs(4)).await;
        assert_eq!(idle(&pools), [(1, 1)]);
        tokio::time::sleep(Duration::from_secs(2)).await;
        let expected = PoolFigures { idle: 0, under_way: 0, requests: 1, failures: 1 };
        assert_eq!(pools.figures(), [(peer(1), expected)]);
        assert_eq!(end.read(&mut [0]).await.unwrap(), 0);
        tokio::time::sleep(REMEMBERED).await;
        assert_eq!(pools.figures(), []);
        // The task that closes them begins anew.
        let (two, _end) = connection().await;
        pools.of(&peer(2)).put(two, Duration::from_secs(5));
        tokio::time::sleep(Duration::from_secs(4)).await;
        assert_eq!(idle(&pools), [(2, 1)]);
        tokio::time::sleep(Duration::from_secs(3)).await;
        assert_eq!(idle(&pools), [(2, 0)]);
    }

    #[tokio::test(start_paused = true)]
    async fn of_too_many_peers_those_are_forgotten_that_are_not_used() {
        let pools = Pools::new(1);
        let used = pools.of(&peer(0));
        for port in 1..=1024 {
            pools.of(&peer(port)).count(false);
        }
        tokio::time::sleep(Duration::from_secs(2)).await;
        assert_eq!(idle(&pools), [(0, 0)]);
        drop(used);
    }

    #[tokio::test(start_paused = true)]
    async fn a_shared_connection_is_closed_when_it_is_idle_for_too_long() {
        let pools = Pools::new(1);
        let pool = pools.of(&peer(1));
        let (ours, mut theirs) = tokio::io::duplex(1024);
        let handshake = http2::handshake(hyper_util::rt::TokioExecutor::new(), TokioIo::new(ours));
        let (sender, driver) = handshake.await.unwrap();
        tokio::spawn(driver);
        pool.share(sender, Duration::from_secs(5));
        // Requests under way hold their pool.
        tokio::time::sleep(Duration::from_secs(10)).await;
        assert!(pool.shared().is_some());
        drop(pool);
        tokio::time::sleep(Duration::from_secs(7)).await;
        assert!(pools.of(&peer(1)).shared().is_none());
        let mut sent = Vec::new();
        theirs.read_to_end(&mut sent).await.unwrap();
        assert!(sent.starts_with(b"PRI * HTTP/2.0"));
    }

    #[tokio::test(start_paused = true)]
    async fn a_connection_is_taken_only_while_it_lives() {
        let pools = Pools::new(1);
        let pool = pools.of(&peer(1));
        assert!(pool.take().is_none());
        let (old, _end) = connection().await;
        pool.put(old, Duration::from_millis(500));
        tokio::time::advance(Duration::from_millis(600)).await;
        assert!(pool.take().is_none());
        let (one, end) = connection().await;
        pool.put(one, Duration::from_secs(5));
        drop(end);
        tokio::time::sleep(Duration::from_millis(1)).await;
        assert!(pool.take().is_none());
        let (one, _end) = connection().await;
        pool.put(one, Duration::from_secs(5));
        let (beyond, mut end_of_beyond) = connection().await;
        pool.put(beyond, Duration::from_secs(5));
        assert_eq!(end_of_beyond.read(&mut [0]).await.unwrap(), 0);
        assert!(pool.take().is_some());
        assert!(pool.take().is_none());
    }

    #[tokio::test]
    async fn peers_with_other_names_share_nothing() {
        let pools = Pools::new(1);
        let named = |sni: &str| {
            let names = TlsNames { sni: sni.to_owned(), accepted: vec![sni.to_owned()], shown: None };
            Peer { tls: Some(names), ..peer(443) }
        };
        let operators = Peer { named_by_operator: true, ..peer(443) };
        let v6 = Peer { addresses: AddressFamily::V6, ..peer(443) };
        let peers = [peer(443), operators, v6, named("a.example.com"), named("b.example.com")];
        let pools_of: Vec<_> = peers.iter().map(|peer| pools.of(peer)).collect();
        for (index, pool) in pools_of.iter().enumerate() {
            assert!(Arc::ptr_eq(pool, &pools.of(&peers[index])));
            assert!(pools_of.iter().skip(index + 1).all(|other| !Arc::ptr_eq(pool, other)));
        }
    }
}

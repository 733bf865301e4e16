//! One attempt to connect: address, TCP, TLS, HTTP.

use std::net::{IpAddr, SocketAddr};
use std::time::Duration;

use hyper::client::conn::{http1, http2};
use hyper_util::rt::{TokioExecutor, TokioIo, TokioTimer};
use tokio::io::{AsyncRead, AsyncWrite};
use tokio::net::TcpStream;
use tokio::time::Instant;

use super::address::is_private;
use super::exchange::{OriginFailure, RequestBody};
use super::pool::{AddressFamily, Connection, Peer};
use super::resolve::Resolver;
use super::settings::PrivateOrigins;
use super::tls::Tls;
use super::traffic::Counted;

/// Most bytes of the head of an answer. AWS names no figure; it answers 502 to a head that is too large.
const MAX_HEAD: usize = 64 * 1024;
const MAX_HEAD_OF_HTTP2: u32 = 64 * 1024;

/// How long it is waited for the addresses of a name that is reached only if they are private.
const LOOK_FOR_PRIVATE: Duration = Duration::from_secs(2);

/// How often a connection of HTTP/2 under requests is asked whether it lives: such requests may be silent for long.
const PING: Duration = Duration::from_secs(20);

/// What connections are made with.
pub(super) struct Connector {
    pub(super) resolver: Resolver,
    pub(super) tls: Tls,
    pub(super) private_origins: PrivateOrigins,
    pub(super) reach_unmapped: bool,
}

impl Connector {
    /// Connects to a peer. Attempts after the first begin with another address.
    ///
    /// # Errors
    /// `Resolve`, `Forbidden`, `NotReachableHere`, which further attempts do not change; `Connect`, `ConnectTimeout`,
    /// `Tls`.
    pub(super) async fn connect(
        &self,
        peer: &Peer,
        attempt: usize,
        limit: Duration,
    ) -> Result<Connected, OriginFailure> {
        match tokio::time::timeout(limit, self.connect_unbounded(peer, attempt)).await {
            Ok(connected) => connected,
            Err(_) => Err(OriginFailure::ConnectTimeout(peer.host.clone())),
        }
    }

    async fn connect_unbounded(&self, peer: &Peer, attempt: usize) -> Result<Connected, OriginFailure> {
        let began = Instant::now();
        let addresses = self.addresses(peer).await?;
        let dns = began.elapsed();
        let failure =
            |error: &dyn std::fmt::Display| OriginFailure::Connect(peer.host.clone(), error.to_string());
        let mut failed = failure(&"it has no address of the family that is used");
        let start = attempt % addresses.len().max(1);
        for address in addresses.iter().cycle().skip(start).take(addresses.len()) {
            let stream = match TcpStream::connect(SocketAddr::new(*address, peer.port)).await {
                Ok(stream) => stream,
                Err(error) => {
                    failed = failure(&error);
                    continue;
                }
            };
            stream.set_nodelay(true).map_err(|error| failure(&error))?;
            let opened = match &peer.tls {
                None => open(peer, stream).await,
                Some(names) => {
                    open(peer, self.tls.connect(&peer.host, names, peer.http2, stream).await?).await
                }
            };
            return Ok(Connected { opened: opened?, dns, connect: began.elapsed().saturating_sub(dns) });
        }
        Err(failed)
    }

    /// The addresses that may be connected to. What is checked here is what is connected to, so a name that changes its
    /// addresses between check and use gains nothing.
    async fn addresses(&self, peer: &Peer) -> Result<Vec<IpAddr>, OriginFailure> {
        let found = if peer.named_by_operator || self.reach_unmapped {
            self.resolver.resolve(&peer.host).await?
        } else {
            // A person waits to be told what to do: a name server that is silent adds nothing to it.
            let found = tokio::time::timeout(LOOK_FOR_PRIVATE, self.resolver.resolve(&peer.host)).await;
            found.ok().and_then(Result::ok).ok_or_else(|| not_reachable(&peer.host))?
        };
        let of_family = found.iter().copied().filter(|address| match peer.addresses {
            AddressFamily::Any => true,
            AddressFamily::V4 => address.is_ipv4(),
            AddressFamily::V6 => address.is_ipv6(),
        });
        if peer.named_by_operator {
            return Ok(of_family.collect());
        }
        let mut allowed = Vec::new();
        let mut refused = None;
        for address in of_family {
            if is_private(address) {
                if self.private_origins.allow(&peer.host) {
                    allowed.push(address);
                } else {
                    refused = Some(OriginFailure::Forbidden { host: peer.host.clone(), address });
                }
            } else if self.reach_unmapped {
                allowed.push(address);
            } else {
                refused.get_or_insert_with(|| not_reachable(&peer.host));
            }
        }
        match refused {
            Some(refused) if allowed.is_empty() => Err(refused),
            Some(_) | None => Ok(allowed),
        }
    }
}

/// An origin on the internet, where the settings say that it is not asked.
fn not_reachable(host: &str) -> OriginFailure {
    OriginFailure::NotReachableHere(format!(
        "The origin {host} is not asked from here, because nothing says where it is. Map it to a server of yours, for \
         example with --origin {host}=http://127.0.0.1:3000, or in [edge.origins] of the configuration."
    ))
}

/// A connection, and what it took to make it.
pub(super) struct Connected {
    pub(super) opened: Opened,
    /// To find the address.
    pub(super) dns: Duration,
    /// From there to the end of the handshakes.
    pub(super) connect: Duration,
}

/// A connection, by the version of HTTP that its peer is spoken to with.
pub(super) enum Opened {
    Http1(Connection),
    Http2(http2::SendRequest<RequestBody>),
}

async fn open<T: AsyncRead + AsyncWrite + Unpin + Send + 'static>(
    peer: &Peer,
    stream: T,
) -> Result<Opened, OriginFailure> {
    let opened = if peer.http2 {
        open_http2(stream).await.map(Opened::Http2)
    } else {
        open_http1(stream).await.map(Opened::Http1)
    };
    opened.map_err(|error| OriginFailure::Connect(peer.host.clone(), error.to_string()))
}

async fn open_http1<T: AsyncRead + AsyncWrite + Unpin + Send + 'static>(
    stream: T,
) -> hyper::Result<Connection> {
    let (stream, received) = Counted::new(stream);
    let (sender, connection) = http1::Builder::new()
        .title_case_headers(true)
        .max_header_size(MAX_HEAD)
        .handshake(TokioIo::new(stream))
        .await?;
    tokio::spawn(async move { ended(connection.with_upgrades().await) });
    Ok(Connection { sender, received, reused: false })
}

async fn open_http2<T: AsyncRead + AsyncWrite + Unpin + Send + 'static>(
    stream: T,
) -> hyper::Result<http2::SendRequest<RequestBody>> {
    let (sender, connection) = http2::Builder::new(TokioExecutor::new())
        .timer(TokioTimer::new())
        .keep_alive_interval(PING)
        .max_header_list_size(MAX_HEAD_OF_HTTP2)
        .handshake(TokioIo::new(stream))
        .await?;
    tokio::spawn(async move { ended(connection.await) });
    Ok(sender)
}

/// Who waits for an answer learns of the error as well.
fn ended(result: hyper::Result<()>) {
    if let Err(error) = result {
        tracing::debug!(%error, "a connection to an origin ended");
    }
}

//! One attempt to connect: address, TCP, TLS, HTTP/1.1.

use std::net::{IpAddr, SocketAddr};
use std::time::Duration;

use hyper::client::conn::http1::Builder;
use hyper_util::rt::TokioIo;
use tokio::io::{AsyncRead, AsyncWrite};
use tokio::net::TcpStream;

use super::address::is_private;
use super::exchange::OriginFailure;
use super::pool::{AddressFamily, Connection, Peer};
use super::resolve::Resolver;
use super::settings::PrivateOrigins;
use super::tls::Tls;
use super::traffic::Counted;

/// Most bytes of the head of an answer. AWS names no figure; it answers 502 to a head that is too large.
const MAX_HEAD: usize = 64 * 1024;

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
    ) -> Result<Connection, OriginFailure> {
        match tokio::time::timeout(limit, self.connect_unbounded(peer, attempt)).await {
            Ok(connected) => connected,
            Err(_) => Err(OriginFailure::ConnectTimeout(peer.host.clone())),
        }
    }

    async fn connect_unbounded(&self, peer: &Peer, attempt: usize) -> Result<Connection, OriginFailure> {
        let addresses = self.addresses(peer).await?;
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
            return match &peer.tls {
                None => handshake(peer, stream).await,
                Some(names) => handshake(peer, self.tls.connect(&peer.host, names, stream).await?).await,
            };
        }
        Err(failed)
    }

    /// The addresses that may be connected to. What is checked here is what is connected to, so a name that changes its
    /// addresses between check and use gains nothing.
    async fn addresses(&self, peer: &Peer) -> Result<Vec<IpAddr>, OriginFailure> {
        let found = match self.resolver.resolve(&peer.host).await {
            Err(OriginFailure::Resolve(_)) if !peer.named_by_operator && !self.reach_unmapped => {
                return Err(not_reachable(&peer.host));
            }
            found => found?,
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
        "The origin {host} is not asked from here, because nothing says where it is. Map it to a server of yours, for example \
         with --origin {host}=http://127.0.0.1:3000, or in [edge.origins] of the configuration."
    ))
}

async fn handshake<T: AsyncRead + AsyncWrite + Unpin + Send + 'static>(
    peer: &Peer,
    stream: T,
) -> Result<Connection, OriginFailure> {
    let (stream, received) = Counted::new(stream);
    let (sender, connection) = Builder::new()
        .title_case_headers(true)
        .max_header_size(MAX_HEAD)
        .handshake(TokioIo::new(stream))
        .await
        .map_err(|error| OriginFailure::Connect(peer.host.clone(), error.to_string()))?;
    tokio::spawn(async move {
        if let Err(error) = connection.with_upgrades().await {
            // Who waits for an answer learns it as well.
            tracing::debug!(%error, "a connection to an origin ended");
        }
    });
    Ok(Connection { sender, received, reused: false })
}

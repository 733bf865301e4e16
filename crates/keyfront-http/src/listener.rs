//! Binds an address, accepts connections, and stops without losing a request.

use std::io;
use std::net::SocketAddr;
use std::sync::Arc;
use std::time::Duration;

use tokio::net::{TcpListener, TcpStream};
use tokio::sync::watch;
use tokio_util::sync::CancellationToken;

use crate::connection::Connection;
use crate::limits::{Limits, LimitsInForce};
use crate::room::{Full, Place, Room};
use crate::service::Service;
use crate::spelling::Spelling;
use crate::tls::Tls;

/// How long the listener waits before it accepts again when the system has no file descriptor left.
const PAUSE_AFTER_FAILURE: Duration = Duration::from_millis(50);

/// Accepts connections on one address.
pub struct Listener {
    socket: TcpListener,
    address: SocketAddr,
    tls: Option<Tls>,
    limits: LimitsInForce,
    title_case: bool,
}

/// An address cannot be listened on.
#[derive(Debug, thiserror::Error)]
#[error("cannot listen on {address}")]
pub struct BindError {
    /// The address that was asked for.
    pub address: SocketAddr,
    /// Why not.
    #[source]
    pub cause: io::Error,
}

impl Listener {
    /// Binds an address; port 0 takes a free port. Without `tls` the listener speaks plain HTTP.
    pub async fn bind(address: SocketAddr, tls: Option<Tls>, limits: Limits) -> Result<Listener, BindError> {
        let failed = |cause| BindError { address, cause };
        let socket = TcpListener::bind(address).await.map_err(failed)?;
        let address = socket.local_addr().map_err(failed)?;
        Ok(Listener { socket, address, tls, limits: limits.into(), title_case: false })
    }

    /// Sends the names of headers as `Content-Type` instead of `content-type` over HTTP/1.1, and `ETag` and its like as they
    /// are usually spelled; over HTTP/2 they are always in lower case.
    #[must_use]
    pub fn with_title_case_headers(self) -> Listener {
        Listener { title_case: true, ..self }
    }

    /// The address that it listens on.
    pub fn address(&self) -> SocketAddr {
        self.address
    }

    /// The limits in force, to change them while it serves.
    pub fn limits(&self) -> LimitsInForce {
        self.limits.clone()
    }

    /// Serves until `stop` is cancelled, then finishes what it accepted within the shutdown timeout.
    pub async fn serve<S: Service>(self, service: S, stop: CancellationToken) {
        let room = Room::new(self.limits.clone());
        let spelling = self.spelling().await.map(Arc::new);
        // Every connection holds a receiver.
        let connections = watch::Sender::new(());
        while let Some((stream, address)) = self.accept(&stop).await {
            let address = SocketAddr::new(address.ip().to_canonical(), address.port());
            let Some(place) = admit(&room, address, &stop).await else { continue };
            let (tls, stop) = (self.tls.clone(), stop.clone());
            let (limits, title_case, listener) = (self.limits.now(), self.title_case, self.address);
            let spelling = spelling.clone();
            let connection =
                Connection { tls, limits, title_case, spelling, listener, peer: address, place, stop };
            let (service, alive) = (service.clone(), connections.subscribe());
            tokio::spawn(async move {
                connection.run(stream, service).await;
                drop(alive);
            });
        }
        drop(self.socket);
        let limit = self.limits.now().shutdown_timeout;
        let drained = async {
            connections.closed().await;
            service.finished().await;
        };
        if tokio::time::timeout(limit, drained).await.is_err() {
            tracing::warn!(?limit, "some requests were not finished in time");
        }
    }

    /// How names are spelled that are not in title case, where the others are.
    async fn spelling(&self) -> Option<Spelling> {
        if !self.title_case {
            return None;
        }
        let spelling = Spelling::read().await;
        spelling.inspect_err(|error| tracing::warn!(%error, "all names of headers are in title case")).ok()
    }

    /// The next connection; `None` when it is time to stop.
    async fn accept(&self, stop: &CancellationToken) -> Option<(TcpStream, SocketAddr)> {
        loop {
            let accepted = tokio::select! {
                biased;
                () = stop.cancelled() => return None,
                accepted = self.socket.accept() => accepted,
            };
            match accepted {
                Ok(accepted) => return Some(accepted),
                Err(error) => {
                    tracing::warn!(%error, "a connection could not be accepted");
                    tokio::time::sleep(PAUSE_AFTER_FAILURE).await;
                }
            }
        }
    }
}

/// Finds a place for a connection. It waits while all places are busy, and further connections in the kernel's queue
/// behind it; a connection of an address that has its share already is refused.
async fn admit(room: &Arc<Room>, peer: SocketAddr, stop: &CancellationToken) -> Option<Place> {
    loop {
        match room.admit(peer.ip()) {
            Ok(place) => return Some(place),
            Err(Full::Address) => {
                tracing::debug!(%peer, "refused: its address has as many connections as it may");
                return None;
            }
            Err(Full::All) => tokio::select! {
                () = room.changed() => {}
                () = stop.cancelled() => return None,
            },
        }
    }
}

//! Binds an address, accepts connections, and stops without losing a request.

use std::io;
use std::net::SocketAddr;
use std::sync::Arc;
use std::time::Duration;

use hyper_util::server::graceful::GracefulShutdown;
use tokio::net::TcpListener;
use tokio::sync::Semaphore;
use tokio_util::sync::CancellationToken;

use crate::connection::Connection;
use crate::limits::Limits;
use crate::service::{Peer, Service};
use crate::tls::Tls;

/// How long the listener waits before it accepts again when the system has no file descriptor left.
const PAUSE_AFTER_FAILURE: Duration = Duration::from_millis(50);

/// Accepts connections on one address.
pub struct Listener {
    socket: TcpListener,
    address: SocketAddr,
    tls: Option<Tls>,
    limits: Limits,
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
        Ok(Listener { socket, address, tls, limits })
    }

    /// The address that it listens on.
    pub fn address(&self) -> SocketAddr {
        self.address
    }

    /// Serves until `stop` is cancelled, then finishes what it accepted within the shutdown timeout.
    pub async fn serve<S: Service>(self, service: S, stop: CancellationToken) {
        let places = Arc::new(Semaphore::new(self.limits.max_connections));
        let graceful = GracefulShutdown::new();
        loop {
            // Taken before a connection is, so that further ones wait in the kernel's queue.
            let place = tokio::select! {
                place = Arc::clone(&places).acquire_owned() => place,
                () = stop.cancelled() => break,
            };
            let accepted = tokio::select! {
                accepted = self.socket.accept() => accepted,
                () = stop.cancelled() => break,
            };
            match (accepted, place) {
                (Ok((stream, address)), Ok(place)) => {
                    let address = SocketAddr::new(address.ip().to_canonical(), address.port());
                    let peer = Peer { address, secure: self.tls.is_some() };
                    let connection = Connection { tls: self.tls.clone(), limits: self.limits, peer };
                    tokio::spawn(connection.run(stream, service.clone(), graceful.watcher(), place));
                }
                (Err(error), _) => {
                    tracing::warn!(%error, "a connection could not be accepted");
                    tokio::time::sleep(PAUSE_AFTER_FAILURE).await;
                }
                // The semaphore is never closed.
                (Ok(_), Err(_)) => break,
            }
        }
        drop(self.socket);
        let limit = self.limits.shutdown_timeout;
        let drained = async {
            graceful.shutdown().await;
            service.finished().await;
        };
        if tokio::time::timeout(limit, drained).await.is_err() {
            tracing::warn!(?limit, "some requests were not finished in time");
        }
    }
}

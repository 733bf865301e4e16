//! Sockets: accepting, TLS, HTTP/1.1 and HTTP/2, limits, and stopping without losing a request.
//!
//! What a request means is not decided here; a listener hands it to a function with the peer's address.

mod admin;
mod browser;
mod control;
mod prompt;
mod target;
mod tls;

use std::future::Future;
use std::io::ErrorKind;
use std::net::SocketAddr;
use std::sync::Arc;
use std::time::Duration;

use bytes::Bytes;
use http::{HeaderValue, Request, Response};
use http_body_util::Full;
use hyper::body::Incoming;
use hyper::service::service_fn;
use hyper_util::rt::{TokioExecutor, TokioIo, TokioTimer};
use hyper_util::server::conn::auto;
use hyper_util::server::graceful::GracefulShutdown;
use keyfront_api::faults::Unanswered;
use keyfront_api::{Ids, Peer};
use tokio::io::{AsyncRead, AsyncWrite};
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::{OwnedSemaphorePermit, Semaphore, mpsc, watch};
use tokio_rustls::TlsAcceptor;

use crate::clock::RandomIds;
use crate::config::ServerSettings;
use crate::failure::Failure;
use prompt::Prompt;

pub(crate) use admin::{Admin, BackupOrder, NewCredential};
pub(crate) use control::ask;
pub(crate) use target::{Names, PROXIED_NAME};
pub(crate) use tls::acceptor;

/// Takes connections on one address.
pub(crate) struct Listener {
    socket: TcpListener,
    address: SocketAddr,
    tls: Option<TlsAcceptor>,
    settings: ServerSettings,
}

/// Resolves when the server should stop; every clone sees it.
pub(crate) type Stop = watch::Receiver<bool>;

/// Waits until it is time to stop.
pub(crate) async fn stopped(stop: &mut Stop) {
    // A sender that is gone will not ask for anything any more: stop too.
    stop.wait_for(|stop| *stop).await.ok();
}

impl Listener {
    /// Binds an address, which `setting` names. Port 0 takes a free one.
    pub(crate) async fn bind(
        address: SocketAddr,
        setting: &str,
        tls: Option<TlsAcceptor>,
        settings: &ServerSettings,
    ) -> Result<Listener, Failure> {
        let failed = |error: std::io::Error| {
            let advice = if error.kind() == ErrorKind::AddrInUse {
                format!("another program listens there; choose another address with {setting}, or port 0")
            } else {
                format!("choose another address with {setting}")
            };
            Failure::because(format!("cannot listen on {address} ({advice})"), &error)
        };
        let socket = TcpListener::bind(address).await.map_err(failed)?;
        let address = socket.local_addr().map_err(failed)?;
        Ok(Listener { socket, address, tls, settings: settings.clone() })
    }

    /// The address that it listens on.
    pub(crate) fn address(&self) -> SocketAddr {
        self.address
    }

    /// Serves until told to stop, then finishes what it accepted within the configured time.
    pub(crate) async fn serve<H, F>(self, handle: H, mut stop: Stop)
    where
        H: Fn(Request<Incoming>, Peer) -> F + Clone + Send + Sync + 'static,
        F: Future<Output = Response<Bytes>> + Send + 'static,
    {
        let places = Arc::new(Semaphore::new(self.settings.max_connections));
        let graceful = GracefulShutdown::new();
        // Every request holds a sender, so the receiver tells when the last one is finished.
        let (request, mut requests) = mpsc::channel::<()>(1);
        let handle = move |incoming, peer| finished(handle(incoming, peer), request.clone());
        loop {
            // Taken before a connection is, so that further ones wait in the kernel's queue.
            let place = tokio::select! {
                place = Arc::clone(&places).acquire_owned() => place,
                () = stopped(&mut stop) => break,
            };
            let accepted = tokio::select! {
                accepted = self.socket.accept() => accepted,
                () = stopped(&mut stop) => break,
            };
            match (accepted, place) {
                (Ok((stream, peer)), Ok(place)) => {
                    let connection =
                        Connection { tls: self.tls.clone(), settings: self.settings.clone(), peer };
                    tokio::spawn(connection.run(stream, handle.clone(), graceful.watcher(), place));
                }
                (Err(error), _) => {
                    // Out of file descriptors, for example: give connections time to end.
                    tracing::warn!(%error, "a connection could not be accepted");
                    tokio::time::sleep(Duration::from_millis(50)).await;
                }
                // The semaphore is never closed.
                (Ok(_), Err(_)) => break,
            }
        }
        drop(self.socket);
        drop(handle);
        let limit = self.settings.shutdown_timeout();
        let drained = async {
            graceful.shutdown().await;
            // Requests whose clients have left are finished too.
            requests.recv().await;
        };
        if tokio::time::timeout(limit, drained).await.is_err() {
            tracing::warn!(?limit, "some requests were not finished in time");
        }
    }
}

/// Runs a request in a task of its own: a client that leaves must not stop it between a commit and what
/// follows from it. `alive` is held until it is finished.
async fn finished<F>(answer: F, alive: mpsc::Sender<()>) -> Response<Bytes>
where
    F: Future<Output = Response<Bytes>> + Send + 'static,
{
    let task = tokio::spawn(async move {
        let response = answer.await;
        drop(alive);
        response
    });
    task.await.unwrap_or_else(|error| {
        tracing::error!(%error, "a request ended unexpectedly");
        let mut response = Response::new(Bytes::new());
        *response.status_mut() = http::StatusCode::INTERNAL_SERVER_ERROR;
        with_request_id(response)
    })
}

/// An answer that no operation gave, with the id that every answer carries.
pub(crate) fn with_request_id(mut response: Response<Bytes>) -> Response<Bytes> {
    if let Ok(id) = HeaderValue::from_str(&RandomIds.uuid().to_string()) {
        response.headers_mut().insert("x-amzn-requestid", id);
    }
    response
}

/// One accepted connection.
struct Connection {
    tls: Option<TlsAcceptor>,
    settings: ServerSettings,
    peer: SocketAddr,
}

impl Connection {
    async fn run<H, F>(
        self,
        stream: TcpStream,
        handle: H,
        watcher: hyper_util::server::graceful::Watcher,
        place: OwnedSemaphorePermit,
    ) where
        H: Fn(Request<Incoming>, Peer) -> F + Clone + Send + Sync + 'static,
        F: Future<Output = Response<Bytes>> + Send + 'static,
    {
        stream.set_nodelay(true).ok();
        match &self.tls {
            None => self.http(stream, handle, watcher).await,
            Some(tls) => match tokio::time::timeout(self.settings.header_timeout(), tls.accept(stream)).await
            {
                Ok(Ok(stream)) => self.http(stream, handle, watcher).await,
                Ok(Err(error)) => tracing::debug!(peer = %self.peer, %error, "TLS was not agreed on"),
                Err(_elapsed) => tracing::debug!(peer = %self.peer, "TLS was not agreed on in time"),
            },
        }
        drop(place);
    }

    async fn http<S, H, F>(&self, stream: S, handle: H, watcher: hyper_util::server::graceful::Watcher)
    where
        S: AsyncRead + AsyncWrite + Unpin + Send + 'static,
        H: Fn(Request<Incoming>, Peer) -> F + Clone + Send + Sync + 'static,
        F: Future<Output = Response<Bytes>> + Send + 'static,
    {
        let peer = Peer { ip: Some(self.peer.ip().to_canonical()), secure: self.tls.is_some() };
        let service = service_fn(move |request| {
            let answer = handle(request, peer);
            async move {
                let answer = answer.await;
                match answer.extensions().get::<Unanswered>() {
                    // hyper ends a connection of HTTP/1.1, and a stream of HTTP/2.
                    Some(unanswered) => Err(*unanswered),
                    None => Ok(answer.map(Full::new)),
                }
            }
        });
        let mut builder = auto::Builder::new(TokioExecutor::new());
        builder
            .http1()
            .timer(TokioTimer::new())
            .header_read_timeout(self.settings.header_timeout())
            .max_buf_size(self.settings.max_header_bytes);
        builder
            .http2()
            .timer(TokioTimer::new())
            .max_concurrent_streams(self.settings.max_streams_per_connection)
            .max_header_list_size(u32::try_from(self.settings.max_header_bytes).unwrap_or(u32::MAX))
            .keep_alive_interval(self.settings.header_timeout());
        let stream = Prompt::new(stream, self.settings.header_timeout());
        let connection = builder.serve_connection(TokioIo::new(stream), service).into_owned();
        if let Err(error) = watcher.watch(connection).await {
            tracing::debug!(peer = %self.peer, error, "connection ended early");
        }
    }
}

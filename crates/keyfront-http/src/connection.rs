//! One accepted connection: TLS handshake, HTTP version, requests.

use hyper::service::service_fn;
use hyper_util::rt::{TokioExecutor, TokioIo, TokioTimer};
use hyper_util::server::conn::auto;
use hyper_util::server::graceful::Watcher;
use tokio::io::{AsyncRead, AsyncWrite};
use tokio::net::TcpStream;
use tokio::sync::OwnedSemaphorePermit;

use crate::first_bytes::FirstBytes;
use crate::limits::Limits;
use crate::service::{Peer, Service};
use crate::tls::Tls;

/// An accepted connection.
pub(crate) struct Connection {
    pub(crate) tls: Option<Tls>,
    pub(crate) limits: Limits,
    pub(crate) peer: Peer,
}

impl Connection {
    /// Serves the connection to its end. `place` is what it takes of the listener's room.
    pub(crate) async fn run<S: Service>(
        self,
        stream: TcpStream,
        service: S,
        watcher: Watcher,
        place: OwnedSemaphorePermit,
    ) {
        stream.set_nodelay(true).ok();
        let peer = self.peer.address;
        match &self.tls {
            None => self.http(stream, service, watcher).await,
            Some(tls) => match tokio::time::timeout(self.limits.header_timeout, tls.accept(stream)).await {
                Ok(Ok(stream)) => self.http(stream, service, watcher).await,
                Ok(Err(error)) => tracing::debug!(%peer, %error, "TLS was not agreed on"),
                Err(_elapsed) => tracing::debug!(%peer, "TLS was not agreed on in time"),
            },
        }
        drop(place);
    }

    async fn http<I, S>(&self, stream: I, service: S, watcher: Watcher)
    where
        I: AsyncRead + AsyncWrite + Unpin + Send + 'static,
        S: Service,
    {
        let peer = self.peer;
        let service = service_fn(move |request| service.clone().call(request, peer));
        let limits = &self.limits;
        let mut builder = auto::Builder::new(TokioExecutor::new());
        builder
            .http1()
            .timer(TokioTimer::new())
            .header_read_timeout(limits.header_timeout)
            .max_buf_size(limits.max_header_bytes);
        builder
            .http2()
            .timer(TokioTimer::new())
            .max_concurrent_streams(limits.max_streams_per_connection)
            .max_header_list_size(u32::try_from(limits.max_header_bytes).unwrap_or(u32::MAX))
            .keep_alive_interval(limits.header_timeout);
        let stream = FirstBytes::new(stream, limits.header_timeout);
        let connection = builder.serve_connection(TokioIo::new(stream), service).into_owned();
        if let Err(error) = watcher.watch(connection).await {
            tracing::debug!(peer = %peer.address, error, "connection ended early");
        }
    }
}

//! One accepted connection: TLS handshake, HTTP version, requests, and how it ends.

use std::future::poll_fn;
use std::net::SocketAddr;
use std::pin::{Pin, pin};
use std::sync::Arc;
use std::task::Poll;
use std::time::Duration;

use http::{HeaderMap, Request, Response, StatusCode, Version, header};
use hyper::body::Incoming;
use hyper::service::service_fn;
use hyper_util::rt::{TokioExecutor, TokioIo, TokioTimer};
use hyper_util::server::conn::auto;
use tokio::io::{AsyncRead, AsyncWrite};
use tokio::net::TcpStream;
use tokio::time::Instant;
use tokio_util::sync::CancellationToken;

use crate::activity::{Activity, Overdue, Patience};
use crate::beside::Beside;
use crate::first_bytes::FirstBytes;
use crate::limits::Limits;
use crate::outgoing::Outgoing;
use crate::request_body::RequestBody;
use crate::room::Place;
use crate::service::{Abort, Peer, Service};
use crate::spelling::Spelling;
use crate::tls::{Tls, TlsFacts};
use crate::watched::Watched;

/// How long a connection without a request is kept after the server said goodbye: time for an HTTP/2 client to
/// answer. A client that has sent half of a request's headers by then must send it anew.
const GOODBYE: Duration = Duration::from_secs(1);

/// An accepted connection.
pub(crate) struct Connection {
    pub(crate) tls: Option<Tls>,
    pub(crate) limits: Limits,
    pub(crate) title_case: bool,
    pub(crate) spelling: Option<Arc<Spelling>>,
    pub(crate) listener: SocketAddr,
    pub(crate) peer: SocketAddr,
    pub(crate) place: Place,
    pub(crate) stop: CancellationToken,
}

impl Connection {
    /// Serves the connection to its end.
    pub(crate) async fn run<S: Service>(self, stream: TcpStream, service: S) {
        stream.set_nodelay(true).ok();
        let peer = self.peer;
        let stream = Watched::new(stream, Arc::clone(self.place.activity()));
        let Some(tls) = &self.tls else { return self.http(stream, None, service).await };
        let handshake = tokio::select! {
            handshake = tokio::time::timeout(self.limits.header_timeout, tls.accept(stream)) => handshake,
            // The client has sent no request that could be lost.
            () = self.stop.cancelled() => return,
            () = self.place.evicted() => return tracing::debug!(%peer, "made room during the TLS handshake"),
        };
        match handshake {
            Ok(Ok(stream)) => {
                let facts = TlsFacts::of(stream.get_ref().1);
                self.http(stream, Some(Arc::new(facts)), service).await;
            }
            Ok(Err(error)) => tracing::debug!(%peer, %error, "TLS was not agreed on"),
            Err(_elapsed) => tracing::debug!(%peer, "TLS was not agreed on in time"),
        }
    }

    async fn http<I, S>(&self, stream: I, tls: Option<Arc<TlsFacts>>, service: S)
    where
        I: AsyncRead + AsyncWrite + Unpin + Send + 'static,
        S: Service,
    {
        let peer = Peer { address: self.peer, listener: self.listener, tls };
        let activity = Arc::clone(self.place.activity());
        let limits = &self.limits;
        let read_timeout = limits.read_timeout;
        let spelling = self.spelling.clone();
        let service = service_fn(move |request: Request<Incoming>| {
            let request = request.map(|body| RequestBody::new(body, read_timeout, Arc::clone(&activity)));
            // hyper keeps room for the future of a request as long as the connection lives. Without the box an idle
            // connection would take as much memory as a request of the service's.
            Box::pin(answer(&service, (&activity, spelling.clone()), request, peer.clone()))
        });
        let builder = self.builder();
        let stream = FirstBytes::new(stream, limits.header_timeout);
        let connection = pin!(builder.serve_connection_with_upgrades(TokioIo::new(stream), service));
        self.drive(connection).await;
        self.tunnel().await;
    }

    fn builder(&self) -> auto::Builder<TokioExecutor> {
        let limits = &self.limits;
        let mut builder = auto::Builder::new(TokioExecutor::new());
        builder
            .http1()
            .timer(TokioTimer::new())
            .header_read_timeout(limits.header_timeout)
            .title_case_headers(self.title_case)
            .max_buf_size(limits.max_header_bytes);
        if limits.max_headers != Limits::USUAL_HEADERS {
            builder.http1().max_headers(limits.max_headers);
        }
        builder
            .http2()
            .timer(TokioTimer::new())
            .max_concurrent_streams(limits.max_streams_per_connection)
            .max_header_list_size(u32::try_from(limits.max_header_bytes).unwrap_or(u32::MAX))
            .keep_alive_interval(limits.header_timeout);
        builder
    }

    /// Runs a connection until it ends by itself or has to.
    async fn drive<C>(&self, mut connection: Pin<&mut C>)
    where
        C: hyper_util::server::graceful::GracefulConnection<Error: std::fmt::Display>,
    {
        let (peer, activity) = (self.peer, self.place.activity());
        let limits = &self.limits;
        let patience = Patience {
            idle: limits.idle_timeout,
            from: Instant::now(),
            while_writing: false,
            write: limits.write_timeout,
        };
        let cut = pin!(async {
            tokio::select! {
                () = self.stop.cancelled() => None,
                () = self.place.evicted() => Some("an idle or slow connection made room for another"),
                overdue = activity.overdue(patience) => match overdue {
                    Overdue::Idle => None,
                    Overdue::Stalled => Some("the client did not read its response in time"),
                },
            }
        });
        let mut cut = Beside::new(cut);
        let happened = poll_fn(|cx| match connection.as_mut().poll(cx) {
            Poll::Ready(result) => Poll::Ready(Happened::Ended(result)),
            Poll::Pending => cut.poll(cx).map(Happened::Cut),
        });
        match happened.await {
            Happened::Ended(result) => return ended(peer, result),
            Happened::Cut(Some(why)) => return tracing::debug!(%peer, "{why}"),
            Happened::Cut(None) => {}
        }
        connection.as_mut().graceful_shutdown();
        let patience = Patience { idle: GOODBYE, from: Instant::now(), while_writing: true, ..patience };
        tokio::select! {
            result = connection => ended(peer, result),
            overdue = activity.overdue(patience) => tracing::debug!(%peer, ?overdue, "connection closed"),
        }
    }

    /// Keeps the place of a connection that has left HTTP until the service lets go of the socket, or has to.
    async fn tunnel(&self) {
        let Some(tunnel) = self.place.activity().tunnel() else { return };
        tokio::select! {
            () = tunnel.closed() => {}
            () = tunnel.quiet(self.limits.tunnel_idle_timeout) => {
                tracing::debug!(peer = %self.peer, "nothing went through a tunnel for too long");
            }
            // What goes through has no end that could be waited for.
            () = self.stop.cancelled() => {}
        }
        tunnel.cut();
    }
}

/// What a connection came to.
enum Happened<R> {
    /// It has ended by itself.
    Ended(R),
    /// It has to end: at once, for this reason, or after what is under way.
    Cut(Option<&'static str>),
}

fn ended(peer: SocketAddr, result: Result<(), impl std::fmt::Display>) {
    if let Err(error) = result {
        tracing::debug!(%peer, %error, "connection ended early");
    }
}

/// Answers one request, which counts as in progress until its response is sent.
fn answer<S: Service>(
    service: &S,
    (activity, spelling): (&Arc<Activity>, Option<Arc<Spelling>>),
    request: Request<RequestBody>,
    peer: Peer,
) -> impl Future<Output = Result<Response<Outgoing<S::Body>>, Abort>> + Send + use<S> {
    let (guard, version) = (activity.begin_request(), request.version());
    let activity = Arc::clone(activity);
    let answer = names_one_host(version, request.headers()).then(|| service.clone().call(request, peer));
    async move {
        let mut response = if let Some(answer) = answer {
            answer.await?.map(Some)
        } else {
            let mut refusal = Response::new(None);
            *refusal.status_mut() = StatusCode::BAD_REQUEST;
            refusal
        };
        if response.status() == StatusCode::SWITCHING_PROTOCOLS && version == Version::HTTP_11 {
            activity.begin_tunnel();
        }
        if let Some(spelling) = spelling.filter(|_| version <= Version::HTTP_11) {
            let headers = std::mem::take(response.headers_mut());
            spelling.apply(&headers, response.extensions_mut());
            *response.headers_mut() = headers;
        }
        Ok(response.map(|body| Outgoing::new(body, version, guard)))
    }
}

/// Whether a request has the one Host header that HTTP/1.1 demands (RFC 9112, section 3.2). hyper lets a request
/// without one pass, and one with several.
fn names_one_host(version: Version, headers: &HeaderMap) -> bool {
    match headers.get_all(header::HOST).iter().count() {
        0 => version != Version::HTTP_11,
        1 => true,
        _ => false,
    }
}

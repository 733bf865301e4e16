//! The interface between a listener and what answers its requests.

use std::any::Any;
use std::future::{Future, poll_fn};
use std::net::{IpAddr, SocketAddr};
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::pin::{Pin, pin};
use std::sync::Arc;
use std::task::Poll;

use bytes::Bytes;
use http::{Request, Response};
use http_body::Body;
use tokio::sync::watch;

use crate::request_body::RequestBody;
use crate::room::counted_as;
use crate::tls::TlsFacts;

/// The other end of a connection.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Peer {
    /// Its address. An IPv4 address that came in over IPv6 is an IPv4 address here.
    pub address: SocketAddr,
    /// The address of the listener that it came to.
    pub listener: SocketAddr,
    /// What was agreed on in the TLS handshake; `None` for a connection that is not encrypted.
    pub tls: Option<Arc<TlsFacts>>,
}

impl Peer {
    /// Whether the connection is encrypted.
    pub fn secure(&self) -> bool {
        self.tls.is_some()
    }

    /// The address that limits count it by: an IPv6 network of 64 bits is one address.
    pub fn counted_as(&self) -> IpAddr {
        counted_as(self.address.ip())
    }
}

/// Ends a request without a response: hyper closes an HTTP/1.1 connection and resets an HTTP/2 stream.
#[derive(Clone, Copy, Debug, thiserror::Error)]
#[error("the request is not answered, on purpose")]
pub struct Abort;

/// Answers requests.
///
/// The bodies of requests and responses are streams, so a service can forward what it does not hold in memory.
///
/// A request of HTTP/1.1 that asks for an upgrade has a `hyper::upgrade::OnUpgrade` among its extensions. A service that
/// answers it with 101 gets the connection by it, and it ends when the service lets go of it, when nothing went either
/// way for [`tunnel_idle_timeout`](crate::Limits::tunnel_idle_timeout), or when the listener stops.
pub trait Service: Clone + Send + Sync + 'static {
    /// The body of a response.
    type Body: Body<Data = Bytes, Error: Into<Box<dyn std::error::Error + Send + Sync>>>
        + Unpin
        + Send
        + 'static;

    /// Answers a request. The future is dropped when the client leaves; see [`Detached`].
    fn call(
        self,
        request: Request<RequestBody>,
        peer: Peer,
    ) -> impl Future<Output = Result<Response<Self::Body>, Abort>> + Send + 'static;

    /// Waits for work that outlives its connection. A listener calls it after its last connection has ended.
    fn finished(&self) -> impl Future<Output = ()> + Send {
        std::future::ready(())
    }
}

/// Runs each request of a service that can change something in a task of its own, to its end: a client that leaves must
/// not stop an operation between a commit and what follows from it.
///
/// A request whose method is safe (RFC 9110, section 9.2.1) changes nothing, so it is dropped when its client leaves, and
/// saves the task.
#[derive(Debug)]
pub struct Detached<S, B> {
    service: S,
    /// Every running request holds a receiver.
    running: Arc<watch::Sender<()>>,
    panicked: fn() -> Response<B>,
}

impl<S: Service> Detached<S, S::Body> {
    /// Wraps a service. `panicked` makes the response to a request whose task panicked.
    pub fn new(service: S, panicked: fn() -> Response<S::Body>) -> Self {
        Detached { service, running: Arc::new(watch::Sender::new(())), panicked }
    }
}

impl<S: Clone, B> Clone for Detached<S, B> {
    fn clone(&self) -> Self {
        let (service, running) = (self.service.clone(), Arc::clone(&self.running));
        Detached { service, running, panicked: self.panicked }
    }
}

impl<S: Service> Service for Detached<S, S::Body> {
    type Body = S::Body;

    async fn call(self, request: Request<RequestBody>, peer: Peer) -> Result<Response<S::Body>, Abort> {
        let service = self.service;
        let answered = if request.method().is_safe() {
            caught(pin!(service.call(request, peer))).await
        } else {
            let running = self.running.subscribe();
            let task = tokio::spawn(async move {
                let answer = service.call(request, peer).await;
                drop(running);
                answer
            });
            task.await.map_err(|error| error.to_string())
        };
        answered.unwrap_or_else(|error| {
            tracing::error!(error, "a request ended unexpectedly");
            Ok((self.panicked)())
        })
    }

    async fn finished(&self) {
        self.running.closed().await;
        self.service.finished().await;
    }
}

/// Runs a future to its end; with an error if it panics, after which it is not run again.
async fn caught<F: Future>(mut future: Pin<&mut F>) -> Result<F::Output, String> {
    poll_fn(|cx| match catch_unwind(AssertUnwindSafe(|| future.as_mut().poll(cx))) {
        Ok(poll) => poll.map(Ok),
        Err(panic) => Poll::Ready(Err(format!("the request panicked: {}", message(&*panic)))),
    })
    .await
}

/// What a panic says.
fn message(panic: &(dyn Any + Send)) -> &str {
    let text = panic.downcast_ref::<String>().map(String::as_str);
    text.or_else(|| panic.downcast_ref::<&str>().copied()).unwrap_or("it says nothing")
}

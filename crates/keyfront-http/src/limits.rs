//! Limits of a listener, which can be changed while it serves.

use std::sync::Arc;
use std::time::Duration;

use arc_swap::ArcSwap;

/// Limits of one listener.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Limits {
    /// Connections at the same time. When all are taken, a new one gets the place of one that is idle; while none
    /// is, it waits, and further ones wait in the kernel's queue.
    pub max_connections: usize,
    /// Connections of one address at the same time; an IPv6 network of 64 bits is one address. A further one gets
    /// the place of one that is idle, or is closed.
    pub max_connections_per_address: usize,
    /// Requests at the same time on one HTTP/2 connection.
    pub max_streams_per_connection: u32,
    /// Size of a request's line and headers, in bytes; at least [`Limits::LEAST_HEADER_BYTES`].
    pub max_header_bytes: usize,
    /// Headers of a request of HTTP/1.1; hyper answers one with more with 431. Above [`Limits::USUAL_HEADERS`] every
    /// request costs a piece of memory more.
    pub max_headers: usize,
    /// Time for the TLS handshake, for the first bytes, and for all headers of a request. An idle connection of
    /// HTTP/1.1 is closed after it; one of HTTP/2 is asked for a sign of life.
    pub header_timeout: Duration,
    /// Time after which a connection without a request is closed, whatever pings it answers.
    pub idle_timeout: Duration,
    /// Time after which a request's body ends with an error whose client sends nothing more of it.
    pub read_timeout: Duration,
    /// Time after which a connection is closed whose client takes nothing of what is sent to it.
    pub write_timeout: Duration,
    /// Time after which a connection that left HTTP by an upgrade is closed, when nothing goes either way.
    pub tunnel_idle_timeout: Duration,
    /// Time in which accepted requests are finished after a stop.
    pub shutdown_timeout: Duration,
}

/// The limits in force. Clones share them.
#[derive(Clone, Debug)]
pub struct LimitsInForce(Arc<ArcSwap<Limits>>);

impl LimitsInForce {
    /// The limits as they are now.
    pub(crate) fn now(&self) -> Limits {
        **self.0.load()
    }

    /// Puts limits in force for connections that are accepted from now on. Connections that are there keep theirs, also
    /// where they are more than the limits allow.
    pub fn replace(&self, limits: Limits) {
        self.0.store(Arc::new(limits));
    }
}

impl From<Limits> for LimitsInForce {
    fn from(limits: Limits) -> LimitsInForce {
        LimitsInForce(Arc::new(ArcSwap::from_pointee(limits)))
    }
}

impl Limits {
    /// The least that hyper needs to read any request.
    pub const LEAST_HEADER_BYTES: usize = 8192;
    /// The headers that a head of so many bytes can have: the shortest is a letter, a colon and a line end.
    #[must_use]
    pub const fn headers_of(bytes: usize) -> usize {
        bytes / "x:\r\n".len()
    }

    /// The number of headers for which hyper has room without asking for it.
    pub const USUAL_HEADERS: usize = 100;
}

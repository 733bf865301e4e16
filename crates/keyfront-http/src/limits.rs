//! Limits of a listener.

use std::time::Duration;

/// Limits of one listener.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Limits {
    /// Connections at the same time. Further ones wait in the kernel's queue.
    pub max_connections: usize,
    /// Requests at the same time on one HTTP/2 connection.
    pub max_streams_per_connection: u32,
    /// Size of a request's line and headers, in bytes; at least [`Limits::LEAST_HEADER_BYTES`].
    pub max_header_bytes: usize,
    /// Time for the TLS handshake, for the first bytes, and for all headers of a request. An idle connection of
    /// HTTP/1.1 is closed after it; one of HTTP/2 is asked for a sign of life.
    pub header_timeout: Duration,
    /// Time in which accepted requests are finished after a stop.
    pub shutdown_timeout: Duration,
}

impl Limits {
    /// The least that hyper needs to read any request.
    pub const LEAST_HEADER_BYTES: usize = 8192;
}

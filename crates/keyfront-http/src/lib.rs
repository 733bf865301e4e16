//! HTTP server: sockets, TLS, HTTP/1.1 and HTTP/2, limits, and a graceful stop.
//!
//! It knows no AWS and no store. A front end implements [`Service`] and hands it to a [`Listener`].
//!
//! | module | part |
//! |---|---|
//! | `listener` | binds an address, accepts connections, stops |
//! | `limits` | the limits of a listener |
//! | `room` | caps of connections, in total and by address; which idle connection makes room for a new one |
//! | `connection` | one connection: TLS handshake, HTTP version, requests, and how it ends |
//! | `vacancy` | tells the listener that a place may have become free |
//! | `beside` | timers and signals beside a connection that are polled only when they have fired |
//! | `activity` | what happens on a connection: when it is idle, and when its client does not read |
//! | `tunnel` | a connection that left HTTP by an upgrade: when it is quiet for too long, how it is cut |
//! | `first_bytes`, `watched`, `outgoing` | sockets and response bodies that report to it |
//! | `request_body` | request bodies that end when their client stops sending |
//! | `service` | what answers requests; [`Detached`] runs each request in a task of its own |
//! | `router` | from method and path to a route, for front ends with fixed paths |
//! | `spelling` | names of headers that are not written in title case |
//! | `tls` | certificates, one or by name; what was agreed on in a handshake |
//!
//! What hyper leaves to its user is done here: time limits for the TLS handshake, for the first bytes, for idle
//! connections and for clients that stop sending or do not read; exactly one Host header; and a stop that waits for requests, not
//! for connections. A frame of a request's body is a slice of a larger buffer: a service that keeps it copies it.

mod activity;
mod beside;
mod connection;
mod first_bytes;
mod limits;
mod listener;
mod outgoing;
mod request_body;
mod room;
mod router;
mod service;
mod spelling;
mod tls;
mod tunnel;
mod vacancy;
mod watched;

pub use limits::{Limits, LimitsInForce};
pub use listener::{BindError, Listener};
pub use matchit::InsertError as RouteError;
pub use request_body::{BodyError, RequestBody};
pub use router::{Found, Router};
pub use rustls::ServerConfig;
pub use service::{Abort, Detached, Peer, Service};
pub use tls::{
    ClientAuthorities, ClientCertificates, Tls, TlsError, TlsFacts, TlsSettings, TlsVersion, dns_names,
};
pub use tokio_util::sync::CancellationToken;

//! HTTP server: sockets, TLS, HTTP/1.1 and HTTP/2, limits, and a graceful stop.
//!
//! It knows no AWS and no store. A front end implements [`Service`] and hands it to a [`Listener`].
//!
//! | module | part |
//! |---|---|
//! | `listener` | binds an address, accepts connections, stops |
//! | `connection` | one connection: TLS handshake, HTTP version, requests |
//! | `first_bytes` | time limit for the first bytes of a connection |
//! | `limits` | the limits of a listener |
//! | `service` | what answers requests; [`Detached`] runs each request in a task of its own |
//! | `tls` | certificates |

mod connection;
mod first_bytes;
mod limits;
mod listener;
mod service;
mod tls;

pub use limits::Limits;
pub use listener::{BindError, Listener};
pub use service::{Abort, Detached, Peer, Service};
pub use tls::{Tls, TlsError};
pub use tokio_util::sync::CancellationToken;

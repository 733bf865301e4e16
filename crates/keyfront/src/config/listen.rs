//! Settings of the listeners: addresses, TLS and the limits of connections.

use std::net::{Ipv4Addr, SocketAddr};
use std::path::PathBuf;
use std::time::Duration;

use keyfront_http::Limits;
use serde::Deserialize;

use super::address;
use crate::failure::Failure;

/// The port of the API.
pub(crate) const PORT: u16 = 4700;
/// The port of the admin address.
pub(crate) const ADMIN_PORT: u16 = 4701;

/// Where requests are taken, and how many.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub(crate) struct ServerSettings {
    /// The address of the API. Loopback unless told otherwise.
    #[serde(deserialize_with = "address::deserialize")]
    pub(crate) listen: SocketAddr,
    /// Names under which clients know this server, with a port where it is not the one that it listens on.
    /// A request with one of them as an absolute target is answered, as is one with an account number in
    /// front of it. `localhost` and the address itself need not be named.
    pub(crate) names: Vec<String>,
    /// The certificate; without one the API speaks plain HTTP.
    pub(crate) tls: Option<TlsSettings>,
    /// Connections at the same time. When all are taken, a new one gets the place of one that is idle.
    pub(crate) max_connections: usize,
    /// Connections of one address at the same time, a network of 64 bits with IPv6. A further one gets the place of
    /// one that is idle, or is closed. Raise it behind a proxy, whose connections all have the proxy's address.
    pub(crate) max_connections_per_address: usize,
    /// Requests at the same time on one HTTP/2 connection.
    pub(crate) max_streams_per_connection: u32,
    /// Size of a request's line and headers, in bytes.
    pub(crate) max_header_bytes: usize,
    /// Time in which a client must have sent all headers of a request, in seconds. An idle connection of
    /// HTTP/1.1 is closed after it.
    pub(crate) header_timeout_seconds: u64,
    /// Time after which a connection without a request is closed, in seconds.
    pub(crate) idle_timeout_seconds: u64,
    /// Time after which a request is refused whose client sends nothing more of its body, in seconds.
    pub(crate) read_timeout_seconds: u64,
    /// Time after which a connection is closed whose client takes nothing of what is sent to it, in seconds.
    pub(crate) write_timeout_seconds: u64,
    /// Time in which accepted requests are finished at shutdown, in seconds.
    pub(crate) shutdown_timeout_seconds: u64,
}

/// A certificate with its private key, both PEM.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct TlsSettings {
    /// The certificate and the chain behind it.
    pub(crate) certificate: PathBuf,
    /// Its private key, in a file that only its owner can read.
    pub(crate) private_key: PathBuf,
}

/// Health, metrics and the operator's own commands.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub(crate) struct AdminSettings {
    /// The address of `/health` and `/metrics`. It needs no credentials, so it stays on loopback unless
    /// told otherwise; what changes anything needs the token in the data folder.
    #[serde(deserialize_with = "address::deserialize")]
    pub(crate) listen: SocketAddr,
}

impl Default for ServerSettings {
    fn default() -> Self {
        ServerSettings {
            listen: SocketAddr::from((Ipv4Addr::LOCALHOST, PORT)),
            names: Vec::new(),
            tls: None,
            max_connections: 4096,
            max_connections_per_address: 2048,
            max_streams_per_connection: 128,
            max_header_bytes: 64 * 1024,
            header_timeout_seconds: 30,
            idle_timeout_seconds: 120,
            read_timeout_seconds: 20,
            write_timeout_seconds: 30,
            shutdown_timeout_seconds: 30,
        }
    }
}

impl Default for AdminSettings {
    fn default() -> Self {
        AdminSettings { listen: SocketAddr::from((Ipv4Addr::LOCALHOST, ADMIN_PORT)) }
    }
}

impl ServerSettings {
    /// The limits of every listener.
    pub(crate) fn limits(&self) -> Limits {
        Limits {
            max_connections: self.max_connections,
            max_connections_per_address: self.max_connections_per_address,
            max_streams_per_connection: self.max_streams_per_connection,
            max_header_bytes: self.max_header_bytes,
            max_headers: Limits::USUAL_HEADERS,
            header_timeout: Duration::from_secs(self.header_timeout_seconds),
            idle_timeout: Duration::from_secs(self.idle_timeout_seconds),
            read_timeout: Duration::from_secs(self.read_timeout_seconds),
            write_timeout: Duration::from_secs(self.write_timeout_seconds),
            // The API and the admin address upgrade nothing.
            tunnel_idle_timeout: Duration::from_secs(self.idle_timeout_seconds),
            shutdown_timeout: Duration::from_secs(self.shutdown_timeout_seconds),
        }
    }

    pub(crate) fn check(&self) -> Result<(), Failure> {
        const LEAST_HEADER_BYTES: usize = Limits::LEAST_HEADER_BYTES;
        const MOST_CONNECTIONS: usize = 1_000_000;
        const DAY: u64 = 24 * 60 * 60;
        let connections = [self.max_connections, self.max_connections_per_address];
        if connections.iter().any(|number| !(1..=MOST_CONNECTIONS).contains(number))
            || self.max_streams_per_connection == 0
        {
            return Err(Failure::new(format!(
                "[server] max_connections and max_connections_per_address must be from 1 to {MOST_CONNECTIONS}, and \
                 max_streams_per_connection at least 1"
            )));
        }
        if self.max_header_bytes < LEAST_HEADER_BYTES {
            return Err(Failure::new(format!("[server] max_header_bytes is at least {LEAST_HEADER_BYTES}")));
        }
        let times = [
            self.header_timeout_seconds,
            self.idle_timeout_seconds,
            self.read_timeout_seconds,
            self.write_timeout_seconds,
            self.shutdown_timeout_seconds,
        ];
        if times.iter().any(|seconds| !(1..=DAY).contains(seconds)) {
            return Err(Failure::new(format!(
                "[server] header_timeout_seconds, idle_timeout_seconds, read_timeout_seconds, write_timeout_seconds and \
                 shutdown_timeout_seconds must be from 1 to {DAY}"
            )));
        }
        for name in &self.names {
            // What follows a name can only be a port.
            if name.is_empty() || name.contains('/') || name.chars().any(char::is_whitespace) {
                return Err(Failure::new(format!(
                    "[server] names: {name:?} is not a host name; write it without a scheme and a path, such as \
                     keyfront.example.com or keyfront.example.com:4700"
                )));
            }
        }
        for file in self.tls.iter().flat_map(|tls| [&tls.certificate, &tls.private_key]) {
            if !file.is_file() {
                return Err(Failure::new(format!("[server.tls] {} is not a file", file.display())));
            }
        }
        Ok(())
    }
}

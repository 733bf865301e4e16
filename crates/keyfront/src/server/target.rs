//! Request targets in absolute form: taken for this server's own names, refused for any other.
//!
//! A client that has this server as its HTTP proxy sends `GET http://000000000000.localhost:4700/… HTTP/1.1`
//! and needs no DNS at all (RFC 9112, section 3.2.2, obliges a server to understand it). For anybody else's
//! name this server is no proxy. HTTP/2 always names an authority and is never a proxy request here; like a
//! Host header, the name plays no part in what a request means.

use std::net::{IpAddr, SocketAddr};

use super::browser::from_a_page;
use bytes::Bytes;
use http::request::Parts;
use http::uri::Authority;
use http::{HeaderValue, Method, Response, StatusCode, Version, header};

/// A name that stands for whichever server is a client's proxy. Nobody has to resolve it (`.internal` is
/// reserved for private use), and an exception for `localhost` from the proxy does not cover it.
pub(crate) const PROXIED_NAME: &str = "keyfront.internal";

/// The names that this server answers to.
#[derive(Clone, Debug)]
pub(crate) struct Names {
    address: SocketAddr,
    secure: bool,
    /// Lower case, some with a port.
    configured: Vec<String>,
    /// Requests of web pages are refused.
    closed_to_pages: bool,
}

impl Names {
    /// The names of a server on `address`.
    pub(crate) fn new(address: SocketAddr, secure: bool, configured: &[String]) -> Names {
        Names {
            address,
            secure,
            configured: configured.iter().map(|name| name.to_ascii_lowercase()).collect(),
            closed_to_pages: false,
        }
    }

    /// The same names for a server whose credentials everybody knows.
    pub(crate) fn closed_to_pages(self) -> Names {
        Names { closed_to_pages: true, ..self }
    }

    /// Refuses a request that is meant for somebody else.
    pub(crate) fn refuse(&self, parts: &Parts) -> Option<Response<Bytes>> {
        if parts.method == Method::CONNECT {
            return Some(refusal("Keyfront is no proxy; it opens no tunnels.\n".to_owned()));
        }
        if self.closed_to_pages && from_a_page(parts) {
            let mut refusal = refusal("A development server does not answer web pages.\n".to_owned());
            *refusal.status_mut() = StatusCode::FORBIDDEN;
            return Some(refusal);
        }
        if parts.version == Version::HTTP_2 {
            return None;
        }
        let authority = parts.uri.authority().filter(|authority| !self.contains(authority))?;
        let address = self.address;
        Some(refusal(format!(
            "Keyfront is no proxy: {authority} is not one of its names. It answers for {address}, localhost and \
             the names in [server] names, each also with an account number in front.\n"
        )))
    }

    fn contains(&self, authority: &Authority) -> bool {
        let host = authority.host().to_ascii_lowercase();
        let port = authority.port_u16().unwrap_or(if self.secure { 443 } else { 80 });
        let host = without_account(&host);
        let with_port = format!("{host}:{port}");
        if host == PROXIED_NAME || self.configured.contains(&with_port) {
            return true;
        }
        let local = host == "localhost" || host.ends_with(".localhost") || self.is_own_address(host);
        port == self.address.port() && (local || self.configured.iter().any(|name| name == host))
    }

    fn is_own_address(&self, host: &str) -> bool {
        let bare = host.trim_start_matches('[').trim_end_matches(']');
        bare.parse::<IpAddr>().is_ok_and(|ip| ip.is_loopback() || ip == self.address.ip())
    }
}

/// A host without the account number that the SDKs put in front of it.
fn without_account(host: &str) -> &str {
    match host.split_once('.') {
        Some((account, rest)) if account.len() == 12 && account.bytes().all(|b| b.is_ascii_digit()) => rest,
        Some(_) | None => host,
    }
}

fn refusal(text: String) -> Response<Bytes> {
    let mut response = Response::new(Bytes::from(text));
    *response.status_mut() = StatusCode::MISDIRECTED_REQUEST;
    response.headers_mut().insert(header::CONTENT_TYPE, HeaderValue::from_static("text/plain"));
    response
}

#[cfg(test)]
mod tests {
    use super::*;

    fn refused(target: &str, method: Method) -> bool {
        let names = Names::new(
            "127.0.0.1:4700".parse().unwrap(),
            false,
            &["KVS.test".to_owned(), "edge.test:80".to_owned()],
        );
        let request = http::Request::builder().method(method).uri(target).body(()).unwrap();
        names.refuse(&request.into_parts().0).is_some()
    }

    #[test]
    fn own_names_are_answered_with_and_without_an_account() {
        for target in [
            "/key-value-stores/x",
            "http://localhost:4700/x",
            "http://000000000000.localhost:4700/x",
            "http://000000000000.127.0.0.1:4700/x",
            "http://127.0.0.1:4700/x",
            "http://127.0.0.2:4700/x",
            "http://[::1]:4700/x",
            "http://kvs.test:4700/x",
            "http://123456789012.KVS.test:4700/x",
            "http://edge.test/x",
            "http://000000000000.keyfront.internal:1/x",
        ] {
            assert!(!refused(target, Method::GET), "{target}");
        }
    }

    #[test]
    fn other_names_and_tunnels_are_refused() {
        for target in [
            "http://example.com/x",
            "http://localhost/x",
            "http://localhost:9000/x",
            "http://10.0.0.1:4700/x",
            "http://localhost.example.com:4700/x",
            "http://00000000000.kvs.test.evil:4700/x",
            "http://kvs.test/x",
            "http://edge.test:4700/x",
        ] {
            assert!(refused(target, Method::GET), "{target}");
        }
        assert!(refused("localhost:4700", Method::CONNECT));
    }
}

//! Which names a listener answers to.
//!
//! A client that has this server as its HTTP proxy sends `GET http://000000000000.localhost:4700/… HTTP/1.1`
//! and needs no DNS at all (RFC 9112, section 3.2.2, obliges a server to understand it). An absolute target with
//! another name is refused: this server forwards nothing. HTTP/2 always names an authority and is never a proxy request
//! here.
//!
//! A Host header must name the server too. A web page can make its own name lead here (DNS rebinding) and then read
//! the answers as its own server's; it cannot make its name an address, localhost or one that the operator chose.
//! Beyond that the name plays no part in what a request means.

use std::net::SocketAddr;
use std::sync::Arc;

use arc_swap::ArcSwap;
use bytes::Bytes;
use http::request::Parts;
use http::uri::Authority;
use http::{HeaderValue, Method, Response, StatusCode, Version, header};

use super::browser::from_a_page;
use super::host::{address, is_address, is_localhost, requested_host};

/// A name that stands for whichever server is a client's proxy. It needs no DNS (`.internal` is reserved for
/// private use), and an exception for `localhost` from the proxy does not cover it.
pub(crate) const PROXIED_NAME: &str = "keyfront.internal";

/// The endpoints of AWS that a client may mean when DNS or a hosts file leads it here. Only Amazon can give a page
/// one of these names.
const AWS_ENDPOINTS: [&str; 4] =
    ["cloudfront.amazonaws.com", "cloudfront-kvs.global.api.aws", "iam.amazonaws.com", "sts.amazonaws.com"];

/// The names that a listener answers to.
#[derive(Clone, Debug)]
pub(crate) struct Names {
    address: SocketAddr,
    secure: bool,
    /// Lower case, some with a port. Clones share them.
    configured: Arc<ArcSwap<Vec<String>>>,
    /// Requests of web pages are refused.
    closed_to_pages: bool,
}

impl Names {
    /// The names of a listener on `address`.
    pub(crate) fn new(address: SocketAddr, secure: bool, configured: &[String]) -> Names {
        Names {
            address,
            secure,
            configured: Arc::new(ArcSwap::from_pointee(in_lower_case(configured))),
            closed_to_pages: false,
        }
    }

    /// Replaces the configured names, of all clones.
    pub(crate) fn replace_configured(&self, configured: &[String]) {
        self.configured.store(Arc::new(in_lower_case(configured)));
    }

    /// The same names for a server whose credentials are public.
    pub(crate) fn closed_to_pages(self) -> Names {
        Names { closed_to_pages: true, ..self }
    }

    /// Refuses a request to the API that is meant for another server.
    pub(crate) fn refuse(&self, parts: &Parts) -> Option<Response<Bytes>> {
        if parts.method == Method::CONNECT {
            let text = "Keyfront is no proxy; it opens no tunnels.\n".to_owned();
            return Some(refusal(StatusCode::MISDIRECTED_REQUEST, text));
        }
        if self.closed_to_pages && from_a_page(parts) {
            let text = "A development server does not answer web pages.\n".to_owned();
            return Some(refusal(StatusCode::FORBIDDEN, text));
        }
        if parts.version == Version::HTTP_2 {
            return self.refuse_host(parts);
        }
        let Some(authority) = parts.uri.authority() else { return self.refuse_host(parts) };
        if self.contains(authority) {
            return None;
        }
        let address = self.address;
        let text = format!(
            "Keyfront is no proxy: {authority} is not one of its names. It answers for {address}, localhost and \
             the names in [server] names, each also with an account number in front.\n"
        );
        Some(refusal(StatusCode::MISDIRECTED_REQUEST, text))
    }

    /// Refuses a request that names another host.
    pub(crate) fn refuse_host(&self, parts: &Parts) -> Option<Response<Bytes>> {
        requested_host(parts).filter(|host| !self.answers_to(host)).map(|_foreign| {
            let text = "This server does not answer to the name in the Host header. It answers to addresses, \
                        localhost and the names in [server] names, each also with an account number in front.\n";
            refusal(StatusCode::FORBIDDEN, text.to_owned())
        })
    }

    /// Whether a Host header may name this host. The port does not matter: a client may have come through another.
    fn answers_to(&self, host: &str) -> bool {
        let host = host.to_ascii_lowercase();
        let host = without_account(host.trim_end_matches('.'));
        let configured = || self.configured.load().iter().any(|name| without_port(name) == host);
        is_localhost(host)
            || is_address(host)
            || host == PROXIED_NAME
            || AWS_ENDPOINTS.contains(&host)
            || configured()
    }

    /// Whether a proxy request for this authority is meant for this server itself.
    fn contains(&self, authority: &Authority) -> bool {
        let host = authority.host().to_ascii_lowercase();
        let port = authority.port_u16().unwrap_or(if self.secure { 443 } else { 80 });
        let host = without_account(&host);
        let with_port = format!("{host}:{port}");
        let configured = self.configured.load();
        if host == PROXIED_NAME || configured.contains(&with_port) {
            return true;
        }
        let own = address(host).is_some_and(|ip| ip.is_loopback() || ip == self.address.ip());
        let local = is_localhost(host) || own;
        port == self.address.port() && (local || configured.iter().any(|name| name == host))
    }
}

fn in_lower_case(names: &[String]) -> Vec<String> {
    names.iter().map(|name| name.to_ascii_lowercase()).collect()
}

/// A host without the account number that the SDKs put in front of it.
fn without_account(host: &str) -> &str {
    match host.split_once('.') {
        Some((account, rest)) if account.len() == 12 && account.bytes().all(|b| b.is_ascii_digit()) => rest,
        Some(_) | None => host,
    }
}

/// A configured name without its port.
fn without_port(name: &str) -> &str {
    match name.rsplit_once(':') {
        Some((host, port)) if port.bytes().all(|byte| byte.is_ascii_digit()) => host,
        Some(_) | None => name,
    }
}

fn refusal(status: StatusCode, text: String) -> Response<Bytes> {
    let mut response = Response::new(Bytes::from(text));
    *response.status_mut() = status;
    response.headers_mut().insert(header::CONTENT_TYPE, HeaderValue::from_static("text/plain"));
    response
}

#[cfg(test)]
mod tests {
    use super::*;

    fn names() -> Names {
        let configured = ["KVS.test".to_owned(), "edge.test:80".to_owned()];
        Names::new("127.0.0.1:4700".parse().unwrap(), false, &configured)
    }

    fn refused(target: &str, method: Method) -> bool {
        let names = names();
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

    #[test]
    fn a_host_header_names_this_server_or_the_request_is_refused() {
        for (host, answered) in [
            ("127.0.0.1:4700", true),
            ("10.1.2.3", true),
            ("[::1]:4700", true),
            ("[fd00::1]", true),
            ("localhost", true),
            ("000000000000.LOCALHOST:9", true),
            ("000000000000.keyfront.internal", true),
            ("kvs.test", true),
            ("123456789012.kvs.TEST:8443", true),
            ("edge.test", true),
            ("kvs.test.", true),
            ("000000000000.cloudfront-kvs.global.api.aws", true),
            ("cloudfront.amazonaws.com", true),
            ("evil.example", false),
            ("evil.example:4700", false),
            ("localhost.evil.example", false),
            ("127.0.0.1.evil.example", false),
            ("cloudfront.amazonaws.com.evil.example", false),
            ("evil.amazonaws.com", false),
            ("sub.kvs.test", false),
            ("12345678901.kvs.test", false),
            ("", false),
            ("\u{fc}.example", false),
        ] {
            for version in [Version::HTTP_10, Version::HTTP_11] {
                let value = HeaderValue::from_bytes(host.as_bytes()).unwrap();
                let request =
                    http::Request::get("/x").version(version).header(header::HOST, value).body(()).unwrap();
                let refusal = names().refuse(&request.into_parts().0);
                assert_eq!(refusal.is_none(), answered, "{host}");
                assert!(refusal.is_none_or(|refusal| refusal.status() == StatusCode::FORBIDDEN), "{host}");
            }
        }
        let nameless = http::Request::get("/x").version(Version::HTTP_10).body(()).unwrap();
        assert!(names().refuse(&nameless.into_parts().0).is_none());
    }

    #[test]
    fn an_authority_of_http_2_is_a_host() {
        for (target, answered) in [("http://localhost:1/x", true), ("https://evil.example/x", false)] {
            let request = http::Request::get(target).version(Version::HTTP_2).body(()).unwrap();
            assert_eq!(names().refuse(&request.into_parts().0).is_none(), answered, "{target}");
        }
    }
}

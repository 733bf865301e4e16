//! A viewer and its request, and the head of a response, as all steps see them.

use std::net::SocketAddr;
use std::sync::Arc;

use http::{HeaderMap, Method, StatusCode, Version};
use rustls_pki_types::CertificateDer;

/// Who asks.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Viewer {
    /// Where the request comes from.
    pub address: SocketAddr,
    /// The viewer came over HTTPS.
    pub secure: bool,
    /// The version of HTTP between the viewer and the edge.
    pub version: Version,
    /// The two letters of the country that the viewer is in, in upper case; empty where it is not known.
    pub country: String,
    /// What was agreed on in the TLS handshake; `None` without TLS.
    pub tls: Option<ViewerTls>,
    /// What it showed of itself; `None` where the distribution does not ask for certificates.
    pub mtls: Option<ViewerMtls>,
}

/// The certificates of a viewer of a distribution that asks for them (AWS: "Mutual TLS authentication with CloudFront").
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ViewerMtls {
    /// Its own, and the chain behind it; empty where it showed none.
    pub certificates: Arc<[CertificateDer<'static>]>,
    /// They were checked against a trust store. Otherwise the origin gets them as they are (`passthrough`).
    pub checked: bool,
}

/// What was agreed on in a viewer's TLS handshake.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ViewerTls {
    /// `TLSv1.2` or `TLSv1.3`.
    pub version: &'static str,
    /// The name of the cipher suite, as OpenSSL spells it.
    pub cipher: &'static str,
}

/// What a viewer asks for: at first as it was sent, later as a function changed it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RequestHead {
    /// The method.
    pub method: Method,
    /// The host that the viewer named, without its port, in lower case.
    pub host: String,
    /// The path as it was sent, encoded; it begins with a slash.
    pub path: String,
    /// The query string as it was sent, without its `?`; `None` without a `?`.
    pub query: Option<String>,
    /// All headers, `Host` and hop-by-hop ones among them.
    pub headers: HeaderMap,
}

impl RequestHead {
    /// Path and query as one, as a request line has them.
    pub fn target(&self) -> String {
        match &self.query {
            Some(query) => format!("{}?{query}", self.path),
            None => self.path.clone(),
        }
    }
}

/// The head of a response.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ResponseHead {
    /// The status.
    pub status: StatusCode,
    /// The words after the status; `None` for the usual ones.
    pub reason: Option<String>,
    /// The headers, without hop-by-hop ones.
    pub headers: HeaderMap,
}

impl ResponseHead {
    /// A head with a status and no headers.
    pub fn of(status: StatusCode) -> ResponseHead {
        ResponseHead { status, reason: None, headers: HeaderMap::new() }
    }

    /// The value of a header that is text; the first one where there are several.
    pub fn text(&self, name: impl http::header::AsHeaderName) -> Option<&str> {
        self.headers.get(name)?.to_str().ok()
    }
}

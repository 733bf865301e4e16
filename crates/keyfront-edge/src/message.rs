//! A viewer and its request, and the head of a response, as all steps see them.

use std::net::SocketAddr;
use std::sync::Arc;

use bytes::BytesMut;
use http::{HeaderMap, HeaderValue, Method, StatusCode, Version};
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
    pub cipher: String,
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

/// Headers that each response gets beside an object's own, for which a table need not grow.
const ADDED_HEADERS: usize = 6;

impl ResponseHead {
    /// A head with a status and no headers.
    pub fn of(status: StatusCode) -> ResponseHead {
        ResponseHead { status, reason: None, headers: HeaderMap::new() }
    }

    /// The value of a header that is text; the first one where there are several.
    pub fn text(&self, name: impl http::header::AsHeaderName) -> Option<&str> {
        self.headers.get(name)?.to_str().ok()
    }

    /// The same head in memory of its own, for one that is kept. The values of a head that a connection has read are parts of
    /// what it read at once, eight KiB and more, all of which a single value would keep.
    pub(crate) fn to_keep(&self) -> ResponseHead {
        let length = self.headers.values().map(HeaderValue::len).sum();
        let mut texts = BytesMut::with_capacity(length);
        let mut headers = HeaderMap::with_capacity(self.headers.keys_len() + ADDED_HEADERS);
        for (name, value) in &self.headers {
            texts.extend_from_slice(value.as_bytes());
            let mut kept =
                HeaderValue::from_maybe_shared(texts.split().freeze()).unwrap_or_else(|_| value.clone());
            kept.set_sensitive(value.is_sensitive());
            headers.append(name, kept);
        }
        // A copy has no room beyond its headers, but for places in its table.
        ResponseHead { status: self.status, reason: self.reason.clone(), headers: headers.clone() }
    }
}

#[cfg(test)]
mod tests {
    use bytes::Bytes;
    use http::HeaderName;

    use super::*;

    #[test]
    fn a_head_that_is_kept_shares_no_memory_with_what_was_read() {
        let read = Bytes::from(b"max-age=60a=1b=2".to_vec());
        let value = |range| HeaderValue::from_maybe_shared(read.slice(range)).unwrap();
        let mut head = ResponseHead::of(StatusCode::OK);
        let cookie = HeaderName::from_static("set-cookie");
        head.headers.append("cache-control", value(0..10));
        head.headers.append(&cookie, value(10..13));
        head.headers.append(&cookie, value(13..16));
        let kept = head.to_keep();
        assert_eq!(kept, head);
        assert!(!read.is_unique());
        drop(head);
        assert!(read.is_unique());
        assert_eq!(kept.headers.get_all(cookie).iter().collect::<Vec<_>>(), ["a=1", "b=2"]);
    }
}

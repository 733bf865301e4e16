//! Headers that are for one connection alone (RFC 9110 section 7.6.1), which pass in neither direction.

use http::HeaderMap;
use http::header::{self, HeaderName};

const KEEP_ALIVE: HeaderName = HeaderName::from_static("keep-alive");
const PROXY_CONNECTION: HeaderName = HeaderName::from_static("proxy-connection");

/// Headers that are hop-by-hop without being named in `Connection`. `Expect` is answered by the edge itself.
pub(super) fn is_hop_by_hop(name: &HeaderName) -> bool {
    *name == header::CONNECTION
        || *name == KEEP_ALIVE
        || *name == PROXY_CONNECTION
        || *name == header::TE
        || *name == header::TRAILER
        || *name == header::TRANSFER_ENCODING
        || *name == header::UPGRADE
        || *name == header::PROXY_AUTHENTICATE
        || *name == header::PROXY_AUTHORIZATION
        || *name == header::EXPECT
}

/// The names that a `Connection` header lists, in lower case.
pub(super) fn named_in_connection(headers: &HeaderMap) -> Vec<String> {
    let values = headers.get_all(header::CONNECTION).iter().filter_map(|value| value.to_str().ok());
    values.flat_map(|value| value.split(',')).map(|name| name.trim().to_ascii_lowercase()).collect()
}

/// Whether the edge itself adds a header to requests. A viewer's `Connection` header cannot take it away, or it could
/// hide from the origin who asks.
pub(super) fn is_of_the_edge(name: &str) -> bool {
    matches!(name, "host" | "via" | "x-forwarded-for" | "user-agent" | "cdn-loop")
        || name.starts_with("x-amz-")
        || name.starts_with("cloudfront-")
}

/// The headers without them, in their order.
pub(super) fn without(headers: HeaderMap) -> HeaderMap {
    if !headers.keys().any(is_hop_by_hop) {
        return headers;
    }
    let named = named_in_connection(&headers);
    let mut kept = HeaderMap::with_capacity(headers.keys_len());
    for (name, value) in &headers {
        if !is_hop_by_hop(name) && !named.iter().any(|listed| listed == name.as_str()) {
            kept.append(name, value.clone());
        }
    }
    kept
}

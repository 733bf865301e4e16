//! The host that a request names.

use std::net::IpAddr;

use http::header::HOST;
use http::request::Parts;

/// The host of the request's target, or else of its Host header, without a port; an IPv6 address in brackets.
/// `None` where there is none, which HTTP/1.0 allows.
pub(super) fn requested_host(request: &Parts) -> Option<&str> {
    if let Some(host) = request.uri.host() {
        return Some(host);
    }
    let header = request.headers.get(HOST)?;
    // A header that is not text names a host, but none that anything could be.
    let host = header.to_str().unwrap_or_default();
    // What is behind the last colon is the port, unless the colon is part of an IPv6 address.
    Some(host.rsplit_once(':').filter(|(_, port)| !port.ends_with(']')).map_or(host, |(host, _)| host))
}

/// Whether a host is an IP address.
pub(super) fn is_address(host: &str) -> bool {
    address(host).is_some()
}

/// The IP address that a host is.
pub(super) fn address(host: &str) -> Option<IpAddr> {
    host.trim_start_matches('[').trim_end_matches(']').parse().ok()
}

/// Whether a host is this machine by definition (RFC 6761, section 6.3).
pub(super) fn is_localhost(host: &str) -> bool {
    host.eq_ignore_ascii_case("localhost") || host.to_ascii_lowercase().ends_with(".localhost")
}

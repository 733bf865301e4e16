//! Detects requests that a web page sends through a browser.
//!
//! The credentials of a development server are public, so a page that a developer happens to look at could sign
//! requests to it. No AWS client is a browser: what a browser marks as a page's is refused.
//! A name of the page's own that is made to lead here (DNS rebinding) makes the request look like one to its
//! own server; then the name and the program give it away.

use http::HeaderValue;
use http::header::{ORIGIN, USER_AGENT};
use http::request::Parts;

use super::host::{is_address, is_localhost, requested_host};

/// Whether a web page sent this.
pub(crate) fn from_a_page(parts: &Parts) -> bool {
    let header = |name: &str| parts.headers.get(name).map(HeaderValue::as_bytes);
    let fetched = header("sec-fetch-site").is_some_and(|site| site != b"none");
    let browser = header(USER_AGENT.as_str()).is_some_and(|program| program.starts_with(b"Mozilla/"));
    parts.headers.contains_key(ORIGIN) || fetched || (browser && !to_this_machine(parts))
}

/// Whether the request names this machine, as an address or as localhost. A page cannot make its own name one
/// of these.
pub(crate) fn to_this_machine(parts: &Parts) -> bool {
    requested_host(parts).is_some_and(|host| is_localhost(host) || is_address(host))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn parts(headers: &[(&str, &str)]) -> Parts {
        let request = headers.iter().fold(http::Request::get("/"), |request, (n, v)| request.header(*n, *v));
        request.body(()).unwrap().into_parts().0
    }

    #[test]
    fn what_a_browser_marks_as_a_pages_is_told_from_what_a_client_sends() {
        let (own, foreign) = (("host", "127.0.0.1:4700"), ("host", "evil.example:4700"));
        let mozilla = ("user-agent", "Mozilla/5.0 (X11)");
        for (headers, page) in [
            (vec![own], false),
            (vec![("host", "000000000000.cloudfront-kvs.global.api.aws"), ("user-agent", "Boto3/1")], false),
            (vec![own, ("origin", "https://evil.example")], true),
            (vec![own, ("origin", "null")], true),
            (vec![own, ("sec-fetch-site", "cross-site")], true),
            (vec![own, ("sec-fetch-site", "none"), mozilla], false),
            (vec![foreign, mozilla], true),
        ] {
            assert_eq!(from_a_page(&parts(&headers)), page, "{headers:?}");
        }
    }

    #[test]
    fn an_address_and_localhost_are_this_machine() {
        for (host, here) in [
            ("127.0.0.1:4701", true),
            ("[::1]:4701", true),
            ("[::1]", true),
            ("localhost", true),
            ("000000000000.LOCALHOST:4700", true),
            ("evil.example", false),
            ("localhost.evil.example:4701", false),
            ("", false),
        ] {
            assert_eq!(to_this_machine(&parts(&[("host", host)])), here, "{host}");
        }
    }
}

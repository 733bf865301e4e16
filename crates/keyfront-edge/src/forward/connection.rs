//! Headers that a viewer names in `Connection` are for the edge alone (RFC 9110, 7.6.1).

use http::header::{self, HeaderMap, HeaderName};
use keyfront_domain::forwarding::{Treatment, is_cloudfront_header, treatment};

/// Removes what the viewer's `Connection` headers name, and these headers themselves. To be called before a function
/// runs: what a function adds is not the viewer's to remove.
pub(crate) fn remove_connection_headers(headers: &mut HeaderMap) {
    let options = ConnectionOptions::of(headers);
    let named: Vec<HeaderName> = headers.keys().filter(|name| options.drop(name)).cloned().collect();
    for name in named {
        headers.remove(name);
    }
    headers.remove(header::CONNECTION);
}

/// What the `Connection` headers of a request name.
pub(crate) struct ConnectionOptions<'h>(Vec<&'h [u8]>);

impl<'h> ConnectionOptions<'h> {
    /// Reads them. Options that name no header of a viewer's, `close` and such, cost nothing later.
    pub(crate) fn of(headers: &'h HeaderMap) -> ConnectionOptions<'h> {
        let values = headers.get_all(header::CONNECTION).iter();
        let options =
            values.flat_map(|value| value.as_bytes().split(|byte| *byte == b',')).map(<[u8]>::trim_ascii);
        let usual = [&b""[..], b"close", b"keep-alive", b"upgrade"];
        let named = |option: &&[u8]| !usual.iter().any(|usual| usual.eq_ignore_ascii_case(option));
        ConnectionOptions(options.filter(named).collect())
    }

    /// Whether a header is removed. The edge's own are not, and neither are those that it writes by rules of their own:
    /// a viewer cannot take `X-Forwarded-For` or a country away.
    pub(crate) fn drop(&self, name: &HeaderName) -> bool {
        let name = name.as_str();
        self.0.iter().any(|option| option.eq_ignore_ascii_case(name.as_bytes()))
            && treatment(name) != Treatment::Ruled
            && !is_cloudfront_header(name)
    }
}

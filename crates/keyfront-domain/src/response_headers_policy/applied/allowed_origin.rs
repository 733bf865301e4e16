//! Origins that may read responses, with their wildcards.

/// An item of `AccessControlAllowOrigins`.
///
/// Without a scheme it allows every scheme and, unless it has a port of its own, every port; with a scheme and no port it
/// allows the scheme's default port alone (AWS: Understand response headers policies, table of examples).
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct AllowedOrigin {
    scheme: Option<String>,
    host: String,
    port: Option<String>,
}

impl AllowedOrigin {
    /// Reads an item. Every text is one: what cannot be an origin allows none.
    pub fn new(item: &str) -> AllowedOrigin {
        let item = item.to_ascii_lowercase();
        let (scheme, authority) = split_scheme(&item);
        let (host, port) = split_port(authority);
        AllowedOrigin {
            scheme: scheme.map(str::to_owned),
            host: host.to_owned(),
            port: port.map(str::to_owned),
        }
    }

    /// Whether it is the wildcard alone, which allows every origin.
    pub fn is_any(&self) -> bool {
        self.scheme.is_none() && self.port.is_none() && self.host == "*"
    }

    /// Whether it allows an origin, as a browser sends it.
    pub fn allows(&self, origin: &str) -> bool {
        if self.is_any() {
            return true;
        }
        let origin = origin.to_ascii_lowercase();
        let (scheme, authority) = split_scheme(&origin);
        let (host, port) = split_port(authority);
        let same_scheme = self.scheme.is_none() || self.scheme.as_deref() == scheme;
        let port_allowed = match (&self.port, port) {
            (Some(pattern), port) => matches(pattern, port.unwrap_or_default()),
            (None, None) => true,
            (None, Some(_port)) => self.scheme.is_none(),
        };
        same_scheme && port_allowed && matches(&self.host, host)
    }
}

fn split_scheme(origin: &str) -> (Option<&str>, &str) {
    match origin.split_once("://") {
        Some((scheme, authority)) => (Some(scheme), authority),
        None => (None, origin),
    }
}

/// Host and port. The colons of an IPv6 address stand in brackets.
fn split_port(authority: &str) -> (&str, Option<&str>) {
    match authority.rsplit_once(':') {
        Some((host, port)) if !port.contains(']') => (host, Some(port)),
        Some(_) | None => (authority, None),
    }
}

/// Whether a text is a pattern's, of which the first `*` stands for any characters. Later ones are not allowed in a
/// policy, and mean themselves.
pub(super) fn matches(pattern: &str, text: &str) -> bool {
    match pattern.split_once('*') {
        None => pattern == text,
        Some((before, after)) => text.strip_prefix(before).is_some_and(|rest| rest.ends_with(after)),
    }
}

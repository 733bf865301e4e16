//! Addresses to listen on, as people write them.

use std::net::{Ipv4Addr, SocketAddr};

use serde::{Deserialize, Deserializer, de};

/// Reads `127.0.0.1:4700`, `[::1]:4700` or `localhost:4700`.
///
/// # Errors
/// What is wrong with it and what to write instead.
pub(crate) fn parse(text: &str) -> Result<SocketAddr, String> {
    if let Some((scheme, rest)) = text.split_once("://") {
        let rest = rest.trim_end_matches('/');
        return Err(format!("an address has no {scheme}:// in front; write {rest}"));
    }
    if let Some(port) = text.strip_prefix("localhost:").and_then(|port| port.parse().ok()) {
        return Ok(SocketAddr::from((Ipv4Addr::LOCALHOST, port)));
    }
    text.parse().map_err(|_not_one| {
        "write an IP address and a port, such as 127.0.0.1:4700, [::1]:4700 or localhost:4700".to_owned()
    })
}

/// Reads a setting that is an address.
pub(super) fn deserialize<'de, D: Deserializer<'de>>(deserializer: D) -> Result<SocketAddr, D::Error> {
    parse(&String::deserialize(deserializer)?).map_err(de::Error::custom)
}

/// Reads a setting that may be an address.
pub(super) fn deserialize_optional<'de, D: Deserializer<'de>>(
    deserializer: D,
) -> Result<Option<SocketAddr>, D::Error> {
    deserialize(deserializer).map(Some)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_address_is_an_ip_address_or_localhost_with_a_port() {
        for (text, expected) in [
            ("127.0.0.1:4700", Some("127.0.0.1:4700")),
            ("localhost:4800", Some("127.0.0.1:4800")),
            ("[::1]:1", Some("[::1]:1")),
            ("0.0.0.0:0", Some("0.0.0.0:0")),
            ("localhost", None),
            ("4700", None),
            ("localhost:99999", None),
            ("example.com:80", None),
        ] {
            assert_eq!(parse(text).ok(), expected.map(|address| address.parse().unwrap()), "{text}");
        }
        let error = parse("http://localhost:4800/").unwrap_err();
        assert_eq!(error, "an address has no http:// in front; write localhost:4800");
    }
}

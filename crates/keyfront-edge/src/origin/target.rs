//! What an operator maps the name of an origin to: a server or a folder.

use std::fmt;
use std::path::PathBuf;
use std::str::FromStr;

use http::Uri;
use serde::Deserialize;

/// Where an origin is reached here.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Target {
    /// `http://HOST:PORT`, `https://HOST:PORT`, with a path that is put before the origin's own.
    Server(ServerTarget),
    /// A folder whose files are the origin's objects: a path, or `file://` before it.
    Folder(PathBuf),
}

/// A server. The name, the certificate and the paths stay those of the origin; this is where the connection goes to.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ServerTarget {
    /// Whether it speaks TLS.
    pub secure: bool,
    /// A name or an address, without brackets.
    pub host: String,
    /// The port.
    pub port: u16,
    /// Empty, or begins with a slash and does not end with one.
    pub path: String,
}

impl ServerTarget {
    /// Host and port, as a `Host` header has them: without the usual port of the scheme.
    pub fn authority(&self) -> String {
        let usual = if self.secure { 443 } else { 80 };
        let host = if self.host.contains(':') { format!("[{}]", self.host) } else { self.host.clone() };
        if self.port == usual { host } else { format!("{host}:{}", self.port) }
    }
}

/// A text that says neither a server nor a folder.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{0:?}: write http://HOST:PORT, https://HOST or the path of a folder")]
pub struct InvalidTarget(String);

impl FromStr for Target {
    type Err = InvalidTarget;

    fn from_str(text: &str) -> Result<Target, InvalidTarget> {
        let invalid = || InvalidTarget(text.to_owned());
        if let Some(path) = text.strip_prefix("file://") {
            return if path.is_empty() { Err(invalid()) } else { Ok(Target::Folder(PathBuf::from(path))) };
        }
        if !text.contains("://") {
            // `localhost:3000` is meant as a server more often than as a folder.
            let is_address = text.rsplit_once(':').is_some_and(|(_, port)| port.parse::<u16>().is_ok());
            return if text.is_empty() || is_address {
                Err(invalid())
            } else {
                Ok(Target::Folder(text.into()))
            };
        }
        let uri: Uri = text.parse().map_err(|_not_a_uri| invalid())?;
        let secure = match uri.scheme_str() {
            Some("http") => false,
            Some("https") => true,
            Some(_) | None => return Err(invalid()),
        };
        let authority = uri.authority().ok_or_else(invalid)?;
        if authority.as_str().contains('@') || uri.query().is_some() {
            return Err(invalid());
        }
        let host = authority.host();
        let port = match authority.as_str().strip_prefix(host).unwrap_or_default().strip_prefix(':') {
            Some(port) => port.parse().ok().filter(|port| *port != 0).ok_or_else(invalid)?,
            None if secure => 443,
            None => 80,
        };
        let host = host.trim_start_matches('[').trim_end_matches(']');
        if host.is_empty() {
            return Err(invalid());
        }
        let path = uri.path().trim_end_matches('/').to_owned();
        Ok(Target::Server(ServerTarget { secure, host: host.to_ascii_lowercase(), port, path }))
    }
}

/// As it is written in settings.
impl fmt::Display for Target {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Target::Server(server) => {
                let scheme = if server.secure { "https" } else { "http" };
                write!(f, "{scheme}://{}{}", server.authority(), server.path)
            }
            Target::Folder(path) => write!(f, "{}", path.display()),
        }
    }
}

impl<'de> Deserialize<'de> for Target {
    fn deserialize<D: serde::Deserializer<'de>>(deserializer: D) -> Result<Target, D::Error> {
        String::deserialize(deserializer)?.parse().map_err(serde::de::Error::custom)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_target_is_a_server_or_a_folder() {
        let server = |secure, host: &str, port, path: &str| {
            Some(Target::Server(ServerTarget { secure, host: host.to_owned(), port, path: path.to_owned() }))
        };
        for (text, expected, printed) in [
            ("http://127.0.0.1:3000", server(false, "127.0.0.1", 3000, ""), "http://127.0.0.1:3000"),
            ("http://Localhost/", server(false, "localhost", 80, ""), "http://localhost"),
            ("https://h:443/a/b/", server(true, "h", 443, "/a/b"), "https://h/a/b"),
            ("http://[::1]:8080", server(false, "::1", 8080, ""), "http://[::1]:8080"),
            ("./site", Some(Target::Folder("./site".into())), "./site"),
            ("file:///srv/site", Some(Target::Folder("/srv/site".into())), "/srv/site"),
            ("localhost:3000", None, ""),
            ("ftp://h/", None, ""),
            ("http://", None, ""),
            ("http://u:p@h/", None, ""),
            ("http://h:0", None, ""),
            ("http://h:70000", None, ""),
            ("http://h/?a=b", None, ""),
            ("", None, ""),
        ] {
            let parsed = text.parse::<Target>().ok();
            assert_eq!(parsed, expected, "{text}");
            assert_eq!(parsed.map(|target| target.to_string()).unwrap_or_default(), printed, "{text}");
        }
    }
}

//! What `dev` and `serve` print on standard output once they answer: where.
//!
//! Scripts wait for it, so it is either the lines or one line of JSON, and nothing else.

use std::net::SocketAddr;

use serde_json::{Value, json};

use crate::bootstrap::Started;
use crate::terminal::{Output, print, print_json_line};

/// The addresses of a server.
pub(super) struct Announcement {
    /// The URL of the API.
    endpoint: String,
    admin: String,
    /// Whether the lines say the admin address. JSON always does.
    with_admin: bool,
    edge: Option<String>,
    edge_tls: Option<String>,
}

impl Announcement {
    /// The addresses of a server that has started. `scheme` is the one of its API.
    pub(super) fn of(started: &Started<'_>, scheme: &str, with_admin: bool) -> Announcement {
        let url = |scheme: &str, address: SocketAddr| format!("{scheme}://{address}");
        Announcement {
            endpoint: url(scheme, started.api),
            admin: url("http", started.admin),
            with_admin,
            edge: started.edge.map(|address| url("http", address)),
            edge_tls: started.edge_tls.map(|address| url("https", address)),
        }
    }

    /// Prints them in the form that was asked for.
    pub(super) fn print(&self, output: Output) {
        match output {
            Output::Text => self.lines().iter().for_each(print),
            Output::Json => print_json_line(&self.as_json()),
        }
    }

    /// A word and a URL a line, in the order that scripts rely on.
    fn lines(&self) -> Vec<String> {
        let edges = self.edge.iter().chain(&self.edge_tls).map(|url| format!("edge {url}"));
        let ready = std::iter::once(format!("ready {}", self.endpoint));
        let admin = self.with_admin.then(|| format!("admin {}", self.admin));
        edges.chain(ready).chain(admin).collect()
    }

    fn as_json(&self) -> Value {
        json!({
            "Endpoint": self.endpoint,
            "Admin": self.admin,
            "Edge": self.edge,
            "EdgeTls": self.edge_tls,
            "ProcessId": std::process::id(),
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_lines_come_in_one_order_and_json_has_every_address() {
        let address = |port| SocketAddr::from(([127, 0, 0, 1], port));
        let started = Started {
            api: address(1),
            admin: address(2),
            edge: Some(address(3)),
            edge_tls: Some(address(4)),
            seed: None,
        };
        let lines = ["edge http://127.0.0.1:3", "edge https://127.0.0.1:4", "ready https://127.0.0.1:1"];
        assert_eq!(Announcement::of(&started, "https", false).lines(), lines);
        let announcement = Announcement::of(&started, "http", true);
        assert_eq!(announcement.lines()[2..], ["ready http://127.0.0.1:1", "admin http://127.0.0.1:2"]);
        let without_edge = Started { edge: None, edge_tls: None, ..started };
        let json = Announcement::of(&without_edge, "http", false).as_json();
        assert_eq!(json["Edge"], Value::Null);
        assert_eq!(
            (&json["Endpoint"], &json["Admin"]),
            (&json!("http://127.0.0.1:1"), &json!("http://127.0.0.1:2"))
        );
    }
}

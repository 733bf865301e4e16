//! Formats the line of a viewer request.

use std::fmt::{self, Debug, Write};

use tracing::field::{Field, Visit};

use crate::terminal::one_line;

/// The fields of a viewer request that a developer looks for.
#[derive(Default)]
pub(super) struct ViewerRequest {
    method: String,
    host: String,
    path: String,
    status: u64,
    distribution: String,
    behavior: String,
    result: String,
    function: String,
    origin: String,
    took_ms: f64,
    why: String,
}

impl Visit for ViewerRequest {
    fn record_debug(&mut self, field: &Field, value: &dyn Debug) {
        if field.name() == "method" {
            write!(self.method, "{value:?}").ok();
        }
    }

    fn record_str(&mut self, field: &Field, value: &str) {
        let part = match field.name() {
            "host" => &mut self.host,
            "path" => &mut self.path,
            "distribution" => &mut self.distribution,
            "behavior" => &mut self.behavior,
            "result" => &mut self.result,
            "function" => &mut self.function,
            "origin" => &mut self.origin,
            "why" => &mut self.why,
            _ => return,
        };
        value.clone_into(part);
    }

    fn record_u64(&mut self, field: &Field, value: u64) {
        if field.name() == "status" {
            self.status = value;
        }
    }

    fn record_f64(&mut self, field: &Field, value: f64) {
        if field.name() == "took_ms" {
            self.took_ms = value;
        }
    }
}

/// Everything that a viewer sent, or a configuration says, keeps to its line.
impl fmt::Display for ViewerRequest {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let target = format!("{}{}", self.host, self.path);
        write!(f, "{} {} {} {}", self.method, one_line(&target), self.status, self.result)?;
        for (word, part) in [
            ("", &self.distribution),
            ("", &self.behavior),
            ("function ", &self.function),
            ("origin ", &self.origin),
        ] {
            if !part.is_empty() {
                write!(f, " {word}{}", one_line(part))?;
            }
        }
        write!(f, " {:.1} ms", self.took_ms)?;
        if self.why.is_empty() { Ok(()) } else { write!(f, ": {}", one_line(&self.why)) }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn text(text: &str) -> String {
        text.to_owned()
    }

    #[test]
    fn a_line_says_where_a_request_went_and_what_it_got() {
        let hit = ViewerRequest {
            method: text("GET"),
            host: text("www.example.com"),
            path: text("/a\u{1b}[2J.css"),
            status: 200,
            distribution: text("E1XRY7J5866V6G"),
            behavior: text("*.css"),
            result: text("Hit"),
            took_ms: 0.16,
            ..ViewerRequest::default()
        };
        let line = r"GET www.example.com/a\u{1b}[2J.css 200 Hit E1XRY7J5866V6G *.css 0.2 ms";
        assert_eq!(hit.to_string(), line);
        let failed = ViewerRequest {
            status: 502,
            result: text("OriginConnectError"),
            function: text("rewrote"),
            origin: text("api"),
            why: text("no connection to 127.0.0.1:3000"),
            path: text("/"),
            ..hit
        };
        let line = "GET www.example.com/ 502 OriginConnectError E1XRY7J5866V6G *.css function rewrote origin api 0.2 ms: \
                    no connection to 127.0.0.1:3000";
        assert_eq!(failed.to_string(), line);
        let lost =
            ViewerRequest { method: text("GET"), path: text("/"), status: 403, ..ViewerRequest::default() };
        assert_eq!(lost.to_string(), "GET / 403  0.0 ms");
    }
}

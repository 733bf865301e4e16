//! Formats the log of a development server: a request is one short line, everything else looks as usual.

use std::fmt::{self, Debug, Write};

use tracing::field::{Field, Visit};
use tracing::{Event, Subscriber};
use tracing_subscriber::fmt::format::{DefaultFields, Format, Writer};
use tracing_subscriber::fmt::{FmtContext, FormatEvent};
use tracing_subscriber::registry::LookupSpan;

use super::viewer_line::ViewerRequest;
use crate::terminal::one_line;

/// Formats events for the terminal of a developer.
pub(super) struct RequestLines;

impl<S: Subscriber + for<'a> LookupSpan<'a>> FormatEvent<S, DefaultFields> for RequestLines {
    fn format_event(
        &self,
        context: &FmtContext<'_, S, DefaultFields>,
        mut writer: Writer<'_>,
        event: &Event<'_>,
    ) -> fmt::Result {
        match event.metadata().target() {
            keyfront_api::REQUEST_LOG => {
                let mut request = Request::default();
                event.record(&mut request);
                writeln!(writer, "{request}")
            }
            keyfront_edge::record::REQUEST_LOG => {
                let mut request = ViewerRequest::default();
                event.record(&mut request);
                writeln!(writer, "{request}")
            }
            _ => Format::default().compact().format_event(context, writer, event),
        }
    }
}

/// The fields of a request that a developer looks for.
#[derive(Default)]
struct Request {
    method: String,
    operation: String,
    resource: String,
    key: String,
    status: u64,
    outcome: String,
    took_ms: f64,
}

impl Visit for Request {
    fn record_debug(&mut self, field: &Field, value: &dyn Debug) {
        if field.name() == "method" {
            write!(self.method, "{value:?}").ok();
        }
    }

    fn record_str(&mut self, field: &Field, value: &str) {
        let part = match field.name() {
            "operation" => &mut self.operation,
            "resource" => &mut self.resource,
            "key" => &mut self.key,
            "outcome" => &mut self.outcome,
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

impl fmt::Display for Request {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} {}", self.method, self.operation)?;
        // An ARN without its partition, service and account, which are always the same here.
        let resource = self.resource.splitn(6, ':').nth(5).unwrap_or_default();
        for part in [resource, &self.key] {
            if !part.is_empty() {
                write!(f, " {}", one_line(part))?;
            }
        }
        write!(f, " {}", self.status)?;
        if self.outcome != "ok" {
            write!(f, " {}", self.outcome)?;
        }
        write!(f, " {:.1} ms", self.took_ms)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_line_says_what_was_asked_for_and_what_became_of_it() {
        let put = Request {
            method: "PUT".to_owned(),
            operation: "PutKey".to_owned(),
            resource: "arn:aws:cloudfront::000000000000:key-value-store/7f".to_owned(),
            key: "a\u{1b}[2J".to_owned(),
            status: 200,
            outcome: "ok".to_owned(),
            took_ms: 0.449,
        };
        assert_eq!(put.to_string(), r"PUT PutKey key-value-store/7f a\u{1b}[2J 200 0.4 ms");
        let list = Request {
            method: "GET".to_owned(),
            operation: "ListFunctions".to_owned(),
            resource: "*".to_owned(),
            status: 403,
            outcome: "AccessDenied".to_owned(),
            ..Request::default()
        };
        assert_eq!(list.to_string(), "GET ListFunctions 403 AccessDenied 0.0 ms");
    }
}

//! Builds an event from a request line such as `GET /a?b=1`, and from what a response begins with, for the command line.

use super::json::InvalidEvent;
use super::types::{Context, Event, EventType, Request, Response};

/// The address of the viewer of such a request.
const VIEWER: &str = "127.0.0.1";

/// The host of a request that names none: a distribution of AWS's documentation. Every request has one.
const HOST: &str = "d111111abcdef8.cloudfront.net";

/// The statuses that a response to a viewer has.
const STATUSES: std::ops::RangeInclusive<u16> = 200..=599;

impl Event {
    /// A viewer-request event from a request line: `GET /a?b=1`, or `/a?b=1` alone, with or without `HTTP/1.1`
    /// after it. The target may be a whole URL; its host becomes the `Host` header, if `headers` has none. Without any, the
    /// host is one of AWS's documentation.
    pub fn from_request_line(line: &str, headers: &[(&str, &str)]) -> Result<Event, InvalidEvent> {
        let (method, target) = split(line)?;
        let (host, target) = match target.split_once("://") {
            Some(("http" | "https", rest)) => {
                let path_begins = rest.find(['/', '?']).unwrap_or(rest.len());
                let (host, target) = rest.split_at(path_begins);
                (Some(host), target)
            }
            Some(_) | None => (None, target),
        };
        let target = target.split('#').next().unwrap_or_default();
        let (path, query) = match target.split_once('?') {
            Some((path, query)) => (path, Some(query.as_bytes())),
            None => (target, None),
        };
        let path = if path.is_empty() { "/" } else { path };
        if !path.starts_with('/') {
            return Err(InvalidEvent::new(format!(
                "the path of a request begins with \"/\", as in \"GET /index.html\"; this one is \"{path}\""
            )));
        }
        let has_host = headers.iter().any(|(name, _)| name.eq_ignore_ascii_case("host"));
        let host = (!has_host).then_some(("host", host.unwrap_or(HOST)));
        let headers = host.into_iter().chain(headers.iter().copied());
        let headers = headers.map(|(name, value)| (name, value.as_bytes()));
        Ok(Event {
            context: Context::of(EventType::ViewerRequest),
            viewer_ip: VIEWER.to_owned(),
            request: Request::receive(method, path.as_bytes(), query, headers),
            response: None,
        })
    }

    /// The viewer-response event of this request, with a response of a status, the words after it, and headers.
    pub fn with_response(
        mut self,
        status: u16,
        description: &str,
        headers: &[(&str, &str)],
    ) -> Result<Event, InvalidEvent> {
        if !STATUSES.contains(&status) {
            return Err(InvalidEvent::new(format!(
                "a response has a status from {} to {}, and not {status}",
                STATUSES.start(),
                STATUSES.end()
            )));
        }
        let headers = headers.iter().map(|(name, value)| (*name, value.as_bytes()));
        self.response = Some(Response::receive(status, description, headers));
        self.context.event_type = EventType::ViewerResponse;
        Ok(self)
    }
}

/// The method and the target.
fn split(line: &str) -> Result<(&str, &str), InvalidEvent> {
    let mut words = line.split_ascii_whitespace();
    let parts = (words.next(), words.next(), words.next(), words.next());
    match parts {
        (Some(target), None, _, _) if target.contains('/') => Ok(("GET", target)),
        (Some(target), Some(version), None, _) if version.starts_with("HTTP/") => Ok(("GET", target)),
        (Some(method), Some(target), None, _) => Ok((method, target)),
        (Some(method), Some(target), Some(version), None) if version.starts_with("HTTP/") => {
            Ok((method, target))
        }
        _ => Err(InvalidEvent::new(
            "a request is a method and a path, as in \"GET /index.html?a=1\"; spaces in it are written %20",
        )),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The line, and its method, path, query string and host.
    type Case = (&'static str, &'static str, &'static str, Option<&'static str>, Option<&'static str>);

    #[test]
    fn a_line_of_a_request_is_an_event() {
        let table: &[Case] = &[
            ("GET /a?b=1", "GET", "/a", Some("b=1"), Some(HOST)),
            ("/a", "GET", "/a", None, Some(HOST)),
            ("POST /a? HTTP/1.1", "POST", "/a", Some(""), Some(HOST)),
            ("/a HTTP/2", "GET", "/a", None, Some(HOST)),
            ("GET https://example.com/x/?q#part", "GET", "/x/", Some("q"), Some("example.com")),
            ("https://example.com:8443", "GET", "/", None, Some("example.com:8443")),
            ("https://example.com?u=http://b", "GET", "/", Some("u=http://b"), Some("example.com")),
            ("/?u=http://b", "GET", "/", Some("u=http://b"), Some(HOST)),
        ];
        for (line, method, path, query, host) in table {
            let request = Event::from_request_line(line, &[]).expect(line).request;
            let seen_host = request.headers.get("host").map(|entry| entry.first().value.as_str());
            assert_eq!(
                (
                    request.method.as_str(),
                    request.uri.as_str(),
                    request.raw_querystring.as_deref(),
                    seen_host
                ),
                (*method, *path, *query, *host),
                "{line}"
            );
        }
        for line in ["", "GET", "GET a", "GET /a b c", "GET /a /b /c HTTP/1.1", "GET ftp://x/"] {
            assert!(Event::from_request_line(line, &[]).is_err(), "{line}");
        }
    }

    #[test]
    fn a_response_makes_it_a_viewer_response() {
        let event = || Event::from_request_line("GET /a", &[]).unwrap();
        let headers = [("Content-Type", "text/html"), ("Set-Cookie", "a=1; Path=/")];
        let with = event().with_response(404, "Not Found", &headers).unwrap();
        assert_eq!(with.context.event_type, EventType::ViewerResponse);
        assert_eq!(
            serde_json::to_string(&with.response).unwrap(),
            r#"{"statusCode":404,"statusDescription":"Not Found","headers":{"content-type":{"value":"text/html"}},"cookies":{"a":{"value":"1","attributes":"Path=/"}}}"#
        );
        assert_eq!(with.request, event().request);
        for status in [0, 100, 600] {
            assert!(event().with_response(status, "", &[]).is_err(), "{status}");
        }
    }

    #[test]
    fn headers_come_with_it_and_a_given_host_wins() {
        let headers = [("Host", "given"), ("Cookie", "a=1"), ("X-A", "1"), ("x-a", "2")];
        let request = Event::from_request_line("GET https://other/", &headers).unwrap().request;
        assert_eq!(
            serde_json::to_string(&(&request.headers, &request.cookies)).unwrap(),
            r#"[{"host":{"value":"given"},"x-a":{"value":"1","multiValue":[{"value":"1"},{"value":"2"}]}},{"a":{"value":"1"}}]"#
        );
    }
}

//! `keyfront explain`: what the edge of a development server decides about a request, without asking the cache or an
//! origin.

use std::net::{IpAddr, Ipv4Addr, SocketAddr};
use std::process::ExitCode;
use std::time::Duration;

use bytes::Bytes;
use clap::Args;
use http::{HeaderName, HeaderValue, Method, Request, header};
use http_body_util::{BodyExt, Empty, Limited};
use hyper::client::conn::http1;
use hyper_util::rt::TokioIo;
use serde_json::{Map, Value};
use tokio::net::TcpStream;

use crate::config::{EDGE_PORT, parse_address};
use crate::failure::Failure;
use crate::runtime;
use crate::terminal::{Output, one_line};
use crate::viewer_url::ViewerUrl;

/// Asks an edge for its decisions instead of an answer.
const EXPLAIN: &str = "x-keyfront-explain";

/// Time in which the edge must have answered. A function may take its share of it.
const LIMIT: Duration = Duration::from_secs(10);

/// Largest answer that is read, in bytes.
const MAX_ANSWER_BYTES: usize = 1024 * 1024;

/// Show what the edge decides about a request: distribution, behavior, signature, function, cache key, origin request
///
/// The edge of a development server goes through all steps up to the cache. Neither the cache nor an origin is asked,
/// and functions run as they would. The request comes to the edge over HTTP; with a URL that begins with `https` the edge
/// takes it for one over HTTPS.
#[derive(Args)]
pub(super) struct Explain {
    /// The URL, as a viewer would have it
    #[arg(value_name = "URL")]
    url: String,
    /// A header of the request; can be repeated
    #[arg(long, short = 'H', value_name = "NAME: VALUE", value_parser = parse_header)]
    header: Vec<(HeaderName, HeaderValue)>,
    /// The method
    #[arg(long, short = 'X', value_name = "METHOD", default_value = "GET")]
    method: Method,
    /// The address of the edge [default: the URL's, where it is one of this machine, or else 127.0.0.1:4702]
    #[arg(long, value_name = "ADDRESS", value_parser = parse_address)]
    edge: Option<SocketAddr>,
}

fn parse_header(text: &str) -> Result<(HeaderName, HeaderValue), String> {
    let (name, value) = text.split_once(':').ok_or("write it as NAME: VALUE")?;
    let name = name.trim().parse().map_err(|error| format!("{error}"))?;
    let value = HeaderValue::from_str(value.trim()).map_err(|error| error.to_string())?;
    Ok((name, value))
}

impl Explain {
    pub(super) fn run(self, output: Output) -> Result<ExitCode, Failure> {
        let url = ViewerUrl::parse(&self.url)?;
        let edge = self.edge.or_else(|| address_of(url.host));
        let edge = edge.unwrap_or_else(|| SocketAddr::from((Ipv4Addr::LOCALHOST, EDGE_PORT)));
        let request = self.request(&url)?;
        let asked = async { tokio::time::timeout(LIMIT, ask(edge, request)).await };
        let answer = runtime::single_threaded()?.block_on(asked).map_err(|_elapsed| {
            Failure::new(format!("the edge at {edge} did not answer within {} s", LIMIT.as_secs()))
        })?;
        let answer = answer.map_err(|error| {
            let advice = "start one with `keyfront dev`, or name another with --edge";
            Failure::because(format!("the edge at {edge} cannot be asked ({advice})"), &*error)
        })?;
        let Some(decisions) = decisions(&answer) else {
            return Err(Failure::new(format!(
                "what answers at {edge} explains nothing: only the edge of `keyfront dev` does"
            )));
        };
        output.print(|| text(&decisions), || Value::Object(decisions.clone()));
        Ok(ExitCode::SUCCESS)
    }

    fn request(&self, url: &ViewerUrl<'_>) -> Result<Request<Empty<Bytes>>, Failure> {
        // An answer to HEAD has no body that could explain anything.
        let is_head = self.method == Method::HEAD;
        let method = if is_head { Method::GET } else { self.method.clone() };
        let words = [Some(if url.scheme == "https" { "https" } else { "1" }), is_head.then_some("HEAD")];
        let mut request = Request::builder()
            .method(method)
            .uri(&*url.target)
            .header(EXPLAIN, words.into_iter().flatten().collect::<Vec<_>>().join(" "))
            .body(Empty::new())
            .map_err(|error| Failure::because("the request cannot be made", &error))?;
        let host = HeaderValue::from_str(url.host);
        let host = host.map_err(|error| Failure::because("the host of the URL", &error))?;
        request.headers_mut().insert(header::HOST, host);
        let mut own_host = None;
        for (name, value) in &self.header {
            if *name == header::HOST {
                own_host = Some(value.clone());
            } else {
                request.headers_mut().append(name, value.clone());
            }
        }
        if let Some(host) = own_host {
            request.headers_mut().insert(header::HOST, host);
        }
        Ok(request)
    }
}

/// The address in a host with a port, where the host is this machine.
fn address_of(host: &str) -> Option<SocketAddr> {
    let (name, port) = host.rsplit_once(':')?;
    let port = port.parse().ok()?;
    let name = name.trim_start_matches('[').trim_end_matches(']').to_ascii_lowercase();
    if name == "localhost" || name.ends_with(".localhost") {
        return Some(SocketAddr::from((Ipv4Addr::LOCALHOST, port)));
    }
    let ip: IpAddr = name.parse().ok()?;
    ip.is_loopback().then(|| SocketAddr::new(ip, port))
}

async fn ask(
    edge: SocketAddr,
    request: Request<Empty<Bytes>>,
) -> Result<Bytes, Box<dyn std::error::Error + Send + Sync>> {
    let stream = TcpStream::connect(edge).await?;
    let (mut sender, connection) = http1::handshake(TokioIo::new(stream)).await?;
    let driver = tokio::spawn(connection);
    let body = sender.send_request(request).await?.into_body();
    let body = Limited::new(body, MAX_ANSWER_BYTES).collect().await?.to_bytes();
    driver.abort();
    Ok(body)
}

/// The decisions in an answer; `None` for the answer of something else.
fn decisions(answer: &[u8]) -> Option<Map<String, Value>> {
    let decisions: Map<String, Value> = serde_json::from_slice(answer).ok()?;
    let known = ["distribution", "refused", "status"];
    known.iter().any(|name| decisions.contains_key(*name)).then_some(decisions)
}

/// The decisions in the order of the steps, for a person.
fn text(decisions: &Map<String, Value>) -> String {
    const STEPS: [&str; 15] = [
        "distribution",
        "tenant",
        "behavior",
        "signature",
        "viewer_request",
        "target",
        "cache_key",
        "cache",
        "origin",
        "origin_request",
        "origin_failure",
        "error_page",
        "viewer_response",
        "refused",
        "status",
    ];
    let others = decisions.keys().map(String::as_str).filter(|name| !STEPS.contains(name));
    let mut lines = Vec::new();
    for name in STEPS.into_iter().chain(others) {
        let values = match decisions.get(name) {
            None => continue,
            Some(Value::Array(values)) => values.iter().map(plain).collect(),
            Some(value) => vec![plain(value)],
        };
        for (position, value) in values.iter().enumerate() {
            let name = if position == 0 { name.replace('_', " ") } else { String::new() };
            lines.push(format!("{name:<16} {}", one_line(value)));
        }
    }
    lines.join("\n")
}

fn plain(value: &Value) -> String {
    value.as_str().map_or_else(|| value.to_string(), str::to_owned)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_address_is_the_urls_where_it_is_one_of_this_machine() {
        for (host, expected) in [
            ("E1.localhost:4802", Some("127.0.0.1:4802")),
            ("localhost:1", Some("127.0.0.1:1")),
            ("127.0.0.2:4702", Some("127.0.0.2:4702")),
            ("[::1]:4702", Some("[::1]:4702")),
            ("E1.localhost", None),
            ("10.0.0.1:80", None),
            ("d111111abcdef8.cloudfront.net:80", None),
        ] {
            assert_eq!(address_of(host), expected.map(|address| address.parse().unwrap()), "{host}");
        }
    }

    #[test]
    fn decisions_are_shown_in_the_order_of_the_steps() {
        let answer = br#"{"status": 403, "origin_request": ["GET / HTTP/1.1", "host: a"], "behavior": "*", "distribution": "E1",
            "logs": ["a line\u001b[2J"]}"#;
        let shown = text(&decisions(answer).unwrap());
        let expected = [
            "distribution     E1",
            "behavior         *",
            "origin request   GET / HTTP/1.1",
            "                 host: a",
            "status           403",
            r"logs             a line\u{1b}[2J",
        ];
        assert_eq!(shown.lines().collect::<Vec<_>>(), expected);
        for other in ["<html>", "{}", "[1]"] {
            assert!(decisions(other.as_bytes()).is_none(), "{other}");
        }
    }

    #[test]
    fn a_request_says_what_it_stands_for() {
        for (url, method, sent, words) in [
            ("http://a.test/", Method::GET, Method::GET, "1"),
            ("https://a.test/", Method::GET, Method::GET, "https"),
            ("https://a.test/", Method::HEAD, Method::GET, "https HEAD"),
            ("http://a.test/", Method::DELETE, Method::DELETE, "1"),
        ] {
            let explain =
                Explain { url: url.to_owned(), header: Vec::new(), method: method.clone(), edge: None };
            let request = explain.request(&ViewerUrl::parse(url).unwrap()).unwrap();
            assert_eq!(
                (request.method(), &request.headers()[EXPLAIN]),
                (&sent, &HeaderValue::from_static(words)),
                "{url} {method}"
            );
        }
    }

    #[test]
    fn a_request_has_the_host_of_the_url_unless_it_is_given() {
        let explain = |headers: &[&str]| Explain {
            url: "http://a.test/x?y".to_owned(),
            header: headers.iter().map(|text| parse_header(text).unwrap()).collect(),
            method: Method::GET,
            edge: None,
        };
        for (headers, host, cookies) in
            [(&[][..], "a.test", 0), (&["Host: b.test", "Cookie: a", "Cookie: b"], "b.test", 2)]
        {
            let explain = explain(headers);
            let request = explain.request(&ViewerUrl::parse(&explain.url).unwrap()).unwrap();
            assert_eq!(
                (request.uri().to_string().as_str(), &request.headers()["host"]),
                ("/x?y", &HeaderValue::from_static(host))
            );
            assert_eq!(request.headers().get_all("cookie").iter().count(), cookies);
        }
        assert!(parse_header("nonsense").is_err() && parse_header("a b: c").is_err());
    }
}

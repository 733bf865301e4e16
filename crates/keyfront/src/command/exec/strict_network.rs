//! A proxy for the connections of a command that refuses AWS: for clients that ignore where the environment leads them.
//!
//! It listens on loopback while the command runs. Connections over TLS to hosts of AWS are refused, with a line on
//! standard error that names the host; all others are passed through unread, by the person's own proxy if there is one.
//! It protects from mistakes, not from a program that connects past its proxy; Node's SDKs do, and are stopped by the
//! file that Node loads first.

use std::io;
use std::net::SocketAddr;
use std::time::Duration;

use http::Uri;
use tokio::io::{AsyncBufReadExt, AsyncReadExt, AsyncWriteExt, BufReader, copy_bidirectional};
use tokio::net::{TcpListener, TcpStream};

use crate::endpoint::own_variable;
use crate::failure::Failure;
use crate::terminal::tell;

/// Names under which AWS has its services.
const AWS_DOMAINS: [&str; 8] = [
    "amazonaws.com",
    "amazonaws.com.cn",
    "amazonaws.eu",
    "api.aws",
    "on.aws",
    "aws.dev",
    "aws.amazon.com",
    "awsapps.com",
];

/// Longest head of a request, in bytes.
const MAX_HEAD_BYTES: u64 = 16 * 1024;

/// Time in which a client must have sent the head.
const HEAD_LIMIT: Duration = Duration::from_secs(30);

/// The proxy, which works as long as the runtime does.
pub(super) struct StrictNetwork {
    address: SocketAddr,
    /// The host of the Keyfront server.
    own: String,
}

impl StrictNetwork {
    /// Begins to listen. `own` is the host of the Keyfront server.
    pub(super) async fn begin(own: &str) -> Result<StrictNetwork, Failure> {
        let failed = |error| Failure::because("the proxy of --strict-network cannot listen", &error);
        let listener = TcpListener::bind(("127.0.0.1", 0)).await.map_err(failed)?;
        let address = listener.local_addr().map_err(failed)?;
        let own = own.trim_start_matches('[').trim_end_matches(']').to_ascii_lowercase();
        let upstream = upstream();
        tokio::spawn(serve(listener, own.clone(), upstream));
        Ok(StrictNetwork { address, own })
    }

    /// The changes to the command's environment, together with those that lead to the server.
    pub(super) fn variables(
        &self,
        mut changes: Vec<(&'static str, Option<String>)>,
    ) -> Vec<(&'static str, Option<String>)> {
        let led = |name: &str| {
            changes.iter().find(|(changed, _)| *changed == name).and_then(|(_, value)| value.clone())
        };
        let listed =
            led("NO_PROXY").or_else(|| own_variable("NO_PROXY").or_else(|| own_variable("no_proxy")));
        let listed = listed.unwrap_or_default();
        let entries = std::iter::once(self.own.as_str()).chain(listed.split(',').map(str::trim));
        let direct: Vec<&str> = entries.filter(|entry| *entry == self.own || !opens_aws(entry)).collect();
        let (proxy, direct) = (format!("http://{}", self.address), direct.join(","));
        for (name, value) in [
            ("HTTPS_PROXY", &proxy),
            ("https_proxy", &proxy),
            ("NO_PROXY", &direct),
            ("no_proxy", &direct),
            ("KEYFRONT_STRICT_NETWORK", &"1".to_owned()),
        ] {
            changes.retain(|(changed, _)| *changed != name);
            changes.push((name, Some(value.clone())));
        }
        changes
    }
}

/// Whether an exception from the proxy would let hosts of AWS through.
fn opens_aws(entry: &str) -> bool {
    let name = entry.trim_start_matches('*').trim_start_matches('.');
    name.is_empty() || is_aws(name) || AWS_DOMAINS.iter().any(|domain| domain.ends_with(&format!(".{name}")))
}

/// Whether a host is one of AWS.
fn is_aws(host: &str) -> bool {
    let host = host.trim_end_matches('.').to_ascii_lowercase();
    AWS_DOMAINS.iter().any(|domain| host == *domain || host.ends_with(&format!(".{domain}")))
}

/// Host and port of the person's own proxy.
fn upstream() -> Option<String> {
    let url = own_variable("HTTPS_PROXY").or_else(|| own_variable("https_proxy"))?;
    let uri: Uri = url.parse().ok()?;
    Some(format!("{}:{}", uri.host()?, uri.port_u16().unwrap_or(80)))
}

async fn serve(listener: TcpListener, own: String, upstream: Option<String>) {
    loop {
        // A connection failed before it was accepted: its client sees that, and the next one is served.
        let Ok((stream, _peer)) = listener.accept().await else { continue };
        let (own, upstream) = (own.clone(), upstream.clone());
        tokio::spawn(async move {
            // The client sees the end of its connection.
            handle(stream, &own, upstream.as_deref()).await.ok();
        });
    }
}

async fn handle(stream: TcpStream, own: &str, upstream: Option<&str>) -> io::Result<()> {
    let mut client = BufReader::new(stream);
    let head = tokio::time::timeout(HEAD_LIMIT, read_head(&mut client)).await??;
    let mut words = head.split_whitespace();
    let (Some("CONNECT"), Some(target)) = (words.next(), words.next()) else {
        return refuse(&mut client, "405 Method Not Allowed", "this proxy is for CONNECT alone").await;
    };
    let host = target.rsplit_once(':').map_or(target, |(host, _port)| host);
    if is_aws(host) && !host.eq_ignore_ascii_case(own) {
        tell(format!(
            "keyfront: --strict-network refused a connection to {}, which is AWS: the client does not read \
             AWS_ENDPOINT_URL_*, or calls a service that Keyfront does not have",
            crate::terminal::one_line(host)
        ));
        return refuse(&mut client, "403 Forbidden", "keyfront exec --strict-network refuses AWS").await;
    }
    let mut server = TcpStream::connect(upstream.unwrap_or(target)).await?;
    if upstream.is_some() {
        server.write_all(format!("CONNECT {target} HTTP/1.1\r\nHost: {target}\r\n\r\n").as_bytes()).await?;
    } else {
        client.write_all(b"HTTP/1.1 200 Connection established\r\n\r\n").await?;
    }
    copy_bidirectional(&mut client, &mut server).await?;
    Ok(())
}

/// The head of a request, up to its empty line.
async fn read_head(client: &mut BufReader<TcpStream>) -> io::Result<String> {
    let mut head = String::new();
    let mut limited = client.take(MAX_HEAD_BYTES);
    loop {
        let before = head.len();
        if limited.read_line(&mut head).await? == 0 {
            return Err(io::ErrorKind::UnexpectedEof.into());
        }
        if head.get(before..).is_some_and(|line| line.trim().is_empty()) {
            return Ok(head);
        }
    }
}

async fn refuse(client: &mut BufReader<TcpStream>, status: &str, why: &str) -> io::Result<()> {
    let length = why.len() + 1;
    let answer = format!(
        "HTTP/1.1 {status}\r\ncontent-type: text/plain\r\ncontent-length: {length}\r\nconnection: close\r\n\r\n{why}\n"
    );
    client.write_all(answer.as_bytes()).await?;
    client.shutdown().await
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn hosts_of_aws_are_known_by_their_domains() {
        for (host, aws) in [
            ("cloudfront.amazonaws.com", true),
            ("000000000000.cloudfront-kvs.global.api.aws", true),
            ("STS.Amazonaws.com.", true),
            ("s3.cn-north-1.amazonaws.com.cn", true),
            ("registry.terraform.io", false),
            ("amazonaws.com.example.org", false),
            ("myamazonaws.com", false),
            ("localhost", false),
        ] {
            assert_eq!(is_aws(host), aws, "{host}");
        }
    }

    #[test]
    fn no_exception_lets_aws_through() {
        let network = StrictNetwork {
            address: SocketAddr::from(([127, 0, 0, 1], 9)),
            own: "kvs.example.com".to_owned(),
        };
        let given = "localhost,.amazonaws.com,*,com,example.com,api.aws,.internal";
        let changes =
            vec![("NO_PROXY", Some(given.to_owned())), ("HTTPS_PROXY", Some("http://other".to_owned()))];
        let changes = network.variables(changes);
        let value = |name| changes.iter().find(|(n, _)| *n == name).unwrap().1.clone().unwrap();
        assert_eq!(value("NO_PROXY"), "kvs.example.com,localhost,example.com,.internal");
        assert_eq!(value("HTTPS_PROXY"), "http://127.0.0.1:9");
    }
}

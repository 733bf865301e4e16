//! Looks at an endpoint before it is used: whether a server is there, and which.
//!
//! What is there may be another program, or the admin address of a server, and a client would say so late and in
//! other words. A server that tests may reset tells its admin address here too.

use std::net::SocketAddr;
use std::time::Duration;

use http::{Request, Uri, header};
use http_body_util::{BodyExt, Empty, Limited};
use hyper::client::conn::http1;
use hyper_util::rt::TokioIo;
use serde::{Deserialize, Serialize};
use time::OffsetDateTime;
use time::format_description::well_known::Rfc2822;
use tokio::net::TcpStream;

use super::authority::parse_authority;
use crate::failure::Failure;

/// Where a server whose configuration lets tests change it says what its admin address is.
pub(crate) const ADMIN_PATH: &str = "/keyfront/admin";

/// How an answer of the admin address begins whose path it does not have.
pub(crate) const NOT_OF_ADMIN: &str = "The admin address has ";

/// Time in which a server must have accepted the connection and answered.
const LIMIT: Duration = Duration::from_secs(3);

/// Largest answer that is read, in bytes.
const MAX_ANSWER_BYTES: usize = 64 * 1024;

/// The answer at [`ADMIN_PATH`].
#[derive(Serialize, Deserialize)]
#[serde(rename_all = "PascalCase")]
pub(crate) struct AdminAddress {
    /// The admin address.
    pub(crate) admin: SocketAddr,
}

/// What is at an endpoint.
#[derive(Debug, PartialEq, Eq)]
pub(crate) enum Found {
    /// A server.
    Server {
        /// Its admin address, if it tells.
        admin: Option<SocketAddr>,
    },
    /// The admin address of a server.
    AdminAddress(SocketAddr),
}

/// Looks at an endpoint. Over HTTPS only whether it accepts connections is looked at.
///
/// # Errors
/// It is no URL, no program listens there, or the one that does is no Keyfront server.
pub(crate) async fn look_at(endpoint: &str) -> Result<Found, Failure> {
    let (host, port, plain) = parse_authority(endpoint)?;
    let absent = |why: String| {
        Failure::new(format!(
            "no Keyfront server answered at {endpoint}: {why}; start one with `keyfront dev`, or name another with \
             --endpoint"
        ))
    };
    let bare = host.trim_start_matches('[').trim_end_matches(']');
    let connecting = tokio::time::timeout(LIMIT, TcpStream::connect((bare, port))).await;
    let stream = connecting
        .map_err(|_elapsed| absent(format!("no connection within {} s", LIMIT.as_secs())))?
        .map_err(|error| absent(error.to_string()))?;
    if !plain {
        return Ok(Found::Server { admin: None });
    }
    let peer = stream.peer_addr().map_err(|error| absent(error.to_string()))?;
    let answer = tokio::time::timeout(LIMIT, exchange(stream, endpoint)).await;
    answer
        .map_err(|_elapsed| absent(format!("no answer within {} s", LIMIT.as_secs())))?
        .map_err(|error| absent(error.to_string()))?
        .found(peer)
        .ok_or_else(|| {
            Failure::new(format!(
                "what answers at {endpoint} is no Keyfront server: another program listens there, or it is the port \
                 of something else"
            ))
        })
}

/// The time at a server, as seconds since 1970, as far as its answers tell it. Over HTTPS it is not asked.
pub(crate) async fn time_at(endpoint: &str) -> Option<u64> {
    let (host, port, plain) = parse_authority(endpoint).ok()?;
    if !plain {
        return None;
    }
    let bare = host.trim_start_matches('[').trim_end_matches(']');
    let asking = async {
        let stream = TcpStream::connect((bare, port)).await.ok()?;
        exchange(stream, endpoint).await.ok()?.date
    };
    let date = tokio::time::timeout(LIMIT, asking).await.ok()??;
    let time = OffsetDateTime::parse(&date, &Rfc2822).ok()?;
    u64::try_from(time.unix_timestamp()).ok()
}

/// As much of an answer as tells who gave it, and when.
struct Answer {
    date: Option<String>,
    success: bool,
    request_id: bool,
    body: Vec<u8>,
}

impl Answer {
    fn found(&self, peer: SocketAddr) -> Option<Found> {
        if self.body.starts_with(NOT_OF_ADMIN.as_bytes()) {
            return Some(Found::AdminAddress(peer));
        }
        let told = serde_json::from_slice::<AdminAddress>(&self.body).ok().filter(|_| self.success);
        // A server that listens everywhere is reached where it was found.
        let admin = told.map(|AdminAddress { admin }| {
            if admin.ip().is_unspecified() { SocketAddr::new(peer.ip(), admin.port()) } else { admin }
        });
        // Every answer of the API has an id; other programs have none.
        self.request_id.then_some(Found::Server { admin })
    }
}

async fn exchange(
    stream: TcpStream,
    endpoint: &str,
) -> Result<Answer, Box<dyn std::error::Error + Send + Sync>> {
    let uri: Uri = endpoint.parse()?;
    let host = uri.authority().map_or("", http::uri::Authority::as_str);
    let request = Request::get(ADMIN_PATH).header(header::HOST, host).body(Empty::<bytes::Bytes>::new())?;
    let (mut sender, connection) = http1::handshake(TokioIo::new(stream)).await?;
    let driver = tokio::spawn(connection);
    let (parts, body) = sender.send_request(request).await?.into_parts();
    let body = Limited::new(body, MAX_ANSWER_BYTES).collect().await?.to_bytes();
    driver.abort();
    let request_id = parts.headers.contains_key("x-amzn-requestid");
    let date = parts.headers.get(header::DATE).and_then(|date| date.to_str().ok()).map(str::to_owned);
    Ok(Answer { date, success: parts.status.is_success(), request_id, body: body.to_vec() })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_answer_tells_who_gave_it() {
        let peer = SocketAddr::from(([127, 0, 0, 1], 4700));
        let admin = SocketAddr::from(([127, 0, 0, 1], 4701));
        for (success, request_id, body, expected) in [
            (true, true, r#"{"Admin":"127.0.0.1:4701"}"#, Some(Found::Server { admin: Some(admin) })),
            (true, true, r#"{"Admin":"0.0.0.0:4701"}"#, Some(Found::Server { admin: Some(admin) })),
            (false, true, r#"{"Message":"no"}"#, Some(Found::Server { admin: None })),
            (false, true, r#"{"Admin":"127.0.0.1:4701"}"#, Some(Found::Server { admin: None })),
            (false, false, "The admin address has /health.\n", Some(Found::AdminAddress(peer))),
            (true, false, r#"{"Admin":"127.0.0.1:4701"}"#, None),
            (true, false, "<html>", None),
        ] {
            let answer = Answer { date: None, success, request_id, body: body.as_bytes().to_vec() };
            assert_eq!(answer.found(peer), expected, "{body}");
        }
    }
}

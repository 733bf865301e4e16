//! One connection to a server or a relay, and the stream that it answers with.

use std::sync::Arc;
use std::time::{Duration, SystemTime};

use bytes::Bytes;
use http::{Request, Response, StatusCode, Uri, header};
use http_body_util::{BodyExt, Empty, Limited};
use hyper::body::Incoming;
use hyper::client::conn::http1;
use hyper_util::rt::TokioIo;
use keyfront_follow::{CONTENT_TYPE, PATH, Position};
use rustls::ClientConfig;
use rustls::pki_types::ServerName;
use serde::Deserialize;
use tokio::io::{AsyncRead, AsyncWrite};
use tokio::net::TcpStream;
use tokio::task::AbortHandle;
use tokio_rustls::TlsConnector;

use super::signature::sign_request;
use crate::config::{FollowCredential, FollowSettings};
use crate::failure::Failure;
use crate::trusted_authorities::client_config;

/// Time for a connection with its handshake, and then for the head of an answer.
const CONNECT: Duration = Duration::from_secs(5);
const ANSWER: Duration = Duration::from_secs(10);

/// Largest refusal that is read, in bytes.
const MAX_REFUSAL_BYTES: usize = 64 * 1024;

type Cause = Box<dyn std::error::Error + Send + Sync>;

/// The servers of the configuration, in their order.
pub(crate) struct Servers {
    servers: Vec<Server>,
    tls: Arc<ClientConfig>,
}

/// One of them.
pub(super) struct Server {
    /// As the configuration names it, without a slash at the end.
    pub(super) url: String,
    host: String,
    port: u16,
    secure: bool,
}

/// The body of a change stream, and the connection under it.
pub(super) struct Stream {
    body: Incoming,
    connection: AbortHandle,
}

/// Why there is no stream.
#[derive(Debug, thiserror::Error)]
pub(super) enum ConnectError {
    /// It cannot be reached.
    #[error("it cannot be reached: {0}")]
    Unreachable(Cause),
    /// It took too long.
    #[error("it did not answer within {} s", .0.as_secs())]
    Silent(Duration),
    /// It refused.
    #[error("it refused, with status {}: {text}", .status.as_u16())]
    Refused {
        /// The status.
        status: StatusCode,
        /// What it said.
        text: String,
    },
    /// What answers is something else.
    #[error(
        "what answers there sends no change stream; it is another program, or an earlier version of Keyfront"
    )]
    NoStream,
}

impl Servers {
    /// The servers of the settings, which were checked.
    ///
    /// # Errors
    /// A certificate authority cannot be read.
    pub(crate) fn new(settings: &FollowSettings) -> Result<Servers, Failure> {
        let tls = client_config("[follow] certificate_authorities", &settings.certificate_authorities)?;
        let server = |url: &String| {
            let uri: Uri =
                url.parse().map_err(|error| Failure::because(format!("[follow] servers: {url}"), &error))?;
            let secure = uri.scheme_str() == Some("https");
            let port = uri.port_u16().unwrap_or(if secure { 443 } else { 80 });
            let host = uri.host().unwrap_or_default().to_owned();
            Ok(Server { url: url.trim_end_matches('/').to_owned(), host, port, secure })
        };
        let servers = settings.servers.iter().map(server).collect::<Result<_, Failure>>()?;
        Ok(Servers { servers, tls })
    }

    pub(super) fn iter(&self) -> impl Iterator<Item = &Server> {
        self.servers.iter()
    }

    /// Asks a server for the changes after a position.
    pub(super) async fn connect(
        &self,
        server: &Server,
        credential: &FollowCredential,
        position: Option<Position>,
        now: SystemTime,
    ) -> Result<Stream, ConnectError> {
        let request = request(server, credential, position, now).map_err(ConnectError::Unreachable)?;
        let connecting = tokio::time::timeout(CONNECT, self.open(server)).await;
        let (mut sender, connection) = connecting
            .map_err(|_elapsed| ConnectError::Silent(CONNECT))?
            .map_err(ConnectError::Unreachable)?;
        let answering = tokio::time::timeout(ANSWER, sender.send_request(request)).await;
        let response = match answering {
            Ok(Ok(response)) => response,
            Ok(Err(error)) => return Err(ConnectError::Unreachable(error.into())),
            Err(_elapsed) => {
                connection.abort();
                return Err(ConnectError::Silent(ANSWER));
            }
        };
        let is_stream = response.headers().get(header::CONTENT_TYPE).is_some_and(|kind| kind == CONTENT_TYPE);
        match response.status() {
            StatusCode::OK if is_stream => Ok(Stream { body: response.into_body(), connection }),
            StatusCode::OK => Err(ConnectError::NoStream),
            _ => Err(refusal(response).await),
        }
    }

    async fn open(&self, server: &Server) -> Result<(http1::SendRequest<Empty<Bytes>>, AbortHandle), Cause> {
        let bare = server.host.trim_start_matches('[').trim_end_matches(']');
        let stream = TcpStream::connect((bare, server.port)).await?;
        stream.set_nodelay(true)?;
        if !server.secure {
            return Ok(shake_hands(stream).await?);
        }
        let name = ServerName::try_from(bare.to_owned())?;
        Ok(shake_hands(TlsConnector::from(Arc::clone(&self.tls)).connect(name, stream).await?).await?)
    }
}

async fn shake_hands<S>(stream: S) -> Result<(http1::SendRequest<Empty<Bytes>>, AbortHandle), hyper::Error>
where
    S: AsyncRead + AsyncWrite + Unpin + Send + 'static,
{
    let (sender, connection) = http1::handshake(TokioIo::new(stream)).await?;
    Ok((sender, tokio::spawn(connection).abort_handle()))
}

fn request(
    server: &Server,
    credential: &FollowCredential,
    position: Option<Position>,
    now: SystemTime,
) -> Result<Request<Empty<Bytes>>, Cause> {
    let query =
        position.map(|Position { timeline, version }| format!("?after={}&timeline={timeline}", version.0));
    let target = format!("{PATH}{}", query.unwrap_or_default());
    let url = format!("{}{target}", server.url);
    let uri: Uri = url.parse()?;
    let host = uri.authority().map_or("", http::uri::Authority::as_str);
    let mut request = Request::get(target).header(header::HOST, host).body(Empty::new())?;
    sign_request(&mut request, &url, credential, now)?;
    Ok(request)
}

/// The words of a refusal: the message of an error, or the beginning of whatever else there is.
async fn refusal(response: Response<Incoming>) -> ConnectError {
    #[derive(Deserialize)]
    #[serde(rename_all = "PascalCase")]
    struct Document {
        message: String,
    }
    const MOST_WORDS: usize = 500;
    let status = response.status();
    let body = Limited::new(response.into_body(), MAX_REFUSAL_BYTES).collect().await;
    let body = body.map(http_body_util::Collected::to_bytes).unwrap_or_default();
    let text = serde_json::from_slice(&body).map_or_else(
        |_no_document| String::from_utf8_lossy(&body).trim().chars().take(MOST_WORDS).collect(),
        |Document { message }| message,
    );
    ConnectError::Refused { status, text }
}

impl Stream {
    /// The next piece; `None` at the end.
    pub(super) async fn next(&mut self) -> Option<Result<Bytes, hyper::Error>> {
        loop {
            match self.body.frame().await? {
                Ok(frame) => match frame.into_data() {
                    Ok(data) => return Some(Ok(data)),
                    Err(_trailers) => {}
                },
                Err(error) => return Some(Err(error)),
            }
        }
    }
}

impl Drop for Stream {
    fn drop(&mut self) {
        self.connection.abort();
    }
}

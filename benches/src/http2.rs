//! Streams of one connection of HTTP/2, each of which sends prepared requests and reads the answers whole.

use std::net::SocketAddr;

use bytes::Bytes;
use http::Request;
use http_body_util::{BodyExt, Full};
use hyper::client::conn::http2::{SendRequest, handshake};
use hyper_util::rt::{TokioExecutor, TokioIo};
use tokio::net::TcpStream;

use crate::failure::Failure;

/// Sends requests over one connection.
pub(crate) type Sender = SendRequest<Full<Bytes>>;

/// One of the streams; all of them share the connection.
pub(crate) struct Stream {
    sender: Sender,
    pub(crate) requests: Vec<Request<Full<Bytes>>>,
    /// Begins again after the last request.
    pub(crate) endless: bool,
}

/// A connection without TLS, on which the first frame says that it is HTTP/2.
pub(crate) async fn connect(address: SocketAddr) -> Result<Sender, Failure> {
    let stream = TcpStream::connect(address).await.map_err(|error| Failure::of_connection(&error))?;
    stream.set_nodelay(true).map_err(|error| Failure::of_connection(&error))?;
    let (sender, connection) =
        handshake(TokioExecutor::new(), TokioIo::new(stream)).await.map_err(|error| of_http2(&error))?;
    // It ends when the last sender is dropped.
    tokio::spawn(connection);
    Ok(sender)
}

impl Stream {
    pub(crate) fn new(sender: Sender, requests: Vec<Request<Bytes>>, endless: bool) -> Stream {
        let whole = |mut request: Request<Bytes>| {
            // Its name is `:authority` here.
            request.headers_mut().remove(http::header::HOST);
            request.map(Full::new)
        };
        Stream { sender, requests: requests.into_iter().map(whole).collect(), endless }
    }

    /// Sends a request and waits for its answer, which must be a success of HTTP, and of gRPC if it is an answer of that.
    pub(crate) async fn ask(&mut self, number: usize) -> Result<(), Failure> {
        let request = self.requests.get(number).cloned();
        let request = request.ok_or_else(|| Failure("a request that there is not".into()))?;
        let answer = self.sender.send_request(request).await.map_err(|error| of_http2(&error))?;
        let (status, early) = (answer.status(), answer.headers().get("grpc-status").cloned());
        let body = answer.into_body().collect().await.map_err(|error| of_http2(&error))?;
        let late = body.trailers().and_then(|trailers| trailers.get("grpc-status")).cloned();
        let refused = early.or(late).is_some_and(|code| code != "0");
        if status.is_success() && !refused {
            return Ok(());
        }
        let said = body.to_bytes();
        Err(Failure(format!("the server answered {status} over HTTP/2: {}", String::from_utf8_lossy(&said))))
    }
}

fn of_http2(error: &hyper::Error) -> Failure {
    Failure(format!("the connection of HTTP/2 failed: {error}"))
}

//! A listener on a free port, a service for it, and clients that speak to it byte by byte.
//!
//! The clock stands still while anything can run (`start_paused = true`), so a time limit passes at once and a test takes no time.

use std::net::SocketAddr;
use std::pin::Pin;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::task::{Context, Poll};
use std::time::Duration;

use bytes::Bytes;
use http::{Request, Response, StatusCode};
use http_body::{Body, Frame};
use http_body_util::combinators::BoxBody;
use http_body_util::{BodyExt, Full};
use hyper_util::rt::TokioIo;
use keyfront_http::{Abort, CancellationToken, Limits, Listener, Peer, RequestBody, Service, Tls};
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::{TcpSocket, TcpStream};
use tokio::sync::Notify;
use tokio::task::JoinHandle;
use tokio::time::Sleep;

pub(crate) const LARGE: usize = 64 * 1024 * 1024;

pub(crate) fn limits() -> Limits {
    Limits {
        max_connections: 100,
        max_connections_per_address: 100,
        max_streams_per_connection: 10,
        max_header_bytes: 65536,
        max_headers: Limits::USUAL_HEADERS,
        header_timeout: Duration::from_secs(30),
        idle_timeout: Duration::from_mins(2),
        read_timeout: Duration::from_secs(25),
        write_timeout: Duration::from_secs(40),
        tunnel_idle_timeout: Duration::from_mins(10),
        shutdown_timeout: Duration::from_secs(50),
    }
}

pub(crate) fn tls() -> Tls {
    Tls::from_pem(include_bytes!("certificate.pem"), include_bytes!("key.pem")).unwrap()
}

type Failed = Box<dyn std::error::Error + Send + Sync>;

/// Answers by path.
#[derive(Clone, Default)]
pub(crate) struct Paths {
    /// What `/wait` waits for.
    pub(crate) release: Arc<Notify>,
    /// How many `/wait` were finished.
    pub(crate) finished: Arc<AtomicUsize>,
}

impl Service for Paths {
    type Body = BoxBody<Bytes, Failed>;

    async fn call(self, request: Request<RequestBody>, peer: Peer) -> Result<Response<Self::Body>, Abort> {
        let body = match request.uri().path() {
            "/large" => full(vec![b'x'; LARGE]),
            "/slow" => Slow { frames: 3, pause: pause() }.boxed(),
            "/echo" => request.into_body().map_err(Failed::from).boxed(),
            "/collect" => match request.into_body().collect().await {
                Ok(body) => full(body.to_bytes()),
                Err(error) => full(error.to_string()),
            },
            "/peer" => full(format!("{} at {} {}", peer.address, peer.listener, peer.secure())),
            "/tls" => full(peer.tls.map_or(String::new(), |tls| {
                let (name, certificates) = (tls.server_name.as_deref(), tls.client_certificates.len());
                format!("{} {} {} {certificates}", name.unwrap_or("-"), tls.version, tls.cipher)
            })),
            "/upgrade" => return Ok(upgrade(request)),
            "/names" => {
                let headers = ["etag", "www-authenticate", "x-amz-cf-id"].map(|name| (name, "x"));
                let mut response = Response::builder();
                for (name, value) in headers {
                    response = response.header(name, value);
                }
                return Ok(response.body(full("")).unwrap());
            }
            "/abort" => return Err(Abort),
            "/panic" => panic!("on purpose"),
            "/wait" => {
                self.release.notified().await;
                self.finished.fetch_add(1, Ordering::SeqCst);
                full("waited")
            }
            _ => full("hello"),
        };
        Ok(Response::new(body))
    }
}

/// Leaves HTTP, and sends back whatever comes.
fn upgrade(mut request: Request<RequestBody>) -> Response<BoxBody<Bytes, Failed>> {
    let upgraded = hyper::upgrade::on(&mut request);
    tokio::spawn(async move {
        let (mut from, mut to) = tokio::io::split(TokioIo::new(upgraded.await.unwrap()));
        tokio::io::copy(&mut from, &mut to).await.ok();
    });
    let response = Response::builder().status(StatusCode::SWITCHING_PROTOCOLS);
    response.header("connection", "upgrade").header("upgrade", "echo").body(full("")).unwrap()
}

pub(crate) fn panicked() -> Response<BoxBody<Bytes, Failed>> {
    let mut response = Response::new(full("it panicked"));
    *response.status_mut() = StatusCode::INTERNAL_SERVER_ERROR;
    response
}

fn full(body: impl Into<Bytes>) -> BoxBody<Bytes, Failed> {
    Full::new(body.into()).map_err(|never| match never {}).boxed()
}

fn pause() -> Pin<Box<Sleep>> {
    Box::pin(tokio::time::sleep(Duration::from_mins(1)))
}

/// A body that takes its time for each frame.
struct Slow {
    frames: usize,
    pause: Pin<Box<Sleep>>,
}

impl Body for Slow {
    type Data = Bytes;
    type Error = Failed;

    fn poll_frame(
        mut self: Pin<&mut Self>,
        cx: &mut Context<'_>,
    ) -> Poll<Option<Result<Frame<Bytes>, Failed>>> {
        if self.frames == 0 {
            return Poll::Ready(None);
        }
        std::task::ready!(self.pause.as_mut().poll(cx));
        self.frames -= 1;
        self.pause = pause();
        Poll::Ready(Some(Ok(Frame::data(Bytes::from_static(b"slow")))))
    }
}

/// A running listener.
pub(crate) struct Server {
    pub(crate) address: SocketAddr,
    pub(crate) stop: CancellationToken,
    pub(crate) serving: JoinHandle<()>,
}

impl Server {
    pub(crate) async fn start(service: impl Service, tls: Option<Tls>, limits: Limits) -> Server {
        let listener = Listener::bind("127.0.0.1:0".parse().unwrap(), tls, limits).await.unwrap();
        Server::serve(listener, service)
    }

    pub(crate) fn serve(listener: Listener, service: impl Service) -> Server {
        let (address, stop) = (listener.address(), CancellationToken::new());
        let serving = tokio::spawn(listener.serve(service, stop.clone()));
        Server { address, stop, serving }
    }

    pub(crate) async fn connect(&self) -> TcpStream {
        TcpStream::connect(self.address).await.unwrap()
    }

    /// Connects, says something, and lets the server take note of it.
    pub(crate) async fn say(&self, bytes: &str) -> TcpStream {
        let mut stream = self.connect().await;
        stream.write_all(bytes.as_bytes()).await.unwrap();
        settle().await;
        stream
    }

    /// As [`say`](Server::say), from another loopback address.
    pub(crate) async fn say_from(&self, address: [u8; 4], bytes: &str) -> TcpStream {
        let socket = TcpSocket::new_v4().unwrap();
        socket.bind(SocketAddr::from((address, 0))).unwrap();
        let mut stream = socket.connect(self.address).await.unwrap();
        stream.write_all(bytes.as_bytes()).await.unwrap();
        settle().await;
        stream
    }

    /// Stops it, and says how long that took.
    pub(crate) async fn stop(self) -> Duration {
        let start = tokio::time::Instant::now();
        self.stop.cancel();
        self.serving.await.unwrap();
        start.elapsed()
    }
}

/// Lets everything run that can: the clock moves on only when nothing is left.
pub(crate) async fn settle() {
    tokio::time::sleep(Duration::from_millis(1)).await;
}

pub(crate) fn get(path: &str) -> String {
    format!("GET {path} HTTP/1.1\r\nHost: localhost\r\n\r\n")
}

pub(crate) fn post(path: &str) -> String {
    format!("POST {path} HTTP/1.1\r\nHost: localhost\r\nContent-Length: 0\r\n\r\n")
}

/// Reads the head of a response.
pub(crate) async fn head(stream: &mut TcpStream) -> String {
    let mut head = String::new();
    while !head.ends_with("\r\n\r\n") {
        head.push(char::from(stream.read_u8().await.unwrap()));
    }
    head
}

/// Reads one response with a length, and gives its status and body.
pub(crate) async fn response(stream: &mut TcpStream) -> (u16, String) {
    let head = head(stream).await;
    let length = head.lines().find_map(|line| line.strip_prefix("content-length: "));
    let mut body = vec![0; length.map_or(0, |length| length.parse().unwrap())];
    stream.read_exact(&mut body).await.unwrap();
    (head.split(' ').nth(1).unwrap().parse().unwrap(), String::from_utf8(body).unwrap())
}

/// Waits until the server closes the connection, and says after how long and after how many bytes.
pub(crate) async fn closed(stream: &mut TcpStream) -> (Duration, usize) {
    let start = tokio::time::Instant::now();
    let (mut buffer, mut received) = (vec![0; 1024 * 1024], 0);
    loop {
        match stream.read(&mut buffer).await {
            Ok(0) | Err(_) => return (start.elapsed(), received),
            Ok(read) => received += read,
        }
    }
}

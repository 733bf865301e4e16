//! One request to one server: attempts, connections that turn out to be dead, and the time for an answer.

use std::sync::Arc;
use std::time::Duration;

use http::header::{CONTENT_LENGTH, HeaderValue, TRANSFER_ENCODING};
use http::{Method, Request, Response, StatusCode};
use http_body_util::BodyExt;
use hyper::body::Incoming;
use tokio::sync::OwnedSemaphorePermit;
use tokio::time::Instant;

use super::Shared;
use super::answer_body::{Ends, Held, Lease, OriginBody};
use super::connect::{Connected, Opened};
use super::description::{OriginDescription, OriginKind};
use super::exchange::{AnswerTimes, OriginAnswer, OriginFailure, OriginRequest, RequestBody};
use super::hop_by_hop;
use super::pool::{Connection, Peer, Pool};
use super::request::Parts;
use super::route::ServerRoute;
use super::upload::Progress;
use crate::message::ResponseHead;

/// A peer of HTTP/2 is not asked here.
const NOT_HTTP1: &str = "it is spoken to in HTTP/2";

/// What came of one try.
enum Tried {
    Answered(Response<Incoming>),
    /// The connection was closed before the request was written.
    Unsent(Box<Request<RequestBody>>, String),
    /// The connection broke, or what came is not HTTP.
    Broken(String),
    /// Nothing came in time.
    Silent,
}

/// A head that came, and the connection that it came on.
pub(super) struct Arrived {
    pub(super) response: Response<Incoming>,
    pub(super) connection: Connection,
    pub(super) pool: Arc<Pool>,
    pub(super) room: OwnedSemaphorePermit,
    /// When the whole answer must have come.
    pub(super) deadline: Option<Instant>,
    /// When the request was sent.
    pub(super) asked: Instant,
    pub(super) times: AnswerTimes,
}

/// A request to a server.
pub(super) struct Sending<'a> {
    pub(super) shared: &'a Shared,
    pub(super) origin: &'a OriginDescription,
    pub(super) route: &'a ServerRoute,
    /// The protocol that the viewer wants to change to. Such a request has a connection of its own.
    pub(super) upgrade: Option<&'a HeaderValue>,
}

impl Sending<'_> {
    /// Sends a request and waits for the head of its answer. Interim answers are skipped.
    pub(super) async fn send(&self, request: &mut OriginRequest) -> Result<Arrived, OriginFailure> {
        let pool = self.shared.pools.of(self.peer());
        let deadline = self.deadline();
        let sent = in_time(self.send_by(request, &pool, deadline), deadline, &self.peer().host).await;
        pool.count(sent.is_err());
        sent
    }

    /// When the whole answer must have come.
    pub(super) fn deadline(&self) -> Option<Instant> {
        self.origin.times.completion.map(|time| Instant::now() + time)
    }

    async fn send_by(
        &self,
        request: &mut OriginRequest,
        pool: &Arc<Pool>,
        deadline: Option<Instant>,
    ) -> Result<Arrived, OriginFailure> {
        let host = &self.peer().host;
        let room = pool.room(host, self.shared.settings.wait_for_room).await?;
        let repeatable = request.body.is_none() && is_safe(&request.method);
        // AWS: "Response timeout", "Connection attempts": GET and HEAD are asked again after a timeout, of custom origins.
        let is_custom = self.origin.kind != OriginKind::Bucket;
        let asked_again = repeatable && is_custom && request.method != Method::OPTIONS;
        let (body, progress) = match request.body.take() {
            None => (None, None),
            Some(body) => {
                let progress = Progress::default();
                (Some(progress.watch(body)), Some(progress))
            }
        };
        let mut sending = self.parts(request).build(body)?;
        let mut attempts = self.attempts();
        let mut may_reuse = self.upgrade.is_none();
        loop {
            let mut connection = match may_reuse.then(|| pool.take()).flatten() {
                Some(connection) => connection,
                None => match self.connect(&mut attempts).await? {
                    Opened::Http1(connection) => connection,
                    Opened::Http2(_) => {
                        return Err(OriginFailure::Broken(host.clone(), NOT_HTTP1.to_owned()));
                    }
                },
            };
            let before = connection.received.bytes();
            let reused = connection.reused;
            if reused {
                self.shared.figures.reused();
            }
            let asked = Instant::now();
            let tried = self.try_once(&mut connection, sending, progress.as_ref()).await;
            let nothing_came = connection.received.bytes() == before;
            // A connection that was dead before says nothing about the origin.
            may_reuse = false;
            match tried {
                Tried::Answered(response) => {
                    let pool = Arc::clone(pool);
                    let times = attempts.times(asked, reused);
                    return Ok(Arrived { response, connection, pool, room, deadline, asked, times });
                }
                Tried::Unsent(request, _) if reused || attempts.left() => sending = *request,
                Tried::Broken(_) if reused && repeatable && nothing_came => {
                    sending = self.parts(request).build(None)?;
                }
                Tried::Silent => {
                    attempts.made += u8::from(reused);
                    if !asked_again || !attempts.left() {
                        return Err(OriginFailure::Timeout(host.clone()));
                    }
                    sending = self.parts(request).build(None)?;
                }
                Tried::Unsent(_, text) | Tried::Broken(text) => {
                    return Err(OriginFailure::Broken(host.clone(), text));
                }
            }
            self.shared.figures.retried();
        }
    }

    pub(super) fn attempts(&self) -> Attempts {
        Attempts {
            made: 0,
            most: self.origin.connection_attempts.max(1),
            dns: Duration::ZERO,
            connect: Duration::ZERO,
        }
    }

    pub(super) fn peer(&self) -> &Peer {
        &self.route.peer
    }

    pub(super) fn parts<'r>(&'r self, request: &'r OriginRequest) -> Parts<'r> {
        Parts {
            origin: self.origin,
            route: self.route,
            request,
            credentials: self.shared.settings.s3.credentials.as_ref(),
            now: (self.shared.clock)(),
            upgrade: self.upgrade,
        }
    }

    /// Connects, as often as the origin's settings say.
    pub(super) async fn connect(&self, attempts: &mut Attempts) -> Result<Opened, OriginFailure> {
        loop {
            let attempt = usize::from(attempts.made);
            attempts.made += 1;
            let connecting =
                self.shared.connector.connect(self.peer(), attempt, self.origin.times.connection);
            // Handshakes have a large state, which requests on waiting connections do not need.
            let connected = Box::pin(connecting).await;
            match connected {
                Ok(Connected { opened, dns, connect }) => {
                    self.shared.figures.connected();
                    (attempts.dns, attempts.connect) = (dns, connect);
                    return Ok(opened);
                }
                Err(
                    OriginFailure::Connect(..) | OriginFailure::ConnectTimeout(_) | OriginFailure::Tls(..),
                ) if attempts.left() => {}
                Err(failure) => return Err(failure),
            }
        }
    }

    async fn try_once(
        &self,
        connection: &mut Connection,
        request: Request<RequestBody>,
        progress: Option<&Progress>,
    ) -> Tried {
        let read = self.origin.times.read;
        let answered = connection.sender.try_send_request(request);
        let silent = silence(read, progress);
        let result = tokio::select! {
            biased;
            result = answered => result,
            () = silent => return Tried::Silent,
        };
        match result {
            Ok(response) => Tried::Answered(response),
            Err(mut error) => match error.take_message() {
                Some(request) => Tried::Unsent(Box::new(request), text_of(error.error())),
                None => Tried::Broken(text_of(error.error())),
            },
        }
    }
}

/// Waits for an answer no longer than until a time.
pub(super) async fn in_time<T>(
    answered: impl Future<Output = Result<T, OriginFailure>>,
    deadline: Option<Instant>,
    host: &str,
) -> Result<T, OriginFailure> {
    let Some(deadline) = deadline else { return answered.await };
    let answered = tokio::time::timeout_at(deadline, answered).await;
    answered.unwrap_or_else(|_too_late| Err(OriginFailure::Timeout(host.to_owned())))
}

/// Ends when an origin has been silent for too long.
pub(super) async fn silence(limit: Duration, progress: Option<&Progress>) {
    match progress {
        None => tokio::time::sleep(limit).await,
        Some(progress) => progress.origin_is_silent(limit).await,
    }
}

/// An error of hyper with its cause, which its own text leaves out.
pub(super) fn text_of(error: &hyper::Error) -> String {
    match std::error::Error::source(error) {
        Some(cause) => format!("{error}: {cause}"),
        None => error.to_string(),
    }
}

/// Attempts of one request.
pub(super) struct Attempts {
    made: u8,
    most: u8,
    /// What the last connection took.
    dns: Duration,
    connect: Duration,
}

impl Attempts {
    fn left(&self) -> bool {
        self.made < self.most
    }

    /// The times of an answer whose head is there now.
    pub(super) fn times(&self, asked: Instant, reused: bool) -> AnswerTimes {
        let first_byte = asked.elapsed();
        if reused {
            return AnswerTimes { first_byte, ..AnswerTimes::default() };
        }
        AnswerTimes { dns: self.dns, connect: self.connect, first_byte, ..AnswerTimes::default() }
    }
}

/// Methods that change nothing, of those that the edge forwards (RFC 9110 section 9.2.1).
fn is_safe(method: &Method) -> bool {
    matches!(*method, Method::GET | Method::HEAD | Method::OPTIONS)
}

impl Arrived {
    /// The answer that others see.
    ///
    /// # Errors
    /// `Broken`: the origin changed the protocol without being asked, or coded the body for the transfer in a way that
    /// the edge does not read.
    pub(super) fn into_answer(
        self,
        origin: &OriginDescription,
        host: &str,
    ) -> Result<OriginAnswer, OriginFailure> {
        let Arrived { response, connection, pool, room, deadline, asked, times } = self;
        let (mut parts, body) = response.into_parts();
        if parts.status == StatusCode::SWITCHING_PROTOCOLS {
            let text = "it changed the protocol without being asked".to_owned();
            return Err(OriginFailure::Broken(host.to_owned(), text));
        }
        if !transfer_codings(&parts).all(|coding| coding.eq_ignore_ascii_case("chunked")) {
            // AWS: "CloudFront supports only the chunked value of the Transfer-Encoding header". The body would be passed
            // on as it is coded, and nothing would say so.
            let text = "its transfer coding is not chunked".to_owned();
            return Err(OriginFailure::Broken(host.to_owned(), text));
        }
        if parts.headers.contains_key(TRANSFER_ENCODING) && parts.headers.contains_key(CONTENT_LENGTH) {
            // RFC 9112 section 6.3: the length is not that of the body.
            parts.headers.remove(CONTENT_LENGTH);
        }
        let reason = reason(&parts);
        let head = ResponseHead { status: parts.status, reason, headers: hop_by_hop::without(parts.headers) };
        let lease = Lease { connection, pool, keep_alive: origin.times.keep_alive, room };
        let ends = Ends { deadline, asked, last_byte: times.last_byte.clone() };
        let body =
            OriginBody::new(body, Held::Connection(lease), host, origin.times.read, ends).boxed_unsync();
        Ok(OriginAnswer { head, body, origin_id: Arc::clone(&origin.id), times })
    }
}

/// The words after the status, where they are not the usual ones.
pub(super) fn reason(parts: &http::response::Parts) -> Option<String> {
    let reason = parts.extensions.get::<hyper::ext::ReasonPhrase>()?;
    std::str::from_utf8(reason.as_bytes()).ok().map(str::to_owned)
}

/// The codings that a body has for its transfer, but for `identity`, which is none (RFC 2616 section 3.6).
fn transfer_codings(parts: &http::response::Parts) -> impl Iterator<Item = &str> {
    let lines = parts.headers.get_all(TRANSFER_ENCODING).iter();
    let codings = lines.flat_map(|line| line.to_str().unwrap_or("?").split(',').map(str::trim));
    codings.filter(|coding| !coding.is_empty() && !coding.eq_ignore_ascii_case("identity"))
}

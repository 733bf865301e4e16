//! The body of an origin's answer: time limits while it comes, and the connection back to its pool when it ended.

use std::pin::Pin;
use std::sync::Arc;
use std::task::{Context, Poll};
use std::time::Duration;

use bytes::Bytes;
use http_body::{Body, Frame, SizeHint};
use hyper::body::Incoming;
use tokio::sync::OwnedSemaphorePermit;
use tokio::time::{Instant, Sleep};

use super::exchange::{LastByte, OriginFailure};
use super::pool::{Connection, Pool};

/// A connection under a request.
pub(super) struct Lease {
    pub(super) connection: Connection,
    pub(super) pool: Arc<Pool>,
    pub(super) keep_alive: Duration,
    /// Room of the peer, for as long as the request takes.
    pub(super) room: OwnedSemaphorePermit,
}

impl Lease {
    /// Gives the connection back, now or when it is ready for the next request: the origin may have answered before it
    /// has read the whole request.
    pub(super) fn give_back(self) {
        let Lease { mut connection, pool, keep_alive, room } = self;
        connection.reused = true;
        if connection.sender.is_ready() {
            pool.put(connection, keep_alive);
            return;
        }
        if connection.sender.is_closed() || keep_alive.is_zero() {
            return;
        }
        tokio::spawn(async move {
            let ready = tokio::time::timeout(keep_alive, connection.sender.ready()).await;
            if matches!(ready, Ok(Ok(()))) {
                pool.put(connection, keep_alive);
            }
            drop(room);
        });
    }
}

/// What a body holds until it ends.
pub(super) enum Held {
    /// A connection of its own.
    Connection(Lease),
    /// Room on a connection of HTTP/2. Its trailers are passed on, because they say how a call of gRPC ended.
    Stream { _room: OwnedSemaphorePermit },
}

/// When a body must have ended, and what is noted when it has.
pub(super) struct Ends {
    /// When the whole answer must have arrived.
    pub(super) deadline: Option<Instant>,
    /// When the request was sent.
    pub(super) asked: Instant,
    /// Where the time from there to the end is noted.
    pub(super) last_byte: LastByte,
}

/// The body.
pub(super) struct OriginBody {
    body: Incoming,
    /// Given back at the end.
    held: Option<Held>,
    passes_trailers: bool,
    host: String,
    read: Duration,
    ends: Ends,
    /// Runs while nothing arrives.
    timer: Option<Pin<Box<Sleep>>>,
    failed: bool,
}

impl OriginBody {
    pub(super) fn new(body: Incoming, held: Held, host: &str, read: Duration, ends: Ends) -> OriginBody {
        let passes_trailers = matches!(held, Held::Stream { .. });
        let (held, host) = (Some(held), host.to_owned());
        let mut body =
            OriginBody { body, held, passes_trailers, host, read, ends, timer: None, failed: false };
        body.end_if_ended();
        body
    }

    /// A reader may know from the length of the body that it ended, and not ask for more.
    fn end_if_ended(&mut self) {
        if self.body.is_end_stream() {
            self.end();
        }
    }

    fn end(&mut self) {
        self.ends.last_byte.came(self.ends.asked.elapsed());
        if let Some(Held::Connection(lease)) = self.held.take() {
            lease.give_back();
        }
    }

    /// Closes the connection: what comes after a failure cannot be told apart from the rest of this answer.
    fn fail(&mut self, failure: OriginFailure) -> Poll<Option<Result<Frame<Bytes>, OriginFailure>>> {
        self.failed = true;
        self.held = None;
        Poll::Ready(Some(Err(failure)))
    }

    /// Nothing has arrived: whether that has lasted too long.
    fn poll_timer(&mut self, context: &mut Context<'_>) -> Poll<()> {
        let timer = self.timer.get_or_insert_with(|| {
            let silent = Instant::now() + self.read;
            let until = self.ends.deadline.map_or(silent, |deadline| deadline.min(silent));
            Box::pin(tokio::time::sleep_until(until))
        });
        timer.as_mut().poll(context)
    }
}

impl Body for OriginBody {
    type Data = Bytes;
    type Error = OriginFailure;

    fn poll_frame(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
    ) -> Poll<Option<Result<Frame<Bytes>, OriginFailure>>> {
        if self.failed {
            return Poll::Ready(None);
        }
        loop {
            let Poll::Ready(polled) = Pin::new(&mut self.body).poll_frame(context) else {
                return match self.poll_timer(context) {
                    Poll::Pending => Poll::Pending,
                    Poll::Ready(()) => {
                        let failure = OriginFailure::Timeout(self.host.clone());
                        self.fail(failure)
                    }
                };
            };
            self.timer = None;
            match polled {
                None => {
                    self.end();
                    return Poll::Ready(None);
                }
                Some(Err(error)) => {
                    let failure = OriginFailure::Broken(self.host.clone(), error.to_string());
                    return self.fail(failure);
                }
                Some(Ok(_)) if self.ends.deadline.is_some_and(|deadline| deadline <= Instant::now()) => {
                    let failure = OriginFailure::Timeout(self.host.clone());
                    return self.fail(failure);
                }
                // Trailers of HTTP/1.1 are for the connection alone; viewers get none.
                Some(Ok(frame)) if frame.is_data() || self.passes_trailers => {
                    self.end_if_ended();
                    return Poll::Ready(Some(Ok(frame)));
                }
                Some(Ok(_)) => {}
            }
        }
    }

    fn is_end_stream(&self) -> bool {
        self.failed || self.body.is_end_stream()
    }

    fn size_hint(&self) -> SizeHint {
        self.body.size_hint()
    }
}

//! The body of a compressed answer.

use std::future::Future;
use std::pin::Pin;
use std::sync::Arc;
use std::task::{Context, Poll, ready};

use bytes::{Bytes, BytesMut};
use http_body::{Body, Frame};
use tokio::sync::Semaphore;

use super::encoder::Encoder;
use crate::origin::{AnswerBody, OriginFailure};

/// How much of the origin's body is gathered before it is handed to a blocking thread, in bytes: enough that the hop costs
/// little beside the work, and not so much that a slow origin's viewers wait.
const PIECE_BYTES: usize = 64 * 1024;

/// What a blocking thread gives back: the encoder, unless the body is at its end, and compressed bytes.
type Encoded = Result<(Option<Encoder>, Vec<u8>), OriginFailure>;

/// A body that is compressed as it is read. It has no trailers: the origin's would be about other bytes.
pub(super) struct CompressedBody {
    origin: AnswerBody,
    origin_id: Arc<str>,
    permits: Arc<Semaphore>,
    gathered: BytesMut,
    origin_ended: bool,
    state: State,
}

enum State {
    /// Gathers a piece for the encoder.
    Gathering(Encoder),
    /// A thread works on a piece, or waits for its turn.
    Encoding(Pin<Box<dyn Future<Output = Encoded> + Send>>),
    /// Nothing follows.
    Ended,
}

impl CompressedBody {
    pub(super) fn new(
        origin: AnswerBody,
        encoder: Encoder,
        permits: Arc<Semaphore>,
        origin_id: Arc<str>,
    ) -> CompressedBody {
        CompressedBody {
            origin,
            origin_id,
            permits,
            gathered: BytesMut::new(),
            origin_ended: false,
            state: State::Gathering(encoder),
        }
    }

    /// Reads until a piece is full or the body ends. What an origin sends in small frames is gathered as long as more is
    /// there; when the origin pauses, nothing is gained by encoding early, for encoders hold back what they have.
    fn poll_gather(&mut self, context: &mut Context<'_>) -> Poll<Result<(), OriginFailure>> {
        while !self.origin_ended && self.gathered.len() < PIECE_BYTES {
            match ready!(Pin::new(&mut self.origin).poll_frame(context)) {
                Some(Ok(frame)) => {
                    if let Ok(data) = frame.into_data() {
                        self.gathered.extend_from_slice(&data);
                    }
                }
                Some(Err(failure)) => return Poll::Ready(Err(failure)),
                None => self.origin_ended = true,
            }
        }
        Poll::Ready(Ok(()))
    }

    /// Hands what is gathered to a blocking thread.
    fn encode(&mut self, encoder: Encoder) -> Pin<Box<dyn Future<Output = Encoded> + Send>> {
        let piece = self.gathered.split().freeze();
        let (permits, origin_id, last) =
            (Arc::clone(&self.permits), Arc::clone(&self.origin_id), self.origin_ended);
        Box::pin(async move {
            let broken = |error: &dyn std::error::Error| {
                OriginFailure::Broken(origin_id.to_string(), error.to_string())
            };
            let permit = match permits.acquire_owned().await {
                Ok(permit) => permit,
                Err(closed) => return Err(broken(&closed)),
            };
            let work = tokio::task::spawn_blocking(move || {
                let output = encode_piece(encoder, &piece, last);
                drop(permit);
                output
            });
            match work.await {
                Ok(Ok(output)) => Ok(output),
                Ok(Err(error)) => Err(broken(&error)),
                Err(error) => Err(broken(&error)),
            }
        })
    }
}

fn encode_piece(
    mut encoder: Encoder,
    piece: &[u8],
    last: bool,
) -> std::io::Result<(Option<Encoder>, Vec<u8>)> {
    let mut output = encoder.push(piece)?;
    if !last {
        return Ok((Some(encoder), output));
    }
    let rest = encoder.finish()?;
    output.extend_from_slice(&rest);
    Ok((None, output))
}

impl Body for CompressedBody {
    type Data = Bytes;
    type Error = OriginFailure;

    fn poll_frame(
        self: Pin<&mut Self>,
        context: &mut Context<'_>,
    ) -> Poll<Option<Result<Frame<Bytes>, OriginFailure>>> {
        let body = self.get_mut();
        loop {
            match std::mem::replace(&mut body.state, State::Ended) {
                State::Ended => return Poll::Ready(None),
                State::Gathering(encoder) => match body.poll_gather(context) {
                    Poll::Ready(Ok(())) => body.state = State::Encoding(body.encode(encoder)),
                    Poll::Ready(Err(failure)) => return Poll::Ready(Some(Err(failure))),
                    Poll::Pending => {
                        body.state = State::Gathering(encoder);
                        return Poll::Pending;
                    }
                },
                State::Encoding(mut work) => match work.as_mut().poll(context) {
                    Poll::Ready(Ok((encoder, output))) => {
                        body.state = encoder.map_or(State::Ended, State::Gathering);
                        if !output.is_empty() {
                            return Poll::Ready(Some(Ok(Frame::data(Bytes::from(output)))));
                        }
                    }
                    Poll::Ready(Err(failure)) => return Poll::Ready(Some(Err(failure))),
                    Poll::Pending => {
                        body.state = State::Encoding(work);
                        return Poll::Pending;
                    }
                },
            }
        }
    }

    fn is_end_stream(&self) -> bool {
        matches!(self.state, State::Ended)
    }
}

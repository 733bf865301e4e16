//! Change streams as bodies of responses.

use std::convert::Infallible;
use std::pin::Pin;
use std::task::{Context, Poll};

use bytes::Bytes;
use http::{HeaderValue, Response, StatusCode, header};
use http_body::{Body, Frame};
use http_body_util::{Either, Full};
use keyfront_follow::{CONTENT_TYPE, Chunks, Subscription};

/// A body that is there whole, or a change stream.
pub(crate) type ResponseBody = Either<Full<Bytes>, ChangeStream>;

/// A change stream, which ends when the feeds are closed.
pub(crate) struct ChangeStream(Chunks);

impl ChangeStream {
    /// Begins the feed. It ends when the body is dropped, because its client left.
    pub(super) fn open(subscription: Subscription) -> ChangeStream {
        ChangeStream(subscription.open())
    }
}

/// The answer that begins a stream.
pub(super) fn answer(subscription: Subscription) -> Response<ResponseBody> {
    let mut response = Response::new(Either::Right(ChangeStream::open(subscription)));
    *response.status_mut() = StatusCode::OK;
    response.headers_mut().insert(header::CONTENT_TYPE, HeaderValue::from_static(CONTENT_TYPE));
    response
}

impl Body for ChangeStream {
    type Data = Bytes;
    type Error = Infallible;

    fn poll_frame(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
    ) -> Poll<Option<Result<Frame<Bytes>, Infallible>>> {
        self.0.poll_next(context).map(|piece| piece.map(|piece| Ok(Frame::data(piece))))
    }
}

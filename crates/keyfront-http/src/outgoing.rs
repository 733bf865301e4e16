//! The body of a response on its way to the transport.

use std::pin::Pin;
use std::task::{Context, Poll};

use bytes::Bytes;
use http_body::{Body, Frame, SizeHint};

use crate::activity::RequestGuard;

/// Most bytes that an HTTP/2 stream hands over at once. hyper asks for the next piece when the client's window is
/// open again, so a response is seen to move, and one that does not is not copied into the connection's buffers.
const PIECE_BYTES: usize = 64 * 1024;

/// A response body that keeps its request counted as in progress until the transport took the last of it.
pub(crate) struct Outgoing<B> {
    /// Nothing: the response has no body.
    body: Option<B>,
    /// What is left of a large frame.
    rest: Bytes,
    /// Most bytes of one frame.
    piece: usize,
    request: RequestGuard,
    /// The client is to read since a moment ago. Over HTTP/1.1 the first frame is asked for as soon as there is a response.
    has_just_begun: bool,
}

impl<B> Outgoing<B> {
    pub(crate) fn new(body: Option<B>, version: http::Version, mut request: RequestGuard) -> Outgoing<B> {
        request.client_is_to_read();
        let is_http2 = version == http::Version::HTTP_2;
        let piece = if is_http2 { PIECE_BYTES } else { usize::MAX };
        Outgoing { body, rest: Bytes::new(), piece, request, has_just_begun: !is_http2 }
    }
}

impl<B: Body<Data = Bytes> + Unpin> Body for Outgoing<B> {
    type Data = Bytes;
    type Error = B::Error;

    fn poll_frame(
        mut self: Pin<&mut Self>,
        cx: &mut Context<'_>,
    ) -> Poll<Option<Result<Frame<Bytes>, B::Error>>> {
        let this = &mut *self;
        if this.rest.is_empty() {
            let Some(body) = &mut this.body else { return Poll::Ready(None) };
            let Poll::Ready(frame) = Pin::new(body).poll_frame(cx) else {
                this.has_just_begun = false;
                this.request.service_is_to_write();
                return Poll::Pending;
            };
            match frame.map(|frame| frame.map(Frame::into_data)) {
                None => return Poll::Ready(None),
                Some(Err(error)) => return Poll::Ready(Some(Err(error))),
                Some(Ok(Err(trailers))) => return Poll::Ready(Some(Ok(trailers))),
                Some(Ok(Ok(data))) => this.rest = data,
            }
        }
        if !std::mem::take(&mut this.has_just_begun) {
            this.request.client_is_to_read();
        }
        let piece = this.rest.split_to(this.rest.len().min(this.piece));
        Poll::Ready(Some(Ok(Frame::data(piece))))
    }

    fn is_end_stream(&self) -> bool {
        self.rest.is_empty() && self.body.as_ref().is_none_or(Body::is_end_stream)
    }

    fn size_hint(&self) -> SizeHint {
        let mut hint = self.body.as_ref().map_or(SizeHint::with_exact(0), Body::size_hint);
        let rest = u64::try_from(self.rest.len()).unwrap_or(u64::MAX);
        if let Some(upper) = hint.upper() {
            hint.set_upper(upper.saturating_add(rest));
        }
        hint.set_lower(hint.lower().saturating_add(rest));
        hint
    }
}

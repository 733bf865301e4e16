//! The body of a request on its way to the service.

use std::pin::Pin;
use std::sync::Arc;
use std::task::{Context, Poll};
use std::time::Duration;

use bytes::Bytes;
use http_body::{Body, Frame, SizeHint};
use hyper::body::Incoming;
use tokio::time::Sleep;

use crate::activity::{Activity, BodyGuard};

/// A request body that ends with an error when its client sends nothing more of it.
///
/// The time counts only while the service waits for the next bytes, so a service that forwards a body may be as slow as
/// what it forwards to.
#[derive(Debug)]
pub struct RequestBody {
    body: Incoming,
    timeout: Duration,
    activity: Arc<Activity>,
    /// There from the moment on when the client was first waited for.
    arriving: Option<BodyGuard>,
    /// Runs while the client is waited for.
    waiting: Option<Pin<Box<Sleep>>>,
}

/// The body of a request cannot be read to its end.
#[derive(Debug, thiserror::Error)]
pub enum BodyError {
    /// The client stopped sending.
    #[error("the client sent nothing more of the body for {0:?}")]
    Stalled(Duration),
    /// The connection broke, or the body is malformed.
    #[error(transparent)]
    Transport(#[from] hyper::Error),
}

impl RequestBody {
    pub(crate) fn new(body: Incoming, timeout: Duration, activity: Arc<Activity>) -> RequestBody {
        RequestBody { body, timeout, activity, arriving: None, waiting: None }
    }
}

impl Body for RequestBody {
    type Data = Bytes;
    type Error = BodyError;

    fn poll_frame(
        mut self: Pin<&mut Self>,
        cx: &mut Context<'_>,
    ) -> Poll<Option<Result<Frame<Bytes>, BodyError>>> {
        if let Poll::Ready(frame) = Pin::new(&mut self.body).poll_frame(cx) {
            self.waiting = None;
            match &frame {
                Some(Ok(frame)) if !self.body.is_end_stream() => {
                    if let Some(arriving) = &self.arriving {
                        arriving.took(frame.data_ref().map_or(0, Bytes::len));
                    }
                }
                Some(_) | None => self.arriving = None,
            }
            return Poll::Ready(frame.map(|frame| frame.map_err(BodyError::from)));
        }
        let activity = Arc::clone(&self.activity);
        self.arriving.get_or_insert_with(|| activity.begin_body()).waits();
        let timeout = self.timeout;
        let waiting = self.waiting.get_or_insert_with(|| Box::pin(tokio::time::sleep(timeout)));
        std::task::ready!(waiting.as_mut().poll(cx));
        Poll::Ready(Some(Err(BodyError::Stalled(timeout))))
    }

    fn is_end_stream(&self) -> bool {
        self.body.is_end_stream()
    }

    fn size_hint(&self) -> SizeHint {
        self.body.size_hint()
    }
}

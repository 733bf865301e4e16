//! Request bodies on their way to an origin: whether the origin or the viewer is waited for.

use std::pin::Pin;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::task::{Context, Poll};
use std::time::Duration;

use bytes::Bytes;
use http_body::{Body, Frame, SizeHint};
use http_body_util::BodyExt;
use tokio::sync::Notify;

use super::exchange::RequestBody;

/// How far a request's body is.
#[derive(Clone, Debug, Default)]
pub(super) struct Progress(Arc<State>);

#[derive(Debug, Default)]
struct State {
    /// The viewer has to send more before the origin can be expected to do anything.
    waits_for_viewer: AtomicBool,
    /// Something moved.
    moved: Notify,
}

impl Progress {
    /// Wraps a body.
    pub(super) fn watch(&self, body: RequestBody) -> RequestBody {
        Watched { body, progress: self.clone() }.boxed_unsync()
    }

    /// Returns when the origin was silent for as long as `limit` while nothing was missing from the viewer.
    pub(super) async fn origin_is_silent(&self, limit: Duration) {
        loop {
            let moved = self.0.moved.notified();
            if self.0.waits_for_viewer.load(Ordering::Acquire) {
                moved.await;
            } else if tokio::time::timeout(limit, moved).await.is_err() {
                return;
            }
        }
    }

    fn set(&self, waits_for_viewer: bool) {
        self.0.waits_for_viewer.store(waits_for_viewer, Ordering::Release);
        self.0.moved.notify_one();
    }
}

struct Watched {
    body: RequestBody,
    progress: Progress,
}

impl Drop for Watched {
    fn drop(&mut self) {
        self.progress.set(false);
    }
}

impl Body for Watched {
    type Data = Bytes;
    type Error = Box<dyn std::error::Error + Send + Sync>;

    fn poll_frame(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
    ) -> Poll<Option<Result<Frame<Bytes>, Self::Error>>> {
        let polled = Pin::new(&mut self.body).poll_frame(context);
        self.progress.set(polled.is_pending());
        polled
    }

    fn is_end_stream(&self) -> bool {
        self.body.is_end_stream()
    }

    fn size_hint(&self) -> SizeHint {
        self.body.size_hint()
    }
}

#[cfg(test)]
mod tests {
    use tokio::sync::mpsc;

    use super::*;

    struct Pieces(mpsc::Receiver<()>);

    impl Body for Pieces {
        type Data = Bytes;
        type Error = Box<dyn std::error::Error + Send + Sync>;

        fn poll_frame(
            mut self: Pin<&mut Self>,
            context: &mut Context<'_>,
        ) -> Poll<Option<Result<Frame<Bytes>, Self::Error>>> {
            self.0.poll_recv(context).map(|piece| piece.map(|()| Ok(Frame::data(Bytes::from_static(b"a")))))
        }
    }

    const LIMIT: Duration = Duration::from_secs(30);
    const SOONER: Duration = Duration::from_secs(29);

    #[tokio::test(start_paused = true)]
    async fn the_time_of_an_origin_runs_while_nothing_is_missing_from_the_viewer() {
        let (sender, receiver) = mpsc::channel(1);
        let progress = Progress::default();
        let mut body = progress.watch(Pieces(receiver).boxed_unsync());
        let silent = tokio::spawn({
            let progress = progress.clone();
            async move { progress.origin_is_silent(LIMIT).await }
        });
        // The viewer is waited for: no time is too long.
        let mut frame = poll_once(&mut body).await;
        assert!(frame.is_none());
        tokio::time::sleep(10 * LIMIT).await;
        assert!(!silent.is_finished());
        sender.send(()).await.unwrap();
        frame = poll_once(&mut body).await;
        assert!(frame.is_some());
        // Now the origin has something to read.
        tokio::time::sleep(SOONER).await;
        assert!(!silent.is_finished());
        tokio::time::sleep(Duration::from_secs(2)).await;
        assert!(silent.is_finished());
    }

    /// Polls a body once.
    async fn poll_once(body: &mut RequestBody) -> Option<Frame<Bytes>> {
        let polled =
            std::future::poll_fn(|context| Poll::Ready(Pin::new(&mut *body).poll_frame(context))).await;
        match polled {
            Poll::Ready(Some(Ok(frame))) => Some(frame),
            Poll::Ready(_) | Poll::Pending => None,
        }
    }
}

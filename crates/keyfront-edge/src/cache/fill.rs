//! Reads the body of an answer into the cache while viewers have it.

use std::future::poll_fn;
use std::pin::Pin;
use std::sync::Arc;
use std::task::{Context, Poll};

use bytes::Bytes;
use http_body::Body as _;

use super::Inner;
use super::budget::Reservation;
use super::collapse::{Landing, Outcome};
use super::object::{Content, Object};
use crate::body::{FillWriter, Filled, TransferFailed, WINDOW, Write, length_of};
use crate::origin::AnswerBody;

/// Memory for bodies whose length is not known is reserved in such steps, in bytes.
const STEP: u64 = 64 * 1024;

/// A body that is on its way.
pub(super) struct Filling {
    pub(super) body: AnswerBody,
    pub(super) writer: FillWriter,
    pub(super) object: Arc<Object>,
    pub(super) reservation: Reservation,
}

/// For whom a body is read.
#[derive(Clone, Copy)]
pub(super) struct Purpose<'f> {
    /// Where others may come from.
    pub(super) landing: Option<&'f Landing<'f>>,
    /// It is for later viewers alone.
    pub(super) for_later: bool,
}

impl Purpose<'_> {
    /// Whether to read on without viewers: if some are about to come, or if more than half is there.
    fn goes_on(self, writer: &FillWriter) -> bool {
        let may_become_object = self.for_later && !writer.is_windowed();
        may_become_object || writer.is_past_half() || self.landing.is_some_and(Landing::is_awaited)
    }
}

impl Inner {
    /// Memory for a body. `None` if it is too large, or if other bodies take all there is.
    pub(super) fn reserve(&self, digest: u128, length: Option<u64>) -> Option<Reservation> {
        if length.is_some_and(|length| length > self.memory.object_limit()) {
            self.pass_for_a_while(digest);
            return None;
        }
        let reservation = self.budget.reserve(length.unwrap_or(STEP));
        if reservation.is_none() {
            self.counters.refused_fills.add();
        }
        reservation
    }

    /// Reads a body to its end and keeps it if it is complete.
    pub(super) async fn fill(&self, filling: Filling, purpose: Purpose<'_>) {
        let Filling { mut body, mut writer, object, mut reservation } = filling;
        let ended = loop {
            // An origin that is faster than everything else must not have the thread for itself.
            tokio::task::consume_budget().await;
            let data = match self.next_data(&mut body, &mut writer, purpose).await {
                Ok(Some(data)) => data,
                Ok(None) => break writer.is_complete().then_some(()).ok_or(TransferFailed::Length),
                Err(failed) => break Err(failed),
            };
            let written = writer.written().saturating_add(length_of(&data));
            match writer.length() {
                Some(length) if written > length => break Err(TransferFailed::Length),
                Some(_) => {}
                // The writer goes on, so the readers have had all but a window.
                None if writer.is_windowed() => reservation.shrink_to(WINDOW),
                None => {
                    let fits = written <= self.memory.object_limit()
                        && reservation.grow_to(written.next_multiple_of(STEP));
                    if !fits {
                        writer.turn_windowed();
                        self.pass_for_a_while(object.key.digest());
                        if let Some(landing) = purpose.landing {
                            landing.tell(Outcome::Alone);
                        }
                    }
                }
            }
            writer.write(&data);
        };
        match ended {
            Ok(()) => {
                if let Some(Filled { segments, capacity }) = writer.finish() {
                    let object = object.completed(Content::Whole(segments, capacity));
                    self.memory.put(Arc::new(object), self.clock.now_ms());
                }
            }
            Err(failed) => writer.fail(failed),
        }
    }

    /// The next bytes; `None` at the end.
    async fn next_data(
        &self,
        body: &mut AnswerBody,
        writer: &mut FillWriter,
        purpose: Purpose<'_>,
    ) -> Result<Option<Bytes>, TransferFailed> {
        if !writer.is_windowed() {
            return poll_fn(|cx| poll_data(cx, body, writer, purpose)).await;
        }
        loop {
            let data = poll_fn(|cx| poll_data(cx, body, writer, purpose));
            match tokio::time::timeout(self.stall, data).await {
                Ok(data) => return data,
                Err(_elapsed) if writer.permission() == Write::Wait => writer.cut_off_slowest(),
                Err(_elapsed) => {}
            }
        }
    }
}

fn poll_data(
    cx: &mut Context<'_>,
    body: &mut AnswerBody,
    writer: &mut FillWriter,
    purpose: Purpose<'_>,
) -> Poll<Result<Option<Bytes>, TransferFailed>> {
    match writer.may(cx) {
        Write::Deserted if !purpose.goes_on(writer) => return Poll::Ready(Err(TransferFailed::Abandoned)),
        Write::Wait => {
            writer.publish();
            return Poll::Pending;
        }
        Write::Deserted | Write::On => {}
    }
    loop {
        match Pin::new(&mut *body).poll_frame(cx) {
            Poll::Ready(Some(Ok(frame))) => {
                // Trailers are not kept.
                if let Ok(data) = frame.into_data() {
                    return Poll::Ready(Ok(Some(data)));
                }
            }
            Poll::Ready(Some(Err(failure))) => return Poll::Ready(Err(failure.into())),
            Poll::Ready(None) => return Poll::Ready(Ok(None)),
            Poll::Pending => {
                // Readers get what is there before the origin is waited for.
                writer.publish();
                return Poll::Pending;
            }
        }
    }
}

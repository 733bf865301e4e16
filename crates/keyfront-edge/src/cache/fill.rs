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
use crate::body::{DiskBody, DiskWriter, Fill, FillWriter, Filled, TransferFailed, WINDOW, Write, length_of};
use crate::origin::{AnswerBody, OriginFailure};

/// Memory for bodies whose length is not known is reserved in such steps, in bytes.
const STEP: u64 = 64 * 1024;

/// A body that is on its way.
pub(super) struct Filling {
    pub(super) body: AnswerBody,
    pub(super) object: Arc<Object>,
    pub(super) into: Into,
}

/// Where a body goes to, and what was reserved for it there.
pub(super) enum Into {
    Memory(FillWriter, Reservation),
    Disk(Box<DiskWriter>, Reservation),
}

/// Room for a body.
pub(super) enum Room {
    Memory(Reservation),
    /// In the folder, for a body of this length.
    Disk(Reservation, u64),
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
    fn goes_on(self, may_become_object: bool, is_past_half: bool) -> bool {
        let is_for_later = self.for_later && may_become_object;
        is_for_later || is_past_half || self.landing.is_some_and(Landing::is_awaited)
    }
}

impl Inner {
    /// Room for a body: in memory, or in the folder for what is too large. `None` if it is too large for both, or if other
    /// bodies take all there is.
    pub(super) fn reserve(&self, digest: u128, length: Option<u64>) -> Option<Room> {
        if let Some(length) = length.filter(|length| *length > self.memory.object_limit()) {
            let room = self.disk.as_ref().and_then(|disk| disk.reserve(length, self.clock.now_ms()));
            if room.is_none() {
                self.pass_for_a_while(digest);
            }
            return room.map(|reservation| Room::Disk(reservation, length));
        }
        let reservation = self.budget.reserve(length.unwrap_or(STEP));
        if reservation.is_none() {
            self.counters.refused_fills.add();
        }
        reservation.map(Room::Memory)
    }

    /// What an object has until its body is complete, and what writes it.
    pub(super) fn begin(&self, digest: u128, room: Room, length: Option<u64>) -> (Content, Into) {
        match (room, &self.disk) {
            (Room::Disk(reservation, length), Some(disk)) => {
                let (body, writer) = DiskBody::new(&disk.folder, digest, length);
                (Content::Disk(body), Into::Disk(Box::new(writer), reservation))
            }
            (Room::Memory(reservation) | Room::Disk(reservation, _), _) => {
                let (fill, writer) = Fill::new(length);
                (Content::Filling(fill), Into::Memory(writer, reservation))
            }
        }
    }

    /// Reads a body to its end and keeps it if it is complete.
    pub(super) async fn fill(&self, filling: Filling, purpose: Purpose<'_>) {
        let Filling { body, object, into } = filling;
        match into {
            Into::Memory(writer, reservation) => {
                self.fill_memory((body, object), (writer, reservation), purpose).await;
            }
            Into::Disk(writer, reservation) => {
                self.fill_disk((body, object), *writer, purpose).await;
                drop(reservation);
            }
        }
    }

    async fn fill_memory(
        &self,
        (mut body, object): (AnswerBody, Arc<Object>),
        (mut writer, mut reservation): (FillWriter, Reservation),
        purpose: Purpose<'_>,
    ) {
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
                if let Some(Filled { whole, capacity }) = writer.finish() {
                    let object = object.completed(Content::Whole(whole, capacity));
                    self.keep(&Arc::new(object), self.clock.now_ms());
                }
            }
            Err(failed) => writer.fail(failed),
        }
    }

    async fn fill_disk(
        &self,
        (mut body, object): (AnswerBody, Arc<Object>),
        mut writer: DiskWriter,
        purpose: Purpose<'_>,
    ) {
        let ended = loop {
            tokio::task::consume_budget().await;
            let is_deserted = writer.is_deserted();
            if is_deserted && !purpose.goes_on(true, writer.is_past_half()) {
                break Err(TransferFailed::Abandoned);
            }
            let has_pending = writer.has_pending();
            let next = tokio::select! {
                biased;
                () = writer.deserted(), if !is_deserted => continue,
                next = poll_fn(|cx| poll_next(cx, &mut body, has_pending)) => next,
            };
            let written = match next {
                Next::Data(data) if writer.written().saturating_add(length_of(&data)) > writer.length() => {
                    break Err(TransferFailed::Length);
                }
                Next::Data(data) => writer.write(&data).await,
                Next::Nothing => writer.flush().await,
                Next::End if writer.written() == writer.length() => break Ok(()),
                Next::End => break Err(TransferFailed::Length),
                Next::Failed(failure) => break Err(failure.into()),
            };
            if let Err(error) = written {
                break Err(self.note_disk(&error));
            }
        };
        match ended {
            Ok(()) => match writer.finish().await {
                Ok(()) => {
                    let object = object.completed(object.content.clone());
                    self.keep(&Arc::new(object), self.clock.now_ms());
                }
                Err(error) => drop(self.note_disk(&error)),
            },
            Err(failed) => writer.fail(failed),
        }
    }

    fn note_disk(&self, error: &std::io::Error) -> TransferFailed {
        if let Some(disk) = &self.disk {
            disk.pause(self.clock.now_ms(), error);
        }
        TransferFailed::Disk(error.to_string())
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
        Write::Deserted if !purpose.goes_on(!writer.is_windowed(), writer.is_past_half()) => {
            return Poll::Ready(Err(TransferFailed::Abandoned));
        }
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

/// What an origin does next.
enum Next {
    Data(Bytes),
    /// Nothing for now, while readers wait for what was written.
    Nothing,
    End,
    Failed(OriginFailure),
}

fn poll_next(cx: &mut Context<'_>, body: &mut AnswerBody, has_pending: bool) -> Poll<Next> {
    loop {
        return match Pin::new(&mut *body).poll_frame(cx) {
            Poll::Ready(Some(Ok(frame))) => match frame.into_data() {
                Ok(data) => Poll::Ready(Next::Data(data)),
                // Trailers are not kept.
                Err(_trailers) => continue,
            },
            Poll::Ready(Some(Err(failure))) => Poll::Ready(Next::Failed(failure)),
            Poll::Ready(None) => Poll::Ready(Next::End),
            Poll::Pending if has_pending => Poll::Ready(Next::Nothing),
            Poll::Pending => Poll::Pending,
        };
    }
}

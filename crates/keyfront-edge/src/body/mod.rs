//! Bodies on their way to viewers: whole ones from the cache, ones that are still coming, ones that only pass through.
//!
//! | module | part |
//! |---|---|
//! | `segments` | bytes in order, in pieces that can be shared |
//! | `disk` | bodies in a folder |
//! | `fill` | a body that one task writes while many viewers read |
//!
//! What is written here is a copy: a frame of an origin is a slice of a large read buffer, which would stay in memory as
//! long as the frame. How long a viewer may take to read is not known here.

mod disk;
mod fill;
mod segments;

use std::ops::Range;
use std::pin::Pin;
use std::task::{Context, Poll};

use bytes::Bytes;
use http_body::{Body, Frame, SizeHint};

pub(crate) use disk::{DiskBody, DiskReader, DiskWriter};
pub use disk::{DiskError, DiskFolder};
pub(crate) use fill::{Fill, FillReader, FillWriter, Filled, WINDOW, Write};
pub(crate) use segments::{Segments, Whole};

use crate::origin::{AnswerBody, OriginFailure};

#[cfg(test)]
mod tests;

/// Why a body ends before its end. The transfer to the viewer has to be broken off, never ended as if all was there.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum TransferFailed {
    /// The origin broke off.
    #[error(transparent)]
    Origin(#[from] OriginFailure),
    /// The origin sent less than it had said, or more.
    #[error("the origin's answer is not as long as it says")]
    Length,
    /// The viewer read so slowly that others could not go on.
    #[error("the viewer reads too slowly")]
    TooSlow,
    /// The folder of the cache failed.
    #[error("the cache's folder: {0}")]
    Disk(String),
    /// What fetched the body has stopped.
    #[error("the transfer from the origin has ended early")]
    Abandoned,
}

/// The body of an object, or a range of it.
pub struct ObjectBody {
    source: Source,
    /// The next byte of the object.
    offset: u64,
    /// The end of what is wanted; `None` for the end of an object whose length is not known.
    until: Option<u64>,
}

enum Source {
    /// No bytes, whatever the length says: an answer to HEAD.
    Nothing,
    Whole(Whole),
    Filling(FillReader),
    Disk(DiskReader),
    Passing {
        body: AnswerBody,
        position: u64,
    },
}

impl ObjectBody {
    /// A body without bytes.
    pub fn empty() -> ObjectBody {
        ObjectBody::silent(Some(0))
    }

    /// What answers HEAD: no bytes, but the length that the body of a GET has.
    pub fn silent(length: Option<u64>) -> ObjectBody {
        ObjectBody { source: Source::Nothing, offset: 0, until: length }
    }

    /// A body that is not kept. The length is checked if it is known.
    pub fn passing(body: AnswerBody, length: Option<u64>) -> ObjectBody {
        let length = length.or_else(|| body.size_hint().exact());
        ObjectBody { source: Source::Passing { body, position: 0 }, offset: 0, until: length }
    }

    pub(crate) fn whole(whole: Whole) -> ObjectBody {
        let until = Some(whole.length());
        ObjectBody { source: Source::Whole(whole), offset: 0, until }
    }

    pub(crate) fn filling(reader: FillReader) -> ObjectBody {
        let until = reader.length();
        ObjectBody { source: Source::Filling(reader), offset: 0, until }
    }

    pub(crate) fn disk(reader: DiskReader) -> ObjectBody {
        let until = Some(reader.length());
        ObjectBody { source: Source::Disk(reader), offset: 0, until }
    }

    /// How many bytes there are still to come; `None` if that is not known.
    pub fn length(&self) -> Option<u64> {
        Some(self.until?.saturating_sub(self.offset))
    }

    /// How many bytes have still to come before the one at an offset is there; `None` where all are there, or nothing is
    /// known of them.
    pub(crate) fn missing(&self, offset: u64) -> Option<u64> {
        let there = match &self.source {
            Source::Filling(reader) => reader.there()?,
            Source::Disk(reader) => reader.there()?,
            Source::Nothing | Source::Whole(_) | Source::Passing { .. } => return None,
        };
        Some(offset.saturating_sub(there))
    }

    /// A range of it, in bytes from its beginning; what lies after its end is left out. On an object that is still being
    /// filled, the range begins as soon as its first byte is there.
    #[must_use]
    pub fn range(mut self, range: Range<u64>) -> ObjectBody {
        let end = self.offset.saturating_add(range.end);
        self.until = Some(self.until.map_or(end, |until| until.min(end)));
        self.offset = self.offset.saturating_add(range.start);
        if let Source::Filling(reader) = &mut self.source {
            reader.skip_to(self.offset);
        }
        self
    }

    /// A second reader of the same bytes, for several ranges of one object. `None` if it only passes through, or if a
    /// fill has ended without its end or no longer has its first bytes.
    pub fn try_clone(&self) -> Option<ObjectBody> {
        let source = match &self.source {
            Source::Nothing => Source::Nothing,
            Source::Whole(whole) => Source::Whole(whole.clone()),
            Source::Filling(reader) => Source::Filling(reader.again(self.offset)?),
            Source::Disk(reader) => Source::Disk(reader.again()?),
            Source::Passing { .. } => return None,
        };
        Some(ObjectBody { source, offset: self.offset, until: self.until })
    }

    fn poll_data(&mut self, cx: &mut Context<'_>) -> Poll<Option<Result<Bytes, TransferFailed>>> {
        let until = self.until.unwrap_or(u64::MAX);
        if self.offset >= until {
            return Poll::Ready(None);
        }
        match &mut self.source {
            Source::Nothing => Poll::Ready(None),
            Source::Whole(whole) => Poll::Ready(whole.at(self.offset, until).map(Ok)),
            Source::Filling(reader) => {
                let data = std::task::ready!(reader.poll_read(cx, self.offset, until));
                Poll::Ready(data.or_else(|| self.until.map(|_| Err(TransferFailed::Length))))
            }
            Source::Disk(reader) => {
                let data = std::task::ready!(reader.poll_read(cx, self.offset, until));
                Poll::Ready(data.or(Some(Err(TransferFailed::Length))))
            }
            Source::Passing { body, position } => loop {
                let frame = match std::task::ready!(Pin::new(&mut *body).poll_frame(cx)) {
                    Some(Ok(frame)) => frame,
                    Some(Err(failure)) => return Poll::Ready(Some(Err(failure.into()))),
                    None => return Poll::Ready(self.until.map(|_| Err(TransferFailed::Length))),
                };
                // Trailers are not passed on (AWS: "HTTP response headers that CloudFront removes or replaces").
                let Ok(data) = frame.into_data() else { continue };
                let start = *position;
                *position = start.saturating_add(length_of(&data));
                if let Some(data) = segments::cut(&data, start, self.offset, until) {
                    return Poll::Ready(Some(Ok(data)));
                }
            },
        }
    }
}

impl Body for ObjectBody {
    type Data = Bytes;
    type Error = TransferFailed;

    fn poll_frame(
        mut self: Pin<&mut Self>,
        cx: &mut Context<'_>,
    ) -> Poll<Option<Result<Frame<Bytes>, TransferFailed>>> {
        let data = std::task::ready!(self.poll_data(cx));
        if let Some(Ok(data)) = &data {
            self.offset = self.offset.saturating_add(length_of(data));
        }
        if !matches!(data, Some(Ok(_))) {
            // Nothing follows an end or a failure, and what it was read from can go.
            self.source = Source::Nothing;
            self.until = Some(self.offset);
        }
        Poll::Ready(data.map(|data| data.map(Frame::data)))
    }

    fn is_end_stream(&self) -> bool {
        matches!(self.source, Source::Nothing) || self.length() == Some(0)
    }

    fn size_hint(&self) -> SizeHint {
        self.length().map_or_else(SizeHint::default, SizeHint::with_exact)
    }
}

/// A length in memory as one of a body.
pub(crate) fn length_of(bytes: &[u8]) -> u64 {
    u64::try_from(bytes.len()).unwrap_or(u64::MAX)
}

//! The body of a reply to a viewer, and what is told at its end.

use std::collections::VecDeque;
use std::pin::Pin;
use std::task::{Context, Poll};

use bytes::Bytes;
use http_body::{Body, Frame, SizeHint};

use super::ending::Ending;
use crate::answer::{self, Multipart};
use crate::body::{ObjectBody, TransferFailed};
use crate::origin::AnswerBody;

/// The body of a response to a viewer.
pub struct ViewerBody {
    /// The first piece, and those after it: nearly all bodies are one.
    first: Option<Piece>,
    rest: VecDeque<Piece>,
    /// Told how much was sent, when the body ends or is dropped.
    ending: Option<Ending>,
}

enum Piece {
    Bytes(Bytes),
    Object(ObjectBody),
    /// Passed on as it comes, trailers too.
    Passing(AnswerBody),
}

impl ViewerBody {
    /// No bytes.
    pub(crate) fn empty() -> ViewerBody {
        ViewerBody { first: None, rest: VecDeque::new(), ending: None }
    }

    fn of(piece: Piece) -> ViewerBody {
        ViewerBody { first: Some(piece), ..ViewerBody::empty() }
    }

    /// These bytes.
    pub(crate) fn whole(bytes: Bytes) -> ViewerBody {
        if bytes.is_empty() { ViewerBody::empty() } else { ViewerBody::of(Piece::Bytes(bytes)) }
    }

    /// An object, or a part of one.
    pub(crate) fn object(object: ObjectBody) -> ViewerBody {
        ViewerBody::of(Piece::Object(object))
    }

    /// An origin's body as it comes, with its trailers.
    pub(crate) fn passing(body: AnswerBody) -> ViewerBody {
        ViewerBody::of(Piece::Passing(body))
    }

    /// How many bytes there are, if that is known.
    pub(crate) fn length(&self) -> Option<u64> {
        self.first
            .iter()
            .chain(&self.rest)
            .try_fold(0_u64, |sum, piece| Some(sum.saturating_add(piece.length()?)))
    }

    /// A range of the object.
    pub(crate) fn part(self, range: std::ops::Range<u64>) -> ViewerBody {
        match self.first {
            Some(Piece::Object(object)) => ViewerBody::object(object.range(range)),
            Some(Piece::Bytes(bytes)) => {
                let at = |offset: u64| usize::try_from(offset).unwrap_or(usize::MAX).min(bytes.len());
                ViewerBody::whole(bytes.slice(at(range.start)..at(range.end).max(at(range.start))))
            }
            Some(Piece::Passing(body)) => ViewerBody::passing(body),
            None => ViewerBody::empty(),
        }
    }

    /// Several ranges of the object, framed.
    ///
    /// An object that cannot be read more than once, because it only passes through, is never asked for this: it has no
    /// ranges of its own.
    pub(crate) fn parts(self, parts: Multipart) -> ViewerBody {
        let object = match self.first {
            Some(Piece::Object(object)) => Some(object),
            Some(Piece::Bytes(_) | Piece::Passing(_)) | None => None,
        };
        let mut pieces = VecDeque::with_capacity(parts.parts.len() * 2 + 1);
        for part in parts.parts {
            pieces.push_back(Piece::Bytes(part.opening));
            if let Some(reader) = object.as_ref().and_then(ObjectBody::try_clone) {
                pieces.push_back(Piece::Object(reader.range(part.range)));
            }
        }
        pieces.push_back(Piece::Bytes(parts.closing));
        ViewerBody { first: pieces.pop_front(), rest: pieces, ending: None }
    }

    /// Whether several ranges of it can be sent.
    pub(crate) fn is_repeatable(&self) -> bool {
        match &self.first {
            Some(Piece::Object(object)) => object.try_clone().is_some(),
            Some(Piece::Passing(_)) => false,
            Some(Piece::Bytes(_)) | None => true,
        }
    }

    /// Tells the end of the body to a record.
    pub(crate) fn ends_with(&mut self, ending: Ending) {
        self.ending = Some(ending);
    }
}

impl Piece {
    fn length(&self) -> Option<u64> {
        match self {
            Piece::Bytes(bytes) => u64::try_from(bytes.len()).ok(),
            Piece::Object(object) => object.length(),
            Piece::Passing(_) => None,
        }
    }
}

impl Body for ViewerBody {
    type Data = Bytes;
    type Error = TransferFailed;

    fn poll_frame(
        mut self: Pin<&mut Self>,
        cx: &mut Context<'_>,
    ) -> Poll<Option<Result<Frame<Bytes>, TransferFailed>>> {
        let this = &mut *self;
        loop {
            let frame = match &mut this.first {
                None => {
                    if let Some(ending) = &mut this.ending {
                        ending.complete();
                    }
                    return Poll::Ready(None);
                }
                Some(Piece::Bytes(bytes)) => Some(Ok(Frame::data(std::mem::take(bytes)))),
                Some(Piece::Object(object)) => std::task::ready!(Pin::new(object).poll_frame(cx)),
                Some(Piece::Passing(body)) => std::task::ready!(Pin::new(body).poll_frame(cx))
                    .map(|frame| frame.map_err(TransferFailed::from)),
            };
            let is_whole = matches!(&this.first, Some(Piece::Bytes(_)));
            if is_whole || !matches!(&frame, Some(Ok(_))) {
                this.first = this.rest.pop_front();
            }
            let Some(frame) = frame else { continue };
            if let Some(ending) = &mut this.ending {
                match &frame {
                    Ok(frame) => ending.sent(frame.data_ref().map_or(0, Bytes::len)),
                    Err(failed) => ending.broke_off(answer::broken_off(failed)),
                }
            }
            return Poll::Ready(Some(frame));
        }
    }

    fn is_end_stream(&self) -> bool {
        self.first.is_none()
    }

    fn size_hint(&self) -> SizeHint {
        self.length().map_or_else(SizeHint::default, SizeHint::with_exact)
    }
}

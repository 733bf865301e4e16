//! Bytes in order, in pieces that can be shared.

use std::collections::VecDeque;
use std::sync::Arc;

use bytes::Bytes;

use super::length_of;

/// So many pieces of one block are left as they are. More would make each hit slower.
const MAX_PIECES: usize = 4;

/// A part of a body, from an offset on, in pieces that follow each other. No piece is empty.
#[derive(Clone, Debug, Default)]
pub(crate) struct Segments {
    /// The offset of the first byte that is there.
    start: u64,
    /// Each with the offset of its end.
    pieces: VecDeque<(u64, Bytes)>,
}

/// A whole body.
#[derive(Clone, Debug)]
pub(crate) enum Whole {
    /// In one piece, as most are.
    One(Bytes),
    Many(Arc<Segments>),
}

impl Whole {
    /// How many bytes there are.
    pub(crate) fn length(&self) -> u64 {
        match self {
            Whole::One(bytes) => length_of(bytes),
            Whole::Many(segments) => segments.end(),
        }
    }

    /// The bytes from an offset on that are in one piece, up to another offset; `None` if there is none.
    pub(crate) fn at(&self, offset: u64, until: u64) -> Option<Bytes> {
        match self {
            Whole::One(bytes) => cut(bytes, 0, offset, until),
            Whole::Many(segments) => segments.at(offset, until),
        }
    }
}

/// No bytes.
impl Default for Whole {
    fn default() -> Whole {
        Whole::One(Bytes::new())
    }
}

impl Segments {
    /// All of a body, where nothing before it was given up. It shares the memory of the pieces.
    pub(crate) fn to_whole(&self) -> Whole {
        match (self.pieces.len(), self.pieces.front()) {
            (1, Some((_, piece))) if self.start == 0 => Whole::One(piece.clone()),
            _ => Whole::Many(Arc::new(self.clone())),
        }
    }

    /// The offset of the first byte that is there.
    pub(crate) fn start(&self) -> u64 {
        self.start
    }

    /// The offset after the last byte.
    pub(crate) fn end(&self) -> u64 {
        self.pieces.back().map_or(self.start, |(end, _)| *end)
    }

    pub(crate) fn push(&mut self, piece: Bytes) {
        if !piece.is_empty() {
            self.pieces.push_back((self.end().saturating_add(length_of(&piece)), piece));
        }
    }

    /// The bytes from an offset on that are in one piece, up to another offset; `None` if the first is not there.
    pub(crate) fn at(&self, offset: u64, until: u64) -> Option<Bytes> {
        let index = self.pieces.partition_point(|(end, _)| *end <= offset);
        let (end, piece) = self.pieces.get(index)?;
        let start = end.saturating_sub(length_of(piece));
        if offset < start { None } else { cut(piece, start, offset, until) }
    }

    /// Gives up whole pieces before an offset.
    pub(crate) fn drop_before(&mut self, offset: u64) {
        while let Some((end, _)) = self.pieces.front()
            && *end <= offset
        {
            self.start = *end;
            self.pieces.pop_front();
        }
    }

    /// Tidies what lies after an offset at which a piece begins, a block of memory: many small pieces become one, and
    /// where the block has spare memory, a copy of exact size takes its place.
    pub(crate) fn tidy_block(&mut self, offset: u64, has_spare: bool) {
        let index = self.pieces.partition_point(|(end, _)| *end <= offset);
        let pieces = self.pieces.len().saturating_sub(index);
        if pieces == 0 || (pieces <= MAX_PIECES && !has_spare) {
            return;
        }
        let end = self.end();
        let length = usize::try_from(end.saturating_sub(offset)).unwrap_or(0);
        let mut merged = Vec::with_capacity(length);
        for (_, piece) in self.pieces.drain(index..) {
            merged.extend_from_slice(&piece);
        }
        self.pieces.push_back((end, Bytes::from(merged)));
    }
}

/// What of a piece that begins at an offset lies between two others; `None` if nothing does.
pub(super) fn cut(piece: &Bytes, start: u64, from: u64, until: u64) -> Option<Bytes> {
    let length = length_of(piece);
    let first = from.saturating_sub(start).min(length);
    let last = until.saturating_sub(start).min(length);
    if first >= last {
        return None;
    }
    Some(piece.slice(usize::try_from(first).ok()?..usize::try_from(last).ok()?))
}

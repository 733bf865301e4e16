//! A body that one task writes while any number of viewers read, each at its own speed.
//!
//! As long as the body may become an object of the cache, everything that was written stays, and a reader holds up
//! nothing. A body that turns out to be too large becomes a window: what all readers have had is given up, and the writer
//! waits for the slowest.

use std::collections::HashMap;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::task::{Context, Poll, Waker};

use bytes::{Bytes, BytesMut};

use super::{Segments, TransferFailed, Whole, length_of};

/// Most bytes of one piece of memory.
const BLOCK: usize = 64 * 1024;

/// The first piece of a body whose length is not known.
const FIRST_BLOCK: usize = 4 * 1024;

/// How far a windowed body may be ahead of its slowest reader, in bytes.
pub(crate) const WINDOW: u64 = 1024 * 1024;

/// What writer and readers share.
pub(crate) struct Fill {
    /// The length that the origin has said.
    length: Option<u64>,
    state: Mutex<State>,
}

#[derive(Default)]
struct State {
    segments: Segments,
    end: Option<Result<(), TransferFailed>>,
    windowed: bool,
    readers: HashMap<u64, Position>,
    next_reader: u64,
    writer: Option<Waker>,
}

#[derive(Default)]
struct Position {
    offset: u64,
    waker: Option<Waker>,
    too_slow: bool,
}

impl Fill {
    /// An empty body, and its writer.
    pub(crate) fn new(length: Option<u64>) -> (Arc<Fill>, FillWriter) {
        let fill = Arc::new(Fill { length, state: Mutex::default() });
        let writer = FillWriter {
            fill: Arc::clone(&fill),
            block: BytesMut::new(),
            block_start: 0,
            written: 0,
            capacity: 0,
            windowed: false,
        };
        (fill, writer)
    }

    /// The length that the origin has said.
    pub(crate) fn length(&self) -> Option<u64> {
        self.length
    }

    /// One more reader, from an offset on. `None` if the body has failed, or no longer has these bytes.
    pub(crate) fn reader(self: &Arc<Fill>, offset: u64) -> Option<FillReader> {
        let mut state = self.state();
        if matches!(state.end, Some(Err(_))) || offset < state.segments.start() {
            return None;
        }
        let id = state.next_reader;
        state.next_reader += 1;
        state.readers.insert(id, Position { offset, ..Position::default() });
        Some(FillReader { fill: Arc::clone(self), id })
    }

    fn state(&self) -> MutexGuard<'_, State> {
        // No code that holds the lock can leave the state half changed.
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl State {
    /// Takes the readers that wait, to be woken without the lock.
    fn waiting(&mut self) -> Vec<Waker> {
        self.readers.values_mut().filter_map(|position| position.waker.take()).collect()
    }

    fn slowest(&self) -> u64 {
        self.readers.values().map(|position| position.offset).min().unwrap_or_else(|| self.segments.end())
    }

    fn permission(&self) -> Write {
        if self.readers.is_empty() {
            return Write::Deserted;
        }
        let ahead = self.segments.end().saturating_sub(self.slowest());
        if self.windowed && ahead >= WINDOW { Write::Wait } else { Write::On }
    }
}

/// Reads a body. When it is dropped, the writer knows.
pub(crate) struct FillReader {
    fill: Arc<Fill>,
    id: u64,
}

impl FillReader {
    /// The length of the whole body, if it is known.
    pub(crate) fn length(&self) -> Option<u64> {
        self.fill.length
    }

    /// How much of the body has come; `None` once it has ended.
    pub(crate) fn there(&self) -> Option<u64> {
        let state = self.fill.state();
        state.end.is_none().then(|| state.segments.end())
    }

    /// A second reader.
    pub(crate) fn again(&self, offset: u64) -> Option<FillReader> {
        self.fill.reader(offset)
    }

    /// What lies before an offset is not wanted.
    pub(crate) fn skip_to(&mut self, offset: u64) {
        self.advance(&mut self.fill.state(), offset);
    }

    /// The bytes from an offset on, as many as are there in one piece; `None` at the end.
    pub(crate) fn poll_read(
        &mut self,
        cx: &mut Context<'_>,
        offset: u64,
        until: u64,
    ) -> Poll<Option<Result<Bytes, TransferFailed>>> {
        let mut state = self.fill.state();
        let too_slow = state.readers.get(&self.id).is_none_or(|position| position.too_slow);
        if too_slow {
            return Poll::Ready(Some(Err(TransferFailed::TooSlow)));
        }
        if let Some(data) = state.segments.at(offset, until) {
            self.advance(&mut state, offset.saturating_add(length_of(&data)));
            return Poll::Ready(Some(Ok(data)));
        }
        match &state.end {
            Some(Ok(())) => Poll::Ready(None),
            Some(Err(failed)) => Poll::Ready(Some(Err(failed.clone()))),
            None => {
                if let Some(position) = state.readers.get_mut(&self.id) {
                    position.waker = Some(cx.waker().clone());
                }
                Poll::Pending
            }
        }
    }

    fn advance(&self, state: &mut State, offset: u64) {
        if let Some(position) = state.readers.get_mut(&self.id) {
            position.offset = offset;
        }
        if state.windowed {
            let slowest = state.slowest();
            state.segments.drop_before(slowest);
            if let Some(writer) = state.writer.take() {
                writer.wake();
            }
        }
    }
}

impl Drop for FillReader {
    fn drop(&mut self) {
        let mut state = self.fill.state();
        state.readers.remove(&self.id);
        let writer = state.writer.take();
        drop(state);
        if let Some(writer) = writer {
            writer.wake();
        }
    }
}

/// Writes a body. When it is dropped before the end, readers get a failure.
pub(crate) struct FillWriter {
    fill: Arc<Fill>,
    block: BytesMut,
    /// The offset at which the block begins.
    block_start: u64,
    written: u64,
    /// Bytes of memory that are kept.
    capacity: u64,
    windowed: bool,
}

/// What the writer may do.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Write {
    /// Write on.
    On,
    /// Wait: the readers of a window are behind.
    Wait,
    /// There are no readers.
    Deserted,
}

/// A body that is complete.
pub(crate) struct Filled {
    /// All of it.
    pub(crate) whole: Whole,
    /// Bytes of memory that it takes.
    pub(crate) capacity: u64,
}

impl FillWriter {
    /// How much has been written.
    pub(crate) fn written(&self) -> u64 {
        self.written
    }

    /// The length that the origin has said.
    pub(crate) fn length(&self) -> Option<u64> {
        self.fill.length
    }

    /// All bytes that the origin has announced were written; without an announcement any number is all.
    pub(crate) fn is_complete(&self) -> bool {
        self.fill.length.is_none_or(|length| length == self.written)
    }

    /// More than half of a body of known length was written.
    pub(crate) fn is_past_half(&self) -> bool {
        self.fill.length.is_some_and(|length| self.written > length / 2)
    }

    /// Copies bytes; readers see them after [`publish`](FillWriter::publish).
    pub(crate) fn write(&mut self, mut data: &[u8]) {
        while !data.is_empty() {
            let spare = self.block.capacity() - self.block.len();
            if spare == 0 {
                self.next_block();
                continue;
            }
            let (now, later) = data.split_at(spare.min(data.len()));
            self.block.extend_from_slice(now);
            self.written = self.written.saturating_add(length_of(now));
            data = later;
        }
    }

    /// Shows readers what was written.
    pub(crate) fn publish(&mut self) {
        if self.block.is_empty() {
            return;
        }
        let piece = self.block.split().freeze();
        let mut state = self.fill.state();
        state.segments.push(piece);
        let waiting = state.waiting();
        drop(state);
        waiting.into_iter().for_each(Waker::wake);
    }

    /// From now on the body is a window and cannot become an object.
    pub(crate) fn turn_windowed(&mut self) {
        self.windowed = true;
        let mut state = self.fill.state();
        state.windowed = true;
        let slowest = state.slowest();
        state.segments.drop_before(slowest);
    }

    /// Whether it was turned into a window.
    pub(crate) fn is_windowed(&self) -> bool {
        self.windowed
    }

    /// What the writer may do; the task is woken when that may have changed.
    pub(crate) fn may(&self, cx: &Context<'_>) -> Write {
        let mut state = self.fill.state();
        state.writer = Some(cx.waker().clone());
        state.permission()
    }

    /// What the writer may do now.
    pub(crate) fn permission(&self) -> Write {
        self.fill.state().permission()
    }

    /// Breaks off the readers that hold up the others.
    pub(crate) fn cut_off_slowest(&mut self) {
        let mut state = self.fill.state();
        let slowest = state.slowest();
        for position in state.readers.values_mut().filter(|position| position.offset == slowest) {
            position.too_slow = true;
            position.offset = u64::MAX;
        }
        let waiting = state.waiting();
        drop(state);
        waiting.into_iter().for_each(Waker::wake);
    }

    /// The body is complete. `None` if it was a window.
    pub(crate) fn finish(mut self) -> Option<Filled> {
        self.seal();
        let mut state = self.fill.state();
        state.end = Some(Ok(()));
        let waiting = state.waiting();
        // Readers go on in the fill; the object gets pieces of its own, which are shared memory.
        let whole = (!state.windowed).then(|| state.segments.to_whole());
        drop(state);
        waiting.into_iter().for_each(Waker::wake);
        Some(Filled { whole: whole?, capacity: self.capacity })
    }

    /// The body is not complete, and will not be.
    pub(crate) fn fail(mut self, failed: TransferFailed) {
        self.publish();
        self.end_with(failed);
    }

    fn end_with(&self, failed: TransferFailed) {
        let mut state = self.fill.state();
        if state.end.is_none() {
            state.end = Some(Err(failed));
        }
        let waiting = state.waiting();
        drop(state);
        waiting.into_iter().for_each(Waker::wake);
    }

    fn next_block(&mut self) {
        self.seal();
        let left = self.fill.length.map(|length| length.saturating_sub(self.written));
        let size = match left.map(usize::try_from) {
            // More than was said: an error soon, but not here.
            Some(Ok(0)) => FIRST_BLOCK,
            Some(Ok(left)) => left.min(BLOCK),
            Some(Err(_)) => BLOCK,
            None => usize::try_from(self.written).unwrap_or(BLOCK).clamp(FIRST_BLOCK, BLOCK),
        };
        self.block = BytesMut::with_capacity(size);
        self.block_start = self.written;
        self.capacity = self.capacity.saturating_add(u64::try_from(size).unwrap_or(0));
    }

    /// Ends a block: memory that it did not need and pieces that are too small do not stay.
    fn seal(&mut self) {
        let spare = self.block.capacity() - self.block.len();
        self.publish();
        self.block = BytesMut::new();
        if self.windowed {
            return;
        }
        self.fill.state().segments.tidy_block(self.block_start, spare > 0);
        self.capacity = self.capacity.saturating_sub(u64::try_from(spare).unwrap_or(0));
    }
}

impl Drop for FillWriter {
    fn drop(&mut self) {
        self.end_with(TransferFailed::Abandoned);
    }
}

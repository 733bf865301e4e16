//! The memory that both sides of a channel have mapped: whose turn it is, who sleeps, and a piece of a message.

use std::cell::UnsafeCell;
use std::hint::spin_loop;
use std::io;
use std::os::fd::AsFd;
use std::ptr::{self, NonNull};
use std::sync::atomic::{AtomicU32, AtomicU64, Ordering};
use std::thread::yield_now;
use std::time::Duration;

use rustix::mm::{MapFlags, ProtFlags, mmap, munmap};

use super::Closed;
use crate::clock::{Stopwatch, monotonic_ns};

/// Bytes of a piece.
pub(super) const PIECE_BYTES: usize = 64 * 1024;

/// A side of the channel.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(super) enum Side {
    Parent,
    Worker,
}

impl Side {
    fn other(self) -> Side {
        match self {
            Side::Parent => Side::Worker,
            Side::Worker => Side::Parent,
        }
    }

    fn mark(self) -> u32 {
        match self {
            Side::Parent => 0,
            Side::Worker => 1,
        }
    }
}

/// What lies in the memory. New memory is zero: the parent's turn.
#[repr(C)]
struct Layout {
    /// When the turn was passed last, on the monotonic clock.
    passed_ns: AtomicU64,
    turn: AtomicU32,
    parent_sleeps: AtomicU32,
    worker_sleeps: AtomicU32,
    /// Bytes of the piece.
    length: AtomicU32,
    /// Whether another piece of the message follows.
    more: AtomicU32,
    piece: UnsafeCell<[u8; PIECE_BYTES]>,
}

/// The bytes to map.
pub(super) const MEMORY_BYTES: usize = size_of::<Layout>();

/// One side's mapping of the memory.
pub(super) struct SharedMemory {
    memory: NonNull<Layout>,
    side: Side,
}

// SAFETY: the fields of the memory are atomic, and only `&mut self` reaches the piece.
#[expect(
    unsafe_code,
    reason = "a pointer to memory that the value owns; the pool hands it from thread to thread"
)]
unsafe impl Send for SharedMemory {}

impl SharedMemory {
    /// Maps a file of [`MEMORY_BYTES`].
    pub(super) fn map(file: impl AsFd, side: Side) -> io::Result<SharedMemory> {
        let access = ProtFlags::READ | ProtFlags::WRITE;
        #[expect(unsafe_code, reason = "mapping memory is what the module is for")]
        // SAFETY: a new mapping at a place that the system chooses takes the place of no other memory.
        let memory = unsafe { mmap(ptr::null_mut(), MEMORY_BYTES, access, MapFlags::SHARED, file, 0) }?;
        let memory = NonNull::new(memory.cast()).ok_or(io::ErrorKind::OutOfMemory)?;
        Ok(SharedMemory { memory, side })
    }

    fn layout(&self) -> &Layout {
        #[expect(unsafe_code, reason = "the memory is behind a pointer")]
        // SAFETY: the mapping is aligned to pages, as large as the layout, lives as long as `self`, and any bytes are a
        // layout. All of it is atomic or a cell, so it may change at any time.
        unsafe {
            self.memory.as_ref()
        }
    }

    fn sleeps(&self, side: Side) -> &AtomicU32 {
        match side {
            Side::Parent => &self.layout().parent_sleeps,
            Side::Worker => &self.layout().worker_sleeps,
        }
    }

    /// Whether it is this side's turn.
    pub(super) fn has_turn(&self) -> bool {
        self.layout().turn.load(Ordering::SeqCst) == self.side.mark()
    }

    /// How long the turn took to come, which is here now, after this side began to wait. What this side took to notice it
    /// does not count.
    pub(super) fn came_after_ns(&self, since_ns: u64) -> u64 {
        self.layout().passed_ns.load(Ordering::Relaxed).saturating_sub(since_ns)
    }

    /// Looks for the turn until it comes or the time is over. Says whether it came.
    pub(super) fn look_for_turn(&self, time: Duration) -> bool {
        if time.is_zero() {
            return self.has_turn();
        }
        let since = Stopwatch::start();
        loop {
            for _ in 0..32 {
                if self.has_turn() {
                    return true;
                }
                spin_loop();
            }
            if since.elapsed() >= time {
                return false;
            }
            // The other side may be waiting for this processor.
            yield_now();
        }
    }

    /// Says that this side is about to sleep. Nothing: the turn came meanwhile, and it should not.
    pub(super) fn may_sleep(&self) -> bool {
        self.sleeps(self.side).store(1, Ordering::SeqCst);
        if self.has_turn() {
            self.sleeps(self.side).store(0, Ordering::SeqCst);
            return false;
        }
        true
    }

    /// Writes a piece of at most [`PIECE_BYTES`] and passes the turn. Says whether the other side has to be woken.
    pub(super) fn pass(&mut self, piece: &[u8], more: bool) -> bool {
        let length = piece.len().min(PIECE_BYTES);
        #[expect(unsafe_code, reason = "the memory is behind a pointer")]
        // SAFETY: both are valid for so many bytes. The other side does not touch the piece while it is not its turn; one
        // that does so against the rules spoils bytes, which any reader has to expect.
        unsafe {
            ptr::copy_nonoverlapping(piece.as_ptr(), self.layout().piece.get().cast(), length);
        }
        self.layout().length.store(u32::try_from(length).unwrap_or(0), Ordering::Relaxed);
        self.layout().more.store(more.into(), Ordering::Relaxed);
        self.layout().passed_ns.store(monotonic_ns(), Ordering::Relaxed);
        self.layout().turn.store(self.side.other().mark(), Ordering::SeqCst);
        self.sleeps(self.side.other()).swap(0, Ordering::SeqCst) != 0
    }

    /// Copies the piece to the end of a message, and says whether more follows. The turn stays here.
    pub(super) fn take(&mut self, message: &mut Vec<u8>, most: usize) -> Result<bool, Closed> {
        let length = usize::try_from(self.layout().length.load(Ordering::Relaxed)).unwrap_or(usize::MAX);
        if length > PIECE_BYTES || message.len() + length > most {
            return Err(Closed);
        }
        message.reserve(length);
        #[expect(unsafe_code, reason = "the memory is behind a pointer")]
        // SAFETY: the piece is valid for so many bytes, and the message has room for them behind its end. Bytes that change
        // meanwhile are bytes.
        unsafe {
            let end = message.as_mut_ptr().add(message.len());
            ptr::copy_nonoverlapping(self.layout().piece.get().cast::<u8>(), end, length);
            message.set_len(message.len() + length);
        }
        Ok(self.layout().more.load(Ordering::Relaxed) != 0)
    }
}

impl Drop for SharedMemory {
    fn drop(&mut self) {
        #[expect(unsafe_code, reason = "the counterpart of mapping it")]
        // SAFETY: the mapping was made with this length, and nothing refers to it any more.
        let unmapped = unsafe { munmap(self.memory.as_ptr().cast(), MEMORY_BYTES) };
        // A mapping that stays costs memory, and nothing else.
        unmapped.ok();
    }
}

//! The engine's memory: counted, and not refused to natives that ask for little.
//!
//! Natives of the engine do not survive everywhere that they get no memory. So what code fills beyond its limit is
//! noted and given, and the invocation ends at the engine's next step. Requests that are larger than all that code may have
//! are refused, which natives expect of such requests. Beyond a second, hard limit nothing is given: a worker process
//! ends, and a thread has to refuse the request.

use std::cell::Cell;
use std::ptr::null_mut;
use std::rc::Rc;

use rquickjs::allocator::{Allocator, RustAllocator};

use crate::meter::Meter;

/// What natives may still fill after code has passed its limit, until the engine's next step, in bytes.
const HARD_LIMIT_BYTES: usize = 32 * 1024 * 1024;

/// What happens at the hard limit.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(crate) enum WhenFull {
    /// The request is refused: other invocations run in this process.
    Refuse,
    /// The process ends with this exit code.
    EndProcess(u8),
}

/// The memory of one engine. Clones are the same.
#[derive(Clone)]
pub(super) struct Memory(Rc<State>);

struct State {
    used: Cell<usize>,
    limit: Cell<usize>,
    /// The largest request beyond the limit that is not refused.
    largest: Cell<usize>,
    when_full: WhenFull,
    meter: Meter,
}

impl Memory {
    /// Without a limit yet.
    pub(super) fn new(meter: Meter, when_full: WhenFull) -> Memory {
        let (used, limit, largest) = (Cell::new(0), Cell::new(usize::MAX), Cell::new(usize::MAX));
        Memory(Rc::new(State { used, limit, largest, when_full, meter }))
    }

    /// Bytes in use.
    pub(super) fn used(&self) -> usize {
        self.0.used.get()
    }

    /// Sets what may be in use before the running invocation ends, of which code may fill `own` bytes.
    pub(super) fn limit(&self, bytes: usize, own: usize) {
        self.0.limit.set(bytes);
        self.0.largest.set(own);
    }

    /// Counts a request. Says whether it is granted.
    fn request(&self, bytes: usize) -> bool {
        let State { used, limit, largest, when_full, meter } = &*self.0;
        let sum = used.get().saturating_add(bytes);
        if sum > limit.get() {
            meter.memory_is_full();
            if bytes > largest.get() {
                return false;
            }
            if sum > limit.get().saturating_add(HARD_LIMIT_BYTES) {
                match when_full {
                    WhenFull::Refuse => return false,
                    WhenFull::EndProcess(code) => end_process(*code),
                }
            }
        }
        used.set(sum);
        true
    }

    fn release(&self, bytes: usize) {
        self.0.used.set(self.0.used.get().saturating_sub(bytes));
    }
}

#[expect(clippy::disallowed_methods, reason = "the process serves the one invocation that fills its memory")]
fn end_process(code: u8) -> ! {
    std::process::exit(code.into())
}

// SAFETY: every pointer comes from `RustAllocator`, which keeps the contract, or is null.
#[expect(unsafe_code, reason = "the engine's allocator works with pointers")]
unsafe impl Allocator for Memory {
    fn alloc(&mut self, size: usize) -> *mut u8 {
        if !self.request(size) {
            return null_mut();
        }
        self.counted(RustAllocator.alloc(size), size)
    }

    fn calloc(&mut self, count: usize, size: usize) -> *mut u8 {
        let Some(bytes) = count.checked_mul(size) else { return null_mut() };
        if !self.request(bytes) {
            return null_mut();
        }
        self.counted(RustAllocator.calloc(count, size), bytes)
    }

    unsafe fn dealloc(&mut self, block: *mut u8) {
        // SAFETY: the caller says that it came from here.
        unsafe {
            self.release(RustAllocator::usable_size(block));
            RustAllocator.dealloc(block);
        }
    }

    unsafe fn realloc(&mut self, block: *mut u8, new_size: usize) -> *mut u8 {
        // SAFETY: the caller says that it came from here.
        let before = unsafe { RustAllocator::usable_size(block) };
        if new_size > before && !self.request(new_size - before) {
            return null_mut();
        }
        // SAFETY: the same.
        let moved = unsafe { RustAllocator.realloc(block, new_size) };
        if moved.is_null() {
            self.release(new_size.saturating_sub(before));
            return moved;
        }
        // SAFETY: it was just made. What was counted is replaced by what it is.
        let after = unsafe { RustAllocator::usable_size(moved) };
        self.release(before.max(new_size));
        self.0.used.set(self.0.used.get().saturating_add(after));
        moved
    }

    unsafe fn usable_size(block: *mut u8) -> usize {
        // SAFETY: the caller says that it came from here.
        unsafe { RustAllocator::usable_size(block) }
    }
}

impl Memory {
    /// Replaces what was counted for a request by the size of the block that was made.
    fn counted(&self, block: *mut u8, requested: usize) -> *mut u8 {
        self.release(requested);
        if !block.is_null() {
            // SAFETY: it was just made.
            #[expect(unsafe_code, reason = "the block's size stands before it")]
            let size = unsafe { RustAllocator::usable_size(block) };
            self.0.used.set(self.0.used.get().saturating_add(size));
        }
        block
    }
}

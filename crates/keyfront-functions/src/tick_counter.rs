//! The engine's counter of ticks until its next interrupt check.
//!
//! The engine counts down from ten thousand and has no function that tells where it is. The counter lies in the context at a
//! fixed distance before a member that can be set, which finds it; two calls show that it is the counter. With it, steps
//! are counted exactly at no cost, and a check can be made to come at the next step.

use std::ffi::c_void;
use std::ptr::NonNull;
use std::sync::OnceLock;

use rquickjs::{Ctx, Function, qjs};

/// Ticks of the engine from one interrupt check to the next.
pub(crate) const TICKS: u64 = 10_000;

/// Bytes from the counter to the member that finds it: a list head, two functions, and the counter itself
/// (`JSContext` of QuickJS-ng 0.16).
const DISTANCE: usize = 4 * size_of::<*const ()>() + size_of::<i32>();

/// The counter of one context. It must not outlive the context.
#[derive(Clone, Copy, Debug)]
pub(crate) struct TickCounter(NonNull<i32>);

impl TickCounter {
    /// The counter of a context, unless this engine keeps it elsewhere.
    pub(crate) fn of(ctx: &Ctx<'_>) -> Option<TickCounter> {
        static OFFSET: OnceLock<Option<usize>> = OnceLock::new();
        let offset = (*OFFSET.get_or_init(|| {
            let offset = find(ctx)?;
            counts(ctx, at(ctx, offset)?).then_some(offset)
        }))?;
        at(ctx, offset).map(TickCounter)
    }

    /// The ticks until the next check.
    pub(crate) fn get(self) -> u64 {
        #[expect(unsafe_code, reason = "the counter is behind a pointer")]
        // SAFETY: the pointer was checked when it was made, and the context is alive and on this thread.
        let ticks = unsafe { self.0.read() };
        u64::try_from(ticks).unwrap_or(0)
    }

    /// Makes the next check come after so many ticks, of which the last is the one that checks.
    pub(crate) fn set(self, ticks: u64) {
        let ticks = i32::try_from(ticks).unwrap_or(i32::MAX);
        #[expect(unsafe_code, reason = "the counter is behind a pointer")]
        // SAFETY: as above; the engine reads the counter anew for every tick.
        unsafe {
            self.0.write(ticks);
        }
    }
}

fn at(ctx: &Ctx<'_>, offset: usize) -> Option<NonNull<i32>> {
    #[expect(unsafe_code, reason = "the offset is inside of the context's memory")]
    // SAFETY: `find` saw that there are more bytes than that.
    NonNull::new(unsafe { ctx.as_raw().as_ptr().cast::<i32>().byte_add(offset) })
}

/// Where the counter should be.
fn find(ctx: &Ctx<'_>) -> Option<usize> {
    static MARK: u8 = 0;
    let mark: *const u8 = &raw const MARK;
    let context = ctx.as_raw().as_ptr();
    let word = size_of::<usize>();
    #[expect(unsafe_code, reason = "the engine's own functions, and its memory")]
    // SAFETY: the context is alive; the allocator says how many bytes it has, and all of them are initialized because
    // the engine zeroes a new context. The opaque pointer is for users, and rquickjs does not use it.
    let found = unsafe {
        qjs::JS_SetContextOpaque(context, mark.cast_mut().cast::<c_void>());
        let bytes = qjs::js_malloc_usable_size_rt(qjs::JS_GetRuntime(context), context.cast());
        let words = usize::try_from(bytes).ok()? / word;
        let found = (0..words).find(|index| context.cast::<usize>().add(*index).read() == mark.addr());
        qjs::JS_SetContextOpaque(context, std::ptr::null_mut());
        found
    };
    (found? * word).checked_sub(DISTANCE)
}

/// Whether a number goes down by one with each call.
fn counts(ctx: &Ctx<'_>, number: NonNull<i32>) -> bool {
    let Ok(native) = ctx.globals().get::<_, Function<'_>>("isNaN") else { return false };
    let most = i32::try_from(TICKS).unwrap_or(i32::MAX);
    let read = || {
        #[expect(unsafe_code, reason = "the number is behind a pointer")]
        // SAFETY: it is inside of the context, and aligned as the words before it.
        unsafe {
            number.read()
        }
    };
    (0..3).all(|_| {
        let before = read();
        let called = native.call::<_, bool>((0,)).is_ok();
        called && read() == if before <= 1 { most } else { before - 1 }
    })
}

#[cfg(test)]
mod tests {
    use rquickjs::{Context, Runtime};

    use super::*;

    #[test]
    fn the_counter_is_where_this_version_of_the_engine_has_it() {
        let runtime = Runtime::new().unwrap();
        Context::full(&runtime).unwrap().with(|ctx| {
            let counter = TickCounter::of(&ctx).unwrap();
            let native: Function<'_> = ctx.globals().get("isNaN").unwrap();
            counter.set(500);
            native.call::<_, bool>((0,)).unwrap();
            assert_eq!(counter.get(), 499);
        });
    }
}

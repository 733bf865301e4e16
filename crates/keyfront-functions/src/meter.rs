//! Step budget: counts the steps of an invocation and ends it when they are used up, or its time or its memory.
//!
//! The engine calls its interrupt handler once per [`TICKS`] of its own ticks (a call, a branch or a jump is one), and
//! a regular expression once per as many iterations of its own. Where the engine's counter of ticks is known, it is set
//! so that the check comes when the budget is used up, and steps are counted one by one; elsewhere in ten thousands.

use std::cell::Cell;
use std::rc::Rc;
use std::time::Duration;

use rquickjs::{Ctx, Exception, JsLifetime};

use crate::clock::CpuStopwatch;
use crate::limits::Limits;
use crate::tick_counter::{TICKS, TickCounter};

/// What njs says of an invocation that used up its steps.
pub(super) const EXCEEDED: &str = "Instruction limit exceeded";

/// The steps of an engine's running invocation. Clones are the same meter.
#[derive(Clone, Debug, Default)]
pub(crate) struct Meter(Rc<State>);

#[derive(Debug, Default)]
struct State {
    counter: Cell<Option<TickCounter>>,
    run: Cell<Option<Run>>,
    /// Steps that are counted, without those of the ticks since the last check.
    steps: Cell<u64>,
    /// Ticks from the last check to the next.
    granted: Cell<u64>,
    over: Cell<bool>,
    memory_full: Cell<bool>,
}

/// The invocation that runs, which may use so many steps and so much processor time.
#[derive(Clone, Copy, Debug)]
struct Run {
    until: u64,
    since: CpuStopwatch,
    time: Duration,
}

impl Meter {
    /// Counts the ticks one by one from now on, by the counter of the engine's context.
    pub(super) fn counts_with(&self, counter: Option<TickCounter>) {
        self.0.counter.set(counter);
    }

    /// Begins to count the steps and the time of an invocation. Without a counter it may go on to the check after the
    /// one that would have been too late, because the first may have come early.
    pub(super) fn begin(&self, limits: &Limits) {
        let exact = self.0.counter.get().is_some();
        let until = if exact { limits.steps } else { limits.steps.saturating_add(TICKS) };
        self.0.steps.set(0);
        self.0.over.set(false);
        self.0.memory_full.set(false);
        self.0.run.set(Some(Run { until, since: CpuStopwatch::start(), time: limits.time }));
        self.0.granted.set(0);
        self.grant();
    }

    /// Stops counting.
    pub(super) fn end(&self) {
        self.0.steps.set(self.steps());
        self.0.granted.set(0);
        self.0.run.set(None);
    }

    /// An interrupt check of the engine: whether to stop.
    pub(super) fn interrupt(&self) -> bool {
        let counter = self.0.counter.get();
        // The engine has just begun to count anew where it is the ticks that led here, and not a regular expression.
        let by_ticks = counter.is_some_and(|counter| counter.get() == TICKS);
        let steps = if by_ticks { self.0.granted.replace(0) } else { TICKS };
        if by_ticks {
            self.0.steps.set(self.0.steps.get().saturating_add(steps));
            self.charge(0)
        } else {
            self.charge(steps)
        }
    }

    /// Adds steps that the engine did not count, and says whether the budget is used up.
    pub(super) fn charge(&self, steps: u64) -> bool {
        let Some(Run { until, since, time }) = self.0.run.get() else { return false };
        let sum = self.steps().saturating_add(steps);
        self.0.steps.set(sum);
        self.0.granted.set(0);
        if sum > until || since.elapsed() >= time || self.0.memory_full.get() {
            self.0.over.set(true);
        }
        self.grant();
        self.0.over.get()
    }

    /// The memory of the engine is full: the next step is the last.
    pub(super) fn memory_is_full(&self) {
        if self.0.run.get().is_some() && !self.0.memory_full.replace(true) {
            self.0.steps.set(self.steps());
            self.0.granted.set(0);
            self.grant();
        }
    }

    /// Steps so far.
    pub(super) fn steps(&self) -> u64 {
        let used =
            self.0.counter.get().map_or(0, |counter| self.0.granted.get().saturating_sub(counter.get()));
        self.0.steps.get().saturating_add(used)
    }

    /// Whether the budget is used up. It stays so until the next beginning, whatever the code does about it.
    pub(super) fn is_over(&self) -> bool {
        self.0.over.get()
    }

    /// Whether the memory was full at any time.
    pub(super) fn was_memory_full(&self) -> bool {
        self.0.memory_full.get()
    }

    /// Makes the next check come when the budget is used up, or at the next step if it is.
    fn grant(&self) {
        let (Some(counter), Some(run)) = (self.0.counter.get(), self.0.run.get()) else { return };
        let left = if self.0.over.get() || self.0.memory_full.get() {
            1
        } else {
            run.until.saturating_sub(self.0.steps.get()).saturating_add(1)
        };
        let granted = left.min(TICKS);
        counter.set(granted);
        self.0.granted.set(granted);
    }
}

// SAFETY: a meter holds no value of the engine, so it has no lifetime of the engine to speak of.
#[expect(
    unsafe_code,
    reason = "the engine asks for it before it keeps user data; its derive macro writes the same"
)]
unsafe impl JsLifetime<'_> for Meter {
    type Changed<'to> = Meter;
}

/// Charges the running invocation with steps for work that the engine does not count: natives whose work is as large
/// as the code wants charge by its size. Fails when the budget is used up; code that catches the error does
/// not get far with it.
pub(crate) fn charge(ctx: &Ctx<'_>, steps: u64) -> rquickjs::Result<()> {
    match ctx.userdata::<Meter>() {
        Some(meter) if meter.charge(steps) => Err(Exception::throw_range(ctx, EXCEEDED)),
        Some(_) | None => Ok(()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn running(steps: u64, time: Duration) -> Meter {
        let meter = Meter::default();
        meter.begin(&Limits { steps, time, ..Limits::default() });
        meter
    }

    #[test]
    fn the_budget_is_used_up_by_steps_or_by_time_or_by_memory_and_stays_so() {
        let slow = running(u64::MAX, Duration::ZERO);
        assert!(!slow.is_over(), "it is seen at an interrupt check");
        assert!(slow.interrupt() && slow.is_over());

        // Without a counter, the check after the last is allowed too.
        let long = running(0, Duration::MAX);
        assert!(!long.interrupt(), "the last step is allowed");
        assert!(long.charge(1) && long.interrupt() && long.is_over());
        assert_eq!(long.steps(), 2 * TICKS + 1);

        let full = running(u64::MAX, Duration::MAX);
        full.memory_is_full();
        assert!(!full.is_over(), "it is seen at an interrupt check");
        assert!(full.interrupt() && full.is_over() && full.was_memory_full());
    }
}

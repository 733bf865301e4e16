//! Step budget: counts the steps of an invocation and ends it when they are used up.
//!
//! The engine calls its interrupt handler once per [`TICKS`] of its own ticks (a call, a branch or a jump is one), and
//! a regular expression once per as many iterations of its own. How far the first check is away is not known
//! unless `Engine::synchronize` ran before.

use std::cell::Cell;
use std::rc::Rc;
use std::time::Duration;

use rquickjs::{Ctx, Exception, JsLifetime};

use crate::clock::Stopwatch;
use crate::limits::{EVENT_STEPS, Limits};

/// Ticks of the engine from one interrupt check to the next.
pub(super) const TICKS: u64 = 10_000;

/// What njs says of an invocation that used up its steps.
pub(super) const EXCEEDED: &str = "Instruction limit exceeded";

/// The steps of an engine's running invocation. Clones are the same meter.
#[derive(Clone, Debug, Default)]
pub(crate) struct Meter(Rc<State>);

#[derive(Debug, Default)]
struct State {
    run: Cell<Run>,
    steps: Cell<u64>,
    over: Cell<bool>,
}

/// What an interrupt check of the engine means.
#[derive(Clone, Copy, Debug, Default)]
enum Run {
    /// Nothing is counted.
    #[default]
    Idle,
    /// The loop that runs is there to be stopped by it.
    Synchronizing,
    /// The function runs, and may use so many steps and so much time.
    Counting { until: u64, since: Stopwatch, time: Duration },
}

impl Meter {
    /// The next interrupt check stops what runs.
    pub(super) fn synchronize(&self) {
        self.0.run.set(Run::Synchronizing);
    }

    /// Begins to count the steps and the time of an invocation. One that is not `synchronized` may go
    /// on to the check after the one that would have been too late, because the first may have come early.
    pub(super) fn begin(&self, limits: &Limits, synchronized: bool) {
        let until = if synchronized { limits.steps } else { limits.steps.saturating_add(TICKS) };
        self.0.steps.set(EVENT_STEPS);
        self.0.over.set(false);
        self.0.run.set(Run::Counting { until, since: Stopwatch::start(), time: limits.time });
    }

    /// Stops counting.
    pub(super) fn end(&self) {
        self.0.run.set(Run::Idle);
    }

    /// An interrupt check of the engine: whether to stop.
    pub(super) fn interrupt(&self) -> bool {
        matches!(self.0.run.get(), Run::Synchronizing) || self.charge(TICKS)
    }

    /// Adds steps that the engine did not count, and says whether the budget is used up.
    pub(super) fn charge(&self, steps: u64) -> bool {
        let Run::Counting { until, since, time } = self.0.run.get() else { return false };
        let sum = self.0.steps.get().saturating_add(steps);
        self.0.steps.set(sum);
        if sum > until || since.elapsed() >= time {
            self.0.over.set(true);
        }
        self.0.over.get()
    }

    /// Steps so far.
    pub(super) fn steps(&self) -> u64 {
        self.0.steps.get()
    }

    /// Whether the budget is used up. It stays so until the next beginning, whatever the code does about it.
    pub(super) fn is_over(&self) -> bool {
        self.0.over.get()
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
        meter.begin(&Limits { steps, time, ..Limits::default() }, true);
        meter
    }

    #[test]
    fn the_budget_is_used_up_by_steps_or_by_time_and_stays_so() {
        let slow = running(u64::MAX, Duration::ZERO);
        assert!(!slow.is_over(), "it is seen at an interrupt check");
        assert!(slow.interrupt() && slow.is_over());

        let long = running(EVENT_STEPS + TICKS, Duration::MAX);
        assert!(!long.interrupt(), "the last step is allowed");
        assert!(long.charge(1) && long.interrupt() && long.is_over());
        assert_eq!(long.steps(), EVENT_STEPS + 2 * TICKS + 1);
    }
}

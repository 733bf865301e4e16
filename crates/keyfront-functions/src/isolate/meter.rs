//! Counts the steps of an invocation and says when they are used up.
//!
//! The engine asks once per [`TICKS`] of its own ticks (a call, a branch or a jump is one), and a regular expression
//! once per as many turns of its own. How far the first question is away is not known unless
//! `Engine::synchronize` ran before.

use std::cell::Cell;
use std::rc::Rc;
use std::time::Duration;

use rquickjs::{Ctx, Exception, JsLifetime};

use crate::clock::Stopwatch;
use crate::limits::EVENT_STEPS;

/// Ticks of the engine from one question to the next.
pub(super) const TICKS: u64 = 10_000;

/// An invocation that takes longer ends at the next question. It is some ten times what a whole budget of steps
/// takes, so nothing gets here but work that the engine does not count.
const LONGEST: Duration = Duration::from_millis(400);

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

/// What a question of the engine means.
#[derive(Clone, Copy, Debug, Default)]
enum Run {
    /// Nobody counts.
    #[default]
    Idle,
    /// The loop that runs is there to be stopped by it.
    Synchronizing,
    /// The function runs, and may use so many steps.
    Counting { until: u64, since: Stopwatch },
}

impl Meter {
    /// The next question stops whatever runs.
    pub(super) fn synchronize(&self) {
        self.0.run.set(Run::Synchronizing);
    }

    /// Begins to count. An invocation that is not `synchronized` may go on to the question after the one that would
    /// have been too late, because nobody knows how early the first one came.
    pub(super) fn begin(&self, budget: u64, synchronized: bool) {
        let until = if synchronized { budget } else { budget.saturating_add(TICKS) };
        self.0.steps.set(EVENT_STEPS);
        self.0.over.set(false);
        self.0.run.set(Run::Counting { until, since: Stopwatch::start() });
    }

    /// Stops counting.
    pub(super) fn end(&self) {
        self.0.run.set(Run::Idle);
    }

    /// The engine asks whether to stop.
    pub(super) fn asked(&self) -> bool {
        matches!(self.0.run.get(), Run::Synchronizing) || self.charge(TICKS)
    }

    /// Adds steps that the engine did not count, and says whether the budget is used up.
    pub(super) fn charge(&self, steps: u64) -> bool {
        let Run::Counting { until, since } = self.0.run.get() else { return false };
        let sum = self.0.steps.get().saturating_add(steps);
        self.0.steps.set(sum);
        if sum > until || since.elapsed() > LONGEST {
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

/// Charges the running invocation with steps for work that the engine does not count: whoever works on something as
/// large as the code wants charges by its size. Fails when the budget is used up; code that catches the error does
/// not get far with it.
pub(crate) fn charge(ctx: &Ctx<'_>, steps: u64) -> rquickjs::Result<()> {
    match ctx.userdata::<Meter>() {
        Some(meter) if meter.charge(steps) => Err(Exception::throw_range(ctx, EXCEEDED)),
        Some(_) | None => Ok(()),
    }
}

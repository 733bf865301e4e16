//! Runs one invocation in an engine, from the event to the result.

use std::time::Duration;

use rquickjs::{Ctx, Error, Exception, Value};

use super::engine::Loaded;
use crate::clock::Stopwatch;
use crate::event::{Returned, Unreadable};
use crate::invocation_state::InvocationState;
use crate::meter::EXCEEDED;
use crate::pair_reader::AssociatedStore;
use crate::{Failure, Invocation, Limits, library};

/// The result of a run.
pub(super) struct RunResult {
    pub(super) result: Result<Returned, Failure>,
    pub(super) stack: Vec<String>,
    pub(super) logs: Vec<String>,
    pub(super) store_reads: u32,
    pub(super) steps: u64,
    pub(super) elapsed: Duration,
    /// Whether the engine is as it was before, so that another invocation may have it.
    pub(super) reusable: bool,
}

/// Why a run has no result.
enum NoResult<'js> {
    /// The code threw this.
    Thrown(Value<'js>),
    /// A promise was rejected with this, without a handler.
    Unhandled(Value<'js>),
    /// The handler's promise can never settle: no jobs are pending.
    Waits,
    /// The handler returned something else, or it could not be read.
    Failed(Failure),
}

/// Runs the function once.
pub(super) fn run(
    loaded: &Loaded,
    invocation: &Invocation,
    store: Option<AssociatedStore>,
    limits: Limits,
) -> RunResult {
    let clock = Stopwatch::start();
    let engine = loaded.engine();
    let (mut result, mut reusable, state) = loaded.enter(|ctx| {
        // The state of the previous invocation is not borrowed any more, so this does not fail.
        let ready = ctx.store_userdata(InvocationState::of(invocation, store, limits.log_bytes)).is_ok();
        engine.meter.begin(&limits);
        let (result, reusable) = match call(ctx, loaded, invocation) {
            Ok(returned) => (Ok(returned), ready),
            Err(no_result) => explain(ctx, no_result),
        };
        engine.rejections.clear();
        (result, reusable, ctx.remove_userdata::<InvocationState>().ok().flatten())
    });
    let elapsed = clock.elapsed();

    engine.meter.end();
    let mut steps = engine.meter.steps();
    if engine.meter.was_memory_full() {
        (result, reusable) = (Err(out_of_memory()), false);
    } else if engine.meter.is_over() {
        (result, reusable) = (Err(exceeded()), false);
        steps = steps.max(limits.steps);
    }
    if let (Ok(returned), Some(state)) = (&mut result, &state) {
        returned.origin = state.origin.borrow_mut().take();
    }
    RunResult {
        result,
        store_reads: state.as_ref().map_or(0, |state| state.store_reads.get()),
        steps,
        elapsed,
        // A pending job would run in the next invocation.
        reusable: reusable && !engine.has_jobs(),
        stack: state.as_ref().map_or_else(Vec::new, |state| state.stack.take()),
        logs: state.map_or_else(Vec::new, |state| state.logs.into_inner()),
    }
}

/// Runs the code from its top, the handler, and all that they began, in that order, and reads what came back.
fn call<'js>(ctx: &Ctx<'js>, loaded: &Loaded, invocation: &Invocation) -> Result<Returned, NoResult<'js>> {
    let engine = loaded.engine();
    let answer = answer(ctx, loaded, invocation).map_err(|error| thrown(ctx, &error))?;
    while !engine.meter.is_over() && ctx.execute_pending_job() {}
    let value = match answer.as_promise() {
        None => answer,
        Some(promise) => {
            engine.rejections.forget(ctx, &answer);
            promise.result().ok_or(NoResult::Waits)?.map_err(|error| thrown(ctx, &error))?
        }
    };
    if let Some(reason) = engine.rejections.first(ctx) {
        return Err(NoResult::Unhandled(reason));
    }
    Returned::from_js(&invocation.event, &value).map_err(|unreadable| match unreadable {
        Unreadable::Engine(error) => thrown(ctx, &error),
        Unreadable::Invalid(failure) => NoResult::Failed(failure),
    })
}

/// What the handler gives at once: a result, or a promise of one.
fn answer<'js>(ctx: &Ctx<'js>, loaded: &Loaded, invocation: &Invocation) -> rquickjs::Result<Value<'js>> {
    let handler: Value<'js> = loaded.program(ctx)?.call((loaded.require(ctx)?,))?;
    let Some(handler) = handler.as_function() else {
        let kind = match handler.type_name() {
            "array" | "null" => "object",
            "bool" => "boolean",
            "int" | "float" => "number",
            other => other,
        };
        return Err(Exception::throw_type(ctx, &format!("{kind} is not a function")));
    };
    handler.call((invocation.event.to_js(ctx)?,))
}

fn thrown<'js>(ctx: &Ctx<'js>, error: &Error) -> NoResult<'js> {
    if error.is_exception() {
        NoResult::Thrown(ctx.catch())
    } else {
        NoResult::Failed(Failure::Execution(format!("InternalError: {error}")))
    }
}

/// The failure, and whether the engine is still good for another invocation.
fn explain<'js>(ctx: &Ctx<'js>, no_result: NoResult<'js>) -> (Result<Returned, Failure>, bool) {
    let (failure, reusable) = match no_result {
        NoResult::Thrown(value) | NoResult::Unhandled(value) if is_out_of_memory(&value) => {
            (out_of_memory(), false)
        }
        NoResult::Thrown(value) => (Failure::Execution(library::describe(ctx, &value)), true),
        NoResult::Unhandled(value) => {
            let reason = library::describe(ctx, &value);
            (Failure::Execution(format!("Error: unhandled promise rejection: {reason}")), true)
        }
        NoResult::Waits => (exceeded(), false),
        NoResult::Failed(failure) => (failure, true),
    };
    (Err(failure), reusable)
}

/// Whether the engine threw this because it ran out of memory: an error that says so or, where there was not even
/// enough memory for one, null.
fn is_out_of_memory(value: &Value<'_>) -> bool {
    let says_so =
        |error: &Exception<'_>| error.message().is_some_and(|words| words.starts_with("out of memory"));
    value.is_null() || value.as_exception().is_some_and(says_so)
}

/// The code filled all its memory.
pub(crate) fn out_of_memory() -> Failure {
    Failure::Execution("MemoryError".to_owned())
}

/// The code used up its steps.
pub(crate) fn exceeded() -> Failure {
    Failure::Execution(format!("RangeError: {EXCEEDED}"))
}

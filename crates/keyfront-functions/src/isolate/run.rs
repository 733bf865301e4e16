//! One invocation in an engine, from the event to the result.

use std::time::Duration;

use rquickjs::{Ctx, Error, Exception, Value};

use super::engine::Engine;
use super::meter::EXCEEDED;
use crate::clock::Stopwatch;
use crate::event::{Returned, Unreadable};
use crate::turn::Turn;
use crate::{Failure, Invocation, Limits, library};

/// What came of it.
pub(super) struct Ran {
    pub(super) result: Result<Returned, Failure>,
    pub(super) logs: Vec<String>,
    pub(super) store_reads: u32,
    pub(super) steps: u64,
    pub(super) elapsed: Duration,
    /// Whether the engine is as it was before, so that another invocation may have it.
    pub(super) reusable: bool,
}

/// Why there is no result.
enum Stop<'js> {
    /// The code threw this.
    Thrown(Value<'js>),
    /// A promise was rejected with this, and nobody listened.
    Unhandled(Value<'js>),
    /// The handler waits for what cannot happen any more.
    Waits,
    /// The result is none, or could not be read.
    Failed(Failure),
}

/// Runs the function once.
pub(super) fn run(engine: &mut Engine, invocation: &Invocation, limits: Limits) -> Ran {
    let synchronized = invocation.exact && engine.synchronize().is_ok();
    let clock = Stopwatch::start();
    let (mut result, mut reusable, turn) = engine.enter(|ctx| {
        // Nobody holds the turn of the invocation before, so there is no reason for this to fail.
        let ready = ctx.store_userdata(Turn::of(invocation, limits.log_bytes)).is_ok();
        engine.meter.begin(&limits, synchronized);
        let (result, reusable) = match call(ctx, engine, invocation) {
            Ok(returned) => (Ok(returned), ready),
            Err(stop) => explain(ctx, stop),
        };
        engine.rejections.clear();
        (result, reusable, ctx.remove_userdata::<Turn>().ok().flatten())
    });
    let elapsed = clock.elapsed();

    let mut steps = engine.meter.steps();
    if synchronized && !engine.meter.is_over() {
        match engine.ticks_since_question() {
            Ok(ticks) => steps = steps.saturating_add(ticks),
            Err(_) => reusable = false,
        }
    }
    if engine.meter.is_over() || (synchronized && steps > limits.steps) {
        (result, reusable) = (Err(exceeded()), false);
        steps = steps.max(limits.steps);
    }
    engine.meter.end();
    if let (Ok(returned), Some(turn)) = (&mut result, &turn) {
        returned.origin = turn.origin.borrow_mut().take();
    }
    Ran {
        result,
        store_reads: turn.as_ref().map_or(0, |turn| turn.store_reads.get()),
        steps,
        elapsed,
        // A job that waits still would run in the next invocation.
        reusable: reusable && !engine.has_jobs(),
        logs: turn.map_or_else(Vec::new, |turn| turn.logs.into_inner()),
    }
}

/// Runs the code from its top, the handler, and all that they began, in that order, and reads what came back.
fn call<'js>(ctx: &Ctx<'js>, engine: &Engine, invocation: &Invocation) -> Result<Returned, Stop<'js>> {
    let answer = answer(ctx, engine, invocation).map_err(|error| thrown(ctx, &error))?;
    while !engine.meter.is_over() && ctx.execute_pending_job() {}
    let value = match answer.as_promise() {
        None => answer,
        Some(promise) => {
            engine.rejections.forget(ctx, &answer);
            promise.result().ok_or(Stop::Waits)?.map_err(|error| thrown(ctx, &error))?
        }
    };
    if let Some(reason) = engine.rejections.first(ctx) {
        return Err(Stop::Unhandled(reason));
    }
    Returned::from_js(&invocation.event, &value).map_err(|unreadable| match unreadable {
        Unreadable::Engine(error) => thrown(ctx, &error),
        Unreadable::Invalid(failure) => Stop::Failed(failure),
    })
}

/// What the handler gives at once: a result, or a promise of one.
fn answer<'js>(ctx: &Ctx<'js>, engine: &Engine, invocation: &Invocation) -> rquickjs::Result<Value<'js>> {
    let handler: Value<'js> = engine.program(ctx)?.call((engine.require(ctx)?,))?;
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

fn thrown<'js>(ctx: &Ctx<'js>, error: &Error) -> Stop<'js> {
    if error.is_exception() {
        Stop::Thrown(ctx.catch())
    } else {
        Stop::Failed(Failure::Execution(format!("InternalError: {error}")))
    }
}

/// The failure, and whether the engine is still good for another invocation.
fn explain<'js>(ctx: &Ctx<'js>, stop: Stop<'js>) -> (Result<Returned, Failure>, bool) {
    let (failure, reusable) = match stop {
        Stop::Thrown(value) | Stop::Unhandled(value) if is_out_of_memory(&value) => (out_of_memory(), false),
        Stop::Thrown(value) => (Failure::Execution(library::describe(ctx, &value)), true),
        Stop::Unhandled(value) => {
            let reason = library::describe(ctx, &value);
            (Failure::Execution(format!("Error: unhandled promise rejection: {reason}")), true)
        }
        Stop::Waits => (exceeded(), false),
        Stop::Failed(failure) => (failure, true),
    };
    (Err(failure), reusable)
}

/// Whether the engine threw this because there was no memory: an error that says so or, where there was not even
/// enough memory for one, null.
fn is_out_of_memory(value: &Value<'_>) -> bool {
    let says_so =
        |error: &Exception<'_>| error.message().is_some_and(|words| words.starts_with("out of memory"));
    value.is_null() || value.as_exception().is_some_and(says_so)
}

/// The code filled all its memory.
fn out_of_memory() -> Failure {
    Failure::Execution("MemoryError".to_owned())
}

/// The code used up its steps.
pub(crate) fn exceeded() -> Failure {
    Failure::Execution(format!("RangeError: {EXCEEDED}"))
}

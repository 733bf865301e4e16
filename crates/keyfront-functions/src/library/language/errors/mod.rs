//! Gives the errors that the engine throws njs's messages and stacks.
//!
//! The engine calls a function for each error that it makes, when it makes it. That function gives the error the
//! text that njs would have, so that code that catches it, code that prints it and the failure of the invocation all
//! see njs's. An error that the program makes itself keeps its text, unless that is to the letter one of the
//! engine's.

mod source;
mod texts;

use std::cell::Cell;

use rquickjs::atom::PredefinedAtom;
use rquickjs::function::This;
use rquickjs::{Array, Ctx, Function, Object, Value};

use crate::meter;

pub(crate) use source::ProgramSource;

/// The most calls that an error makes beside its own when the budget is used up. The numbers from none to this one take
/// turns; they are seven, which has no factor in common with the calls between two checks of the engine.
const MAX_EXTRA_CALLS: u8 = 6;

/// Steps that an error costs, which takes as long to make as hundreds of others: an invocation that throws and
/// catches without an end is soon over its budget.
const STEPS: u64 = 500;

/// Calls that `stack` shows, the innermost first.
const MAX_FRAMES: u32 = 10;

pub(super) fn install(ctx: &Ctx<'_>) -> rquickjs::Result<()> {
    let errors: Object<'_> = ctx.globals().get("Error")?;
    errors.set("stackTraceLimit", MAX_FRAMES)?;
    errors.set("prepareStackTrace", Function::new(ctx.clone(), made)?)?;
    // The engine keeps both; the program must not see or change them.
    for name in ["stackTraceLimit", "prepareStackTrace", "captureStackTrace", "isError"] {
        errors.remove(name)?;
    }
    Ok(())
}

/// A call that was under way.
struct Frame {
    function: String,
    is_native: bool,
    line: u32,
    /// In bytes.
    column: u32,
}

/// Where an error comes from.
struct ErrorOrigin<'a, 'js> {
    ctx: &'a Ctx<'js>,
    frames: &'a [Frame],
}

impl ErrorOrigin<'_, '_> {
    /// The engine's own function that threw, if one did.
    fn native(&self) -> Option<&str> {
        self.frames.first().filter(|frame| frame.is_native).map(|frame| frame.function.as_str())
    }

    /// Looks up the position that threw in the program's source.
    fn look_up<R>(&self, look_up: impl FnOnce(&ProgramSource, u32, u32) -> Option<R>) -> Option<R> {
        let frame = self.frames.first().filter(|frame| !frame.is_native)?;
        look_up(&*self.ctx.userdata::<ProgramSource>()?, frame.line, frame.column)
    }
}

/// Gives a new error njs's text, and says what its `stack` is.
fn made<'js>(ctx: Ctx<'js>, error: Value<'js>, sites: Array<'js>) -> rquickjs::Result<Option<String>> {
    let Some(error) = error.as_object() else { return Ok(None) };
    if is_over(&ctx) {
        return Ok(None);
    }
    let frames =
        sites.iter::<Object<'js>>().map(|site| frame(&site?)).collect::<rquickjs::Result<Vec<_>>>()?;
    let name: Option<String> = string(error.get(PredefinedAtom::Name)?);
    let message: Option<String> = string(error.get(PredefinedAtom::Message)?);
    let (name, mut message) = (name.unwrap_or_default(), message.unwrap_or_default());
    if let Some(njs) = texts::of_njs(&name, &message, &ErrorOrigin { ctx: &ctx, frames: &frames }) {
        error.set(PredefinedAtom::Message, njs.as_str())?;
        message = njs;
    }
    Ok(Some(stack(&name, &message, &frames)))
}

/// Charges for an error, and says whether the budget is used up.
///
/// The engine checks whether to stop every so many calls and jumps, and forgets the answer where it checks within this
/// function. So each error makes another number of calls, until the check falls into the program.
fn is_over(ctx: &Ctx<'_>) -> bool {
    thread_local! {
        static EXTRA_CALLS: Cell<u8> = const { Cell::new(0) };
    }
    if meter::charge(ctx, STEPS).is_ok() {
        return false;
    }
    drop(ctx.catch());
    let extra_calls = EXTRA_CALLS.get();
    EXTRA_CALLS.set(if extra_calls < MAX_EXTRA_CALLS { extra_calls + 1 } else { 0 });
    for _ in 0..extra_calls {
        let call = Function::new(ctx.clone(), || ()).and_then(|function| function.call::<_, ()>(()));
        if call.is_err() {
            drop(ctx.catch());
        }
    }
    true
}

fn string(value: Value<'_>) -> Option<String> {
    value.into_string().and_then(|text| text.to_string().ok())
}

fn frame<'js>(site: &Object<'js>) -> rquickjs::Result<Frame> {
    let call =
        |method: &str| site.get::<_, Function<'js>>(method)?.call::<_, Value<'js>>((This(site.clone()),));
    let number =
        |value: Value<'js>| value.as_int().and_then(|number| u32::try_from(number).ok()).unwrap_or(0);
    let is_native = call("isNative")?.as_bool().unwrap_or(false);
    Ok(Frame {
        function: string(call("getFunctionName")?).unwrap_or_default(),
        is_native,
        line: if is_native { 0 } else { number(call("getLineNumber")?) },
        column: if is_native { 0 } else { number(call("getColumnNumber")?) },
    })
}

/// The text of `stack`, in njs's form. Files have no names.
fn stack(name: &str, message: &str, frames: &[Frame]) -> String {
    let mut stack = if message.is_empty() { name.to_owned() } else { format!("{name}: {message}") };
    for frame in frames {
        let function = if frame.function.is_empty() { "anonymous" } else { &frame.function };
        if frame.is_native {
            stack.push_str(&format!("\n    at {function} (native)"));
        } else {
            stack.push_str(&format!("\n    at {function} (:{})", frame.line));
        }
    }
    stack.push('\n');
    stack
}

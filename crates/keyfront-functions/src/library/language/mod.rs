//! Makes the engine's language njs's: removes globals and methods that njs does not have; dates, the console, JSON, random
//! numbers, some methods of strings and the texts of errors follow njs.
//!
//! The oracle for runtime 2.0 is njs of 23 May 2023; where it agrees with njs 0.7.9, tests ask that. Runtime 1.0 is
//! about njs 0.4.2.
//!
//! Deliberately not followed: the order in which njs enumerates objects of more than ten properties, but for those of
//! an event (`event::enumeration`), and njs's faults, such as number literals that turn into strings when they are also
//! used as keys. Timers, `process` and the
//! `njs` object are absent, as on CloudFront. Modules, buffers and encodings are in `modules`.

#![expect(clippy::needless_pass_by_value, reason = "the engine's bindings give functions what they own")]

mod arrays;
mod console;
mod dates;
mod errors;
mod json;
mod json_indent;
mod missing_builtins;
mod print;
mod random;
mod regexp;
mod strings;
#[cfg(test)]
mod tests;
mod text;

use keyfront_domain::function::Runtime;
use rquickjs::object::Property;
use rquickjs::{Ctx, Function, IntoJs, Object, Value};

use crate::invocation_state::InvocationState;

pub(crate) use errors::ProgramSource;
pub(super) use json::parse_text as parse_json;

/// Makes the language of a new context njs's.
pub(super) fn install(ctx: &Ctx<'_>, runtime: Runtime) -> rquickjs::Result<()> {
    dates::install(ctx)?;
    regexp::install(ctx)?;
    strings::install(ctx)?;
    arrays::install(ctx)?;
    json::install(ctx)?;
    json_indent::install(ctx)?;
    random::install(ctx)?;
    console::install(ctx)?;
    errors::install(ctx)?;
    missing_builtins::install(ctx, runtime)
}

/// What follows "could not run. " when the code threw this and did not catch it: an error's name and message, or any
/// other value as njs prints it. Getters of the value may run; one that throws gives a fixed text.
///
/// The calls that were under way are noted in the invocation's state.
pub(crate) fn describe<'js>(ctx: &Ctx<'js>, thrown: &Value<'js>) -> String {
    if let (Some(state), Some(error)) = (ctx.userdata::<InvocationState>(), thrown.as_exception()) {
        let calls = error.stack().unwrap_or_default();
        let calls = calls.lines().filter_map(|line| line.trim_start().strip_prefix("at "));
        state.stack.replace(calls.map(str::to_owned).collect());
    }
    print::line(ctx, thrown, DESCRIPTION_BYTES).unwrap_or_else(|_| {
        drop(ctx.catch());
        String::from("Error: the thrown value cannot be printed")
    })
}

/// A description is cut here, since it travels in answers and logs.
const DESCRIPTION_BYTES: usize = 4096;

/// Defines a method as the engine defines its own: writable, configurable, not enumerable.
fn method<'js>(
    object: &Object<'js>,
    name: &str,
    length: usize,
    function: Function<'js>,
) -> rquickjs::Result<()> {
    hidden(object, name, function.with_name(name)?.with_length(length)?)
}

/// Defines a property that enumeration does not show.
fn hidden<'js>(object: &Object<'js>, name: &str, value: impl IntoJs<'js>) -> rquickjs::Result<()> {
    object.prop(name, Property::from(value.into_js(object.ctx())?).writable().configurable())
}

/// Replaces a constructor of the engine by a function that decides what to do with a call: `replacement` gets the original,
/// then the arguments of the call. The program sees a constructor of the same name, length, prototype and static methods.
fn replace_constructor<'js>(
    ctx: &Ctx<'js>,
    name: &str,
    statics: &[&str],
    replacement: Function<'js>,
) -> rquickjs::Result<Object<'js>> {
    let original: Function<'js> = ctx.globals().get(name)?;
    let prototype: Object<'js> = original.get("prototype")?;
    replacement.set_constructor(true);
    replacement.prop("prototype", Property::from(prototype.clone()))?;
    // Binding lets the collector see that the function holds the original; a captured value would never be freed.
    let bind: Function<'js> = replacement.get("bind")?;
    let length: usize = original.get("length")?;
    let bound: Function<'js> = bind.call((
        rquickjs::function::This(replacement),
        Value::new_undefined(ctx.clone()),
        original.clone(),
    ))?;
    bound.set_name(name)?;
    bound.set_length(length)?;
    bound.prop("prototype", Property::from(prototype.clone()))?;
    for name in statics {
        let method: Value<'js> = original.get(*name)?;
        hidden(&bound, name, method)?;
    }
    hidden(&prototype, "constructor", bound.clone())?;
    hidden(&ctx.globals(), name, bound.clone())?;
    Ok(bound.into_inner())
}

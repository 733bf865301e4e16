//! What the program's text tells about an error that the engine's text does not: which property was called that is
//! no function, which property was written.
//!
//! The engine knows a line and a column: of the last name that it had read when it failed. For `a.b(c, d.e)` that is
//! `e`, so a call is found from its last argument, and a place can belong to several calls. Of those, the one that
//! most likely is of no function is taken, and of equals the innermost.

use std::cell::OnceCell;
use std::cmp::Reverse;
use std::collections::HashSet;
use std::sync::Arc;

use rquickjs::{Ctx, JsLifetime};

use super::reading::{Call, Read};

/// The text of the program that runs: user data of the engine, which need not be there. It is read when the first
/// error asks.
pub(crate) struct Code {
    text: Arc<str>,
    read: OnceCell<Read>,
}

// SAFETY: a text holds no value of the engine, so it has no lifetime of the engine to speak of.
#[expect(
    unsafe_code,
    reason = "the engine asks for it before it keeps user data; its derive macro writes the same"
)]
unsafe impl JsLifetime<'_> for Code {
    type Changed<'to> = Code;
}

impl Code {
    /// The text to which lines and columns of the engine refer.
    pub(crate) fn of(text: Arc<str>) -> Code {
        Code { text, read: OnceCell::new() }
    }

    /// Whether a variable of that name is a constant somewhere in the program.
    pub(super) fn is_constant(&self, name: &str) -> bool {
        self.read().constants.contains(name)
    }

    /// The property that is called at a place; `None` where a variable or a result is called, or nothing is.
    pub(super) fn callee(&self, ctx: &Ctx<'_>, line: u32, column: u32) -> Option<String> {
        let place = self.place(line, column)?;
        let read = self.read();
        let is_last_name_of =
            |call: &&Call| (call.callee_at..call.to).contains(&place) && !read.names_between(place, call.to);
        let mut calls: Vec<&Call> = read.calls.iter().filter(is_last_name_of).collect();
        // The one that begins last is the innermost.
        calls.sort_by_key(|call| Reverse(call.callee_at));
        calls
            .into_iter()
            .take(MAX_CALLS_AROUND)
            .filter_map(|call| Some((likelihood(ctx, &read.functions, call)?, call)))
            .reduce(|best, next| if next.0 > best.0 { next } else { best })?
            .1
            .property
            .clone()
    }

    /// The property that is written or deleted at a place.
    pub(super) fn target(&self, line: u32, column: u32) -> Option<String> {
        let place = self.place(line, column)?;
        let around = self.read().targets.iter().filter(|target| (target.from..=target.to).contains(&place));
        around.min_by_key(|target| target.to - target.from).map(|target| target.property.clone())
    }

    /// The type of what is asked by `in` at a place, where the text tells that it is no object. A place may be that of
    /// a name before the expression, if that has no names.
    pub(super) fn asked_type(&self, line: u32, column: u32) -> Option<&'static str> {
        let place = self.place(line, column)?;
        let asked = &self.read().asked;
        let around = asked.iter().filter(|asked| (asked.from..asked.to).contains(&place));
        match around.min_by_key(|asked| asked.to - asked.from) {
            Some(innermost) => innermost.of,
            None => asked.iter().filter(|asked| asked.from > place).find_map(|asked| asked.of),
        }
    }

    fn read(&self) -> &Read {
        self.read.get_or_init(|| Read::of(&self.text))
    }

    /// A place as the number of bytes before it.
    fn place(&self, line: u32, column: u32) -> Option<u32> {
        let before = usize::try_from(line).ok()?.checked_sub(1)?;
        let lines_before: usize = self.text.split_inclusive('\n').take(before).map(str::len).sum();
        // The engine counts columns from the end of the line before, so on the first line from 0, on others from 1.
        let into_line = if before == 0 { column } else { column.checked_sub(1)? };
        u32::try_from(lines_before).ok()?.checked_add(into_line)
    }
}

/// Calls in each other that are looked at.
const MAX_CALLS_AROUND: usize = 8;

/// How likely it is that what is called is no function.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum Likelihood {
    /// A method of that name is there for strings, arrays and the like.
    Little,
    Likely,
    Certain,
}

/// Nothing is run for it. `None` where the call is of a function for certain.
fn likelihood(ctx: &Ctx<'_>, functions: &HashSet<String>, call: &Call) -> Option<Likelihood> {
    if let Some((first, rest)) = call.path.split_first() {
        if rest.is_empty() && functions.contains(first) {
            return None;
        }
        if GLOBAL_OBJECTS.contains(&first.as_str()) {
            return (!is_function(ctx, &call.path)).then_some(Likelihood::Certain);
        }
    }
    let is_common = call.property.as_ref().is_some_and(|property| {
        WITH_METHODS.iter().any(|class| is_function(ctx, &[class, "prototype", property.as_str()]))
    });
    Some(if is_common { Likelihood::Little } else { Likelihood::Likely })
}

/// Whether a path from the global object leads to a function.
fn is_function<S: AsRef<str>>(ctx: &Ctx<'_>, path: &[S]) -> bool {
    let mut value = ctx.globals().into_value();
    for name in path {
        let Some(object) = value.into_object() else { return false };
        let Ok(next) = object.get(name.as_ref()) else {
            drop(ctx.catch());
            return false;
        };
        value = next;
    }
    value.is_function()
}

/// Globals whose properties are looked at. A program that has its own variable of the name is not looked into.
const GLOBAL_OBJECTS: &[&str] = &[
    "Array",
    "ArrayBuffer",
    "Buffer",
    "Date",
    "JSON",
    "Math",
    "Number",
    "Object",
    "Promise",
    "String",
    "Symbol",
    "console",
    "decodeURI",
    "decodeURIComponent",
    "encodeURI",
    "encodeURIComponent",
    "isFinite",
    "isNaN",
    "parseFloat",
    "parseInt",
];

/// Constructors whose objects have methods.
const WITH_METHODS: &[&str] = &["Array", "Date", "Function", "Number", "Promise", "RegExp", "String"];

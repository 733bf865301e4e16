//! Looks up in the program's source what an error of the engine does not tell: which property was called that is not a
//! function, which property was written.
//!
//! The engine knows a line and a column: of the last name that it had read when it failed. For `a.b(c, d.e)` that is
//! `e`, so a call is found from its last argument, and a position can belong to several calls. Of those, the one whose
//! callee is least likely a function is taken, and of equals the innermost.

use std::cell::OnceCell;
use std::cmp::Reverse;
use std::collections::HashSet;
use std::rc::Rc;
use std::sync::Arc;

use keyfront_njs::{Call, SourceIndex};
use rquickjs::{Ctx, JsLifetime};

/// The source of the program that runs: optional user data of the engine's context. It is indexed when the first error
/// needs it. Clones share the index.
#[derive(Clone)]
pub(crate) struct ProgramSource {
    text: Arc<str>,
    index: Rc<OnceCell<SourceIndex>>,
}

// SAFETY: a text holds no value of the engine, so it has no lifetime of the engine to speak of.
#[expect(
    unsafe_code,
    reason = "the engine asks for it before it keeps user data; its derive macro writes the same"
)]
unsafe impl JsLifetime<'_> for ProgramSource {
    type Changed<'to> = ProgramSource;
}

impl ProgramSource {
    /// The text to which lines and columns of the engine refer.
    pub(crate) fn of(text: Arc<str>) -> ProgramSource {
        ProgramSource { text, index: Rc::default() }
    }

    /// Whether a variable of that name is a constant somewhere in the program.
    pub(super) fn is_constant(&self, name: &str) -> bool {
        self.index().constants.contains(name)
    }

    /// The property that is called at a position; `None` where a variable, a result or nothing is called.
    pub(super) fn callee(&self, ctx: &Ctx<'_>, line: u32, column: u32) -> Option<String> {
        let offset = self.offset(line, column)?;
        let index = self.index();
        let mut calls: Vec<&Call> = index.calls_with_last_name_at(offset).collect();
        // The one that begins last is the innermost.
        calls.sort_by_key(|call| Reverse(call.callee_at));
        calls
            .into_iter()
            .take(MAX_CALLS_AROUND)
            .filter_map(|call| Some((likelihood(ctx, &index.functions, call)?, call)))
            .reduce(|best, next| if next.0 > best.0 { next } else { best })?
            .1
            .property
            .clone()
    }

    /// The property that is written or deleted at a position.
    pub(super) fn written_property(&self, line: u32, column: u32) -> Option<String> {
        let offset = self.offset(line, column)?;
        let around =
            self.index().property_writes.iter().filter(|write| (write.from..=write.to).contains(&offset));
        around.min_by_key(|write| write.to - write.from).map(|write| write.property.clone())
    }

    /// The type of the right operand of `in` at a position, where the source tells that it is a primitive value. The
    /// position may be that of a name before the expression, if the expression has no names.
    pub(super) fn in_operand_type(&self, line: u32, column: u32) -> Option<&'static str> {
        let offset = self.offset(line, column)?;
        let expressions = &self.index().in_expressions;
        let around =
            expressions.iter().filter(|expression| (expression.from..expression.to).contains(&offset));
        if let Some(innermost) = around.min_by_key(|expression| expression.to - expression.from) {
            return innermost.primitive;
        }
        let mut behind = expressions.iter().filter(|expression| expression.from > offset);
        behind.find_map(|expression| expression.primitive)
    }

    fn index(&self) -> &SourceIndex {
        self.index.get_or_init(|| SourceIndex::of(&self.text))
    }

    /// A position as the number of bytes before it.
    fn offset(&self, line: u32, column: u32) -> Option<u32> {
        let before = usize::try_from(line).ok()?.checked_sub(1)?;
        let lines_before: usize = self.text.split_inclusive('\n').take(before).map(str::len).sum();
        // The engine counts columns from the end of the line before, so on the first line from 0, on others from 1.
        let into_line = if before == 0 { column } else { column.checked_sub(1)? };
        u32::try_from(lines_before).ok()?.checked_add(into_line)
    }
}

/// The most nested calls that are considered.
const MAX_CALLS_AROUND: usize = 8;

/// How likely it is that a callee is not a function.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum Likelihood {
    /// A method of that name is there for strings, arrays and the like.
    Little,
    Likely,
    Certain,
}

/// Runs no code of the program. `None` where the callee is a function for certain.
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

/// Globals whose properties are considered. Variables of the same names in the program are not told apart from them.
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

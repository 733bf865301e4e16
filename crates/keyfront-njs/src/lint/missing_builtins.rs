//! Finds calls of methods that the runtime does not have. Such code parses, and fails where it calls them.

use keyfront_domain::function::Runtime;
use oxc_ast::ast::{CallExpression, Expression, Program};
use oxc_ast_visit::{Visit, walk};

use crate::names::Names;

/// A use of a builtin that the runtime does not have.
pub(super) struct MissingBuiltin {
    pub(super) at: usize,
    pub(super) message: String,
    pub(super) instead: Option<&'static str>,
}

/// Each use of a builtin that the runtime does not have.
pub(super) fn in_program(program: &Program<'_>, names: &Names, runtime: Runtime) -> Vec<MissingBuiltin> {
    let mut search = Search { names, runtime, found: Vec::new() };
    search.visit_program(program);
    search.found
}

const LOG: &str = "Use console.log.";
const SECOND_RUNTIME: &str = "Choose the runtime cloudfront-js-2.0.";

/// Members of globals that neither runtime has.
const MEMBERS: [(&str, &str, &str); 15] = [
    ("Array", "fromAsync", "Await each promise in a loop."),
    (
        "Object",
        "fromEntries",
        "Set each property in a loop: entries.forEach(function (e) { o[e[0]] = e[1]; }).",
    ),
    ("Object", "groupBy", "Group in a loop."),
    ("Object", "hasOwn", "Use Object.prototype.hasOwnProperty.call(object, key)."),
    ("Promise", "withResolvers", "Use new Promise(function (resolve, reject) { ... })."),
    ("String", "raw", "Write the backslashes twice."),
    ("console", "assert", LOG),
    ("console", "debug", LOG),
    ("console", "dir", LOG),
    ("console", "error", LOG),
    ("console", "info", LOG),
    ("console", "table", LOG),
    ("console", "trace", LOG),
    ("console", "warn", LOG),
    ("Error", "captureStackTrace", "Leave it away."),
];

/// Methods of any value that neither runtime has.
const METHODS: [(&str, &str); 17] = [
    ("at", "Use an index: list[list.length - 1]."),
    ("findLast", "Use a loop from the end."),
    ("findLastIndex", "Use a loop from the end."),
    ("flat", "Use [].concat.apply([], list)."),
    ("flatMap", "Use [].concat.apply([], list.map(f))."),
    ("isWellFormed", "Leave it away."),
    ("localeCompare", "Compare with < and >."),
    ("matchAll", "Call exec of a regular expression with the flag g in a loop."),
    ("normalize", "Leave it away; Unicode normalization is not available."),
    ("toLocaleLowerCase", "Use toLowerCase()."),
    ("toLocaleUpperCase", "Use toUpperCase()."),
    ("toReversed", "Use list.slice().reverse()."),
    ("toSorted", "Use list.slice().sort(compare)."),
    ("toSpliced", "Copy with slice() and use splice."),
    ("trimLeft", "Use trimStart()."),
    ("trimRight", "Use trimEnd()."),
    ("toWellFormed", "Leave it away."),
];

/// Methods that only the second runtime has.
const METHODS_OF_SECOND: [(&str, &str); 2] = [
    ("replaceAll", "Use text.split(a).join(b), or replace with the flag g."),
    ("allSettled", SECOND_RUNTIME),
];

/// Methods that only the first runtime has.
const METHODS_OF_FIRST: [(&str, &str); 5] = [
    ("bytesFrom", "Use Buffer.from(text, encoding)."),
    ("fromBytes", "Use Buffer.from(...).toString()."),
    ("fromUTF8", "Use Buffer.from(text).toString()."),
    ("toBytes", "Use Buffer.from(text)."),
    ("toUTF8", "Use Buffer.from(text)."),
];

struct Search<'n> {
    names: &'n Names,
    runtime: Runtime,
    found: Vec<MissingBuiltin>,
}

impl Search<'_> {
    fn add(&mut self, at: u32, message: String, instead: &'static str) {
        let at = usize::try_from(at).unwrap_or(0);
        self.found.push(MissingBuiltin { at, message, instead: Some(instead) });
    }

    fn method(&self, name: &str) -> Option<&'static str> {
        let find =
            |list: &[(&str, &'static str)]| list.iter().find(|(known, _)| *known == name).map(|(_, i)| *i);
        find(&METHODS).or_else(|| match self.runtime {
            Runtime::Js1 => find(&METHODS_OF_SECOND),
            Runtime::Js2 => find(&METHODS_OF_FIRST),
        })
    }
}

impl<'a> Visit<'a> for Search<'_> {
    fn visit_call_expression(&mut self, it: &CallExpression<'a>) {
        if let Expression::StaticMemberExpression(member) = &it.callee {
            let name = member.property.name.as_str();
            let object = match &member.object {
                Expression::Identifier(object) if !self.names.is_declared(&object.name) => {
                    Some(object.name.as_str())
                }
                _ => None,
            };
            let of_global =
                MEMBERS.iter().find(|(known, known_name, _)| Some(*known) == object && *known_name == name);
            if let Some((known, _, instead)) = of_global {
                self.add(it.span.start, format!("{known}.{name} is not a function"), instead);
            } else if let Some(instead) = self.method(name).filter(|_| !self.names.is_own_property(name)) {
                let at = member.property.span.start;
                self.add(at, format!("{} does not have the method {name}", self.runtime), instead);
            }
        }
        walk::walk_call_expression(self, it);
    }
}

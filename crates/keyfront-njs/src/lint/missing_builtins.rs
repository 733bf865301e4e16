//! Finds uses of globals and methods that the runtime does not have. Such code parses, and fails where it uses them.

use keyfront_domain::function::Runtime;
use oxc_ast::ast::{
    CallExpression, Expression, IdentifierReference, Program, UnaryExpression, UnaryOperator,
};
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

const OBJECT: &str = "Use an object: Object.create(null), and its keys.";
const NO_TIME: &str = "A function runs without waiting; timers are not available.";
const NO_NETWORK: &str = "A function has no network. Read from a key value store, or use Lambda@Edge.";
const PARSE_BY_HAND: &str =
    "event.request has uri and querystring, parsed already; for other texts use split and querystring.parse.";
const NO_EVAL: &str = "Code is not made from texts. Write a function.";
const LOG: &str = "Use console.log.";
const SECOND_RUNTIME: &str = "Choose the runtime cloudfront-js-2.0.";

/// Globals that neither runtime has.
const GLOBALS: [(&str, &str); 28] = [
    ("BigInt", "Use a number, or a string for more than 53 bits."),
    ("Function", NO_EVAL),
    ("Headers", "event.request.headers is an object with lower-case names."),
    ("Intl", "Format by hand."),
    ("Map", OBJECT),
    ("Proxy", "Use accessors: Object.defineProperty."),
    ("Reflect", "Use Object.keys, Object.getPrototypeOf and their like."),
    ("Request", NO_NETWORK),
    ("Response", "Return an object: { statusCode: 302, headers: { location: { value: '/' } } }."),
    ("Set", OBJECT),
    ("URL", PARSE_BY_HAND),
    ("URLSearchParams", PARSE_BY_HAND),
    ("WeakMap", OBJECT),
    ("WeakRef", OBJECT),
    ("WeakSet", OBJECT),
    ("XMLHttpRequest", NO_NETWORK),
    ("clearTimeout", NO_TIME),
    ("eval", NO_EVAL),
    ("exports", "Leave it away. CloudFront calls the function that is named handler."),
    ("fetch", NO_NETWORK),
    ("module", "Leave it away. CloudFront calls the function that is named handler."),
    ("performance", "Use Date.now(); time stands still while a function runs."),
    ("process", "The environment is not available. Put settings into the code or a key value store."),
    ("queueMicrotask", "Use Promise.resolve().then(...)."),
    ("setImmediate", NO_TIME),
    ("setInterval", NO_TIME),
    ("setTimeout", NO_TIME),
    ("structuredClone", "Use JSON.parse(JSON.stringify(value))."),
];

/// Globals that only the second runtime has.
const GLOBALS_OF_SECOND: [(&str, &str); 6] = [
    ("Buffer", SECOND_RUNTIME),
    ("DataView", SECOND_RUNTIME),
    ("TextDecoder", SECOND_RUNTIME),
    ("TextEncoder", SECOND_RUNTIME),
    ("atob", "Use String.bytesFrom(text, 'base64')."),
    ("btoa", "Use String.prototype.toString('base64') of bytes, or the runtime cloudfront-js-2.0."),
];

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

    fn global(&self, name: &str) -> Option<&'static str> {
        let find =
            |list: &[(&str, &'static str)]| list.iter().find(|(known, _)| *known == name).map(|(_, i)| *i);
        find(&GLOBALS).or_else(|| match self.runtime {
            Runtime::Js1 => find(&GLOBALS_OF_SECOND),
            Runtime::Js2 => None,
        })
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
    fn visit_identifier_reference(&mut self, it: &IdentifierReference<'a>) {
        if self.names.is_declared(&it.name) {
            return;
        }
        if let Some(instead) = self.global(&it.name) {
            self.add(it.span.start, format!("{} is not defined", it.name), instead);
        }
    }

    fn visit_unary_expression(&mut self, it: &UnaryExpression<'a>) {
        // `typeof x` asks whether it is there.
        let asks = it.operator == UnaryOperator::Typeof && matches!(it.argument, Expression::Identifier(_));
        if !asks {
            walk::walk_unary_expression(self, it);
        }
    }

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

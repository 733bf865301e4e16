//! Finds names that stand for nothing: globals of browsers and of Node that the runtime does not have, and names that the
//! program declares nowhere.

use keyfront_domain::function::Runtime;
use oxc_ast::AstKind;
use oxc_ast::ast::{Expression, IdentifierReference, Program, UnaryExpression, UnaryOperator};
use oxc_ast_visit::{Visit, walk};

use super::Severity;
use super::ancestors::{Ancestors, Reached};
use crate::names::Names;

/// A use of a name that stands for nothing.
pub(super) struct UndefinedName {
    pub(super) at: usize,
    pub(super) severity: Severity,
    pub(super) message: String,
    pub(super) instead: &'static str,
}

/// Each use of a name that stands for nothing.
pub(super) fn in_program(program: &Program<'_>, names: &Names, runtime: Runtime) -> Vec<UndefinedName> {
    let mut search = Search { names, runtime, ancestors: Ancestors::default(), found: Vec::new() };
    search.visit_program(program);
    search.found
}

const OBJECT: &str = "Use an object: Object.create(null), and its keys.";
const NO_TIME: &str = "A function runs without waiting; timers are not available.";
const NO_NETWORK: &str = "A function has no network. Read from a key value store, or use Lambda@Edge.";
const PARSE_BY_HAND: &str =
    "event.request has uri and querystring, parsed already; for other texts use split and querystring.parse.";
const NO_EVAL: &str = "Code is not made from texts. Write a function.";
const NO_MODULE: &str = "Leave it away, or ask first: if (typeof module !== 'undefined') { ... }. CloudFront calls the \
                         function that is named handler.";
const SECOND_RUNTIME: &str = "Choose the runtime cloudfront-js-2.0.";
const DECLARE: &str =
    "Declare it with const, let or var, or correct its name. Functions are always in strict mode.";

/// Names of Node's modules, which code for tests uses where they are. To ask for one is to ask for all.
const NODE: [&str; 5] = ["__dirname", "__filename", "exports", "module", "process"];

/// Globals that neither runtime has.
const GLOBALS: [(&str, &str); 31] = [
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
    ("cf", "Import it: import cf from 'cloudfront';"),
    ("clearTimeout", NO_TIME),
    ("crypto", "Import it: import crypto from 'crypto';"),
    ("eval", NO_EVAL),
    ("exports", NO_MODULE),
    ("fetch", NO_NETWORK),
    ("module", NO_MODULE),
    ("performance", "Use Date.now(); time stands still while a function runs."),
    ("process", "The environment is not available. Put settings into the code or a key value store."),
    ("querystring", "Import it: import querystring from 'querystring';"),
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

/// Names that stand for something in both runtimes.
const KNOWN: [&str; 48] = [
    "AggregateError",
    "Array",
    "ArrayBuffer",
    "Boolean",
    "Date",
    "Error",
    "EvalError",
    "Float32Array",
    "Float64Array",
    "Infinity",
    "Int16Array",
    "Int32Array",
    "Int8Array",
    "InternalError",
    "JSON",
    "Math",
    "MemoryError",
    "NaN",
    "Number",
    "Object",
    "Promise",
    "RangeError",
    "ReferenceError",
    "RegExp",
    "String",
    "Symbol",
    "SyntaxError",
    "TypeError",
    "URIError",
    "Uint16Array",
    "Uint32Array",
    "Uint8Array",
    "Uint8ClampedArray",
    "arguments",
    "console",
    "decodeURI",
    "decodeURIComponent",
    "encodeURI",
    "encodeURIComponent",
    "global",
    "globalThis",
    "handler",
    "isFinite",
    "isNaN",
    "parseFloat",
    "parseInt",
    "require",
    "undefined",
];

struct Search<'a, 'n> {
    names: &'n Names,
    runtime: Runtime,
    ancestors: Ancestors<'a>,
    found: Vec<UndefinedName>,
}

impl Search<'_, '_> {
    /// What to write instead of a name that stands for nothing.
    fn instead_of(&self, name: &str) -> Option<&'static str> {
        let find = |list: &[(&str, &'static str)]| {
            list.iter().find(|(listed, _)| *listed == name).map(|(_, instead)| *instead)
        };
        if let Some(instead) = find(&GLOBALS) {
            return Some(instead);
        }
        match (self.runtime, find(&GLOBALS_OF_SECOND)) {
            (Runtime::Js1, Some(instead)) => Some(instead),
            (Runtime::Js2, Some(_)) => None,
            (_, None) if KNOWN.contains(&name) || self.names.is_own_property(name) => None,
            (_, None) => Some(DECLARE),
        }
    }
}

impl<'a> Visit<'a> for Search<'a, '_> {
    fn enter_node(&mut self, kind: AstKind<'a>) {
        self.ancestors.enter(kind);
    }

    fn leave_node(&mut self, _: AstKind<'a>) {
        self.ancestors.leave();
    }

    fn visit_identifier_reference(&mut self, it: &IdentifierReference<'a>) {
        let name = it.name.as_str();
        if self.names.is_declared(name) {
            return;
        }
        let Some(instead) = self.instead_of(name) else { return };
        let is_of_node = NODE.contains(&name);
        let asked: &[&str] = if is_of_node { &NODE } else { &[name] };
        if self.ancestors.asks_for_type_of(asked) || (is_of_node && self.ancestors.is_tried(it.span)) {
            return;
        }
        let severity = match self.ancestors.reached(it.span) {
            Reached::Always => Severity::Refused,
            Reached::Sometimes => Severity::FailsWhenItRuns,
        };
        let at = usize::try_from(it.span.start).unwrap_or(0);
        self.found.push(UndefinedName { at, severity, message: format!("{name} is not defined"), instead });
    }

    fn visit_unary_expression(&mut self, it: &UnaryExpression<'a>) {
        // `typeof x` asks whether it is there.
        let asks = it.operator == UnaryOperator::Typeof && matches!(it.argument, Expression::Identifier(_));
        if !asks {
            walk::walk_unary_expression(self, it);
        }
    }
}

//! Language constructs that the runtime does not have, and how to write without them.

/// A language construct that CloudFront's engine does not have.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug)]
pub(crate) enum Construct {
    ArrowParameters,
    AsyncFunction,
    AwaitInArguments,
    AwaitOutside,
    BigInt,
    CatchWithoutBinding,
    Class,
    ConstOrLet,
    DefaultParameter,
    Destructuring,
    Export,
    ForOf,
    Generator,
    Import,
    LogicalAssignment,
    Module,
    NewTarget,
    NumericSeparator,
    OptionalChain,
    RegExp,
    RegExpFlag,
    Spread,
    With,
}

impl Construct {
    /// What it is, as the subject of "... not supported".
    pub(crate) fn title(self) -> &'static str {
        match self {
            Construct::ArrowParameters => "parameters of an arrow function other than plain names are",
            Construct::AsyncFunction => "async functions are",
            Construct::AwaitInArguments => "await in the arguments of a call is",
            Construct::AwaitOutside => "await outside of an async function is",
            Construct::BigInt => "BigInt literals are",
            Construct::CatchWithoutBinding => "catch without a parameter is",
            Construct::Class => "classes are",
            Construct::ConstOrLet => "let and const are",
            Construct::DefaultParameter => "default values of parameters are",
            Construct::Destructuring => "destructuring is",
            Construct::Export => "export is",
            Construct::ForOf => "for-of is",
            Construct::Generator => "generators are",
            Construct::Import => "this kind of import is",
            Construct::LogicalAssignment => "the operators ??=, ||= and &&= are",
            Construct::Module => "this module is",
            Construct::NewTarget => "new.target is",
            Construct::NumericSeparator => "separators in numbers are",
            Construct::OptionalChain => "optional chaining (?.) is",
            Construct::RegExp => "this regular expression is",
            Construct::RegExpFlag => "this flag of a regular expression is",
            Construct::Spread => "the spread syntax (...) is",
            Construct::With => "with is",
        }
    }

    /// How to write it instead.
    pub(crate) fn instead(self) -> &'static str {
        match self {
            Construct::ArrowParameters => {
                "Let each parameter be a plain name, without a default value and without a pattern."
            }
            Construct::AsyncFunction => "Use promise.then(...), or choose the runtime cloudfront-js-2.0.",
            Construct::AwaitInArguments => {
                "Await into a variable first: const value = await promise; then pass the variable."
            }
            Construct::AwaitOutside => "Move it into an async function; handler itself may be async.",
            Construct::BigInt => "Use a number, or a string for more than 53 bits.",
            Construct::CatchWithoutBinding => "Name the error, used or not: catch (e) { ... }.",
            Construct::Class => {
                "Use a function and its prototype, function A() {} and A.prototype.f = function() {}, or an object."
            }
            Construct::ConstOrLet => "Use var, or choose the runtime cloudfront-js-2.0.",
            Construct::DefaultParameter => {
                "Set the value in the body: if (value === undefined) { value = 1; }."
            }
            Construct::Destructuring => "Take each part by itself: const uri = request.uri;.",
            Construct::Export => "Leave export away. CloudFront calls the function that is named handler.",
            Construct::ForOf => {
                "Use list.forEach(...) or an index: for (var i = 0; i < list.length; i++) { ... }."
            }
            Construct::Generator => "Build a list and return it.",
            Construct::Import => {
                "Import the whole module at the top of the code: import crypto from 'crypto';, or use require('crypto')."
            }
            Construct::LogicalAssignment => "Write the assignment in full: a = a ?? b;.",
            Construct::Module => {
                "There are crypto and querystring, and with cloudfront-js-2.0 buffer and cloudfront."
            }
            Construct::NewTarget => "Use instanceof: if (!(this instanceof A)) { ... }.",
            Construct::NumericSeparator => "Write the number without underscores.",
            Construct::OptionalChain => "Test each step: a && a.b.",
            Construct::RegExp => {
                "CloudFront compiles it with PCRE2, which is stricter: escape a hyphen behind \\w or \\d in a class, and look behind only at texts of one length."
            }
            Construct::RegExpFlag => {
                "There are the flags g, i, m and y. Instead of s use [\\s\\S] for the dot."
            }
            Construct::Spread => {
                "Use concat for lists, Object.assign({}, a, b) for objects and f.apply(null, list) for calls."
            }
            Construct::With => "Name the object at each use.",
        }
    }
}

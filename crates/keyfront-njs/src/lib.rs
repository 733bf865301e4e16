//! The language of njs, the engine of CloudFront Functions, without an engine: it parses and checks code, and runs none.
//!
//! - [`prepare`] decides whether code runs, with njs's own message where it does not, and gives the text that another
//!   engine can run.
//! - [`lint`] tells a person everything that speaks against code, and what to write instead.
//! - [`Instrumented`] is code that tells which of its statements run.
//! - [`missing_builtins`] lists what a modern engine has and njs does not.
//! - [`SourceIndex`] tells what stands at a position of a script, for the texts of errors.
//!
//! # Map, in reading order
//!
//! | module | part |
//! |---|---|
//! | `prepare` | the two passes over code: njs's grammar first, then ECMAScript's |
//! | `parser` | njs's grammar: decides what is refused, with njs's message and line. It builds no tree |
//! | `early_error` | the refusal as a value: class, message, line, what to write instead |
//! | `construct` | the parts of JavaScript that njs does not have, and how to write without them |
//! | `script` | the text for the engine: the code within a function, as njs reads it |
//! | `names` | the names that a program declares, assigns to and defines as properties |
//! | `mutation` | mutation analysis: whether a program may change builtins, which invocations share |
//! | `lint` | all findings about code: constructs, missing builtins, a missing handler |
//! | `coverage` | inserts calls that tell which statements run |
//! | `missing_builtins` | the tables of globals and methods that njs does not have, by runtime |
//! | `source_index` | calls, property writes and names of a script by offset, which njs's error texts need |
//!
//! # Why two parsers
//!
//! `parser` follows njs of May 2023 (runtime 2.0) and what is known of njs 0.4.2 (runtime 1.0), because what a refusal
//! says depends on how njs came to the position. What it accepts is parsed by oxc as ECMAScript. That finds what only njs
//! would accept, proves that the code is a whole program that cannot leave the function it is put into, and gives the
//! tree that `mutation` and `lint` read.
//!
//! # Bounds
//!
//! Code may have any size and content; nesting is bounded by the parser, so that all recursion fits a stack of 2 MiB.

mod construct;
mod coverage;
mod early_error;
#[expect(
    clippy::wildcard_enum_match_arm,
    reason = "a tree has two hundred kinds of nodes; this looks for a few"
)]
mod lint;
mod missing_builtins;
#[expect(
    clippy::wildcard_enum_match_arm,
    reason = "a write that the analysis does not know counts as a mutation, an unknown expression as the program's own"
)]
mod mutation;
#[expect(
    clippy::wildcard_enum_match_arm,
    reason = "a tree has two hundred kinds of nodes; this looks for a few"
)]
mod names;
#[expect(
    clippy::wildcard_enum_match_arm,
    reason = "a grammar names the tokens it takes; all others are one error"
)]
mod parser;
mod prepare;
mod script;
mod source_index;

pub use coverage::Instrumented;
pub use early_error::{EarlyError, ErrorName};
pub use lint::{Finding, Severity, lint};
pub use missing_builtins::{Missing, missing_builtins};
pub use prepare::{Script, prepare};
pub use source_index::{Call, InExpression, PropertyWrite, SourceIndex};

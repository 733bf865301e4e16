//! Reads a function's code, refuses what CloudFront's engine, njs, does not have, and makes it ready for the engine.
//!
//! - [`admit`] decides whether code runs, with njs's own message where it does not.
//! - [`examine`] tells a person everything that stands against it.
//!
//! `reading` decides what is refused; it knows njs's grammar. What it takes is then parsed by oxc as ECMAScript, which
//! finds what no other engine would take, proves that the code is a whole program that cannot leave the function it is
//! put into, and gives the tree in which `tamper` looks for changes to what invocations share.
//!
//! The gate does not run code, and it does not look into what code computes.

mod builtins;
mod construct;
#[expect(
    clippy::wildcard_enum_match_arm,
    reason = "a tree has two hundred kinds of nodes; this looks for a few"
)]
mod examination;
#[expect(
    clippy::wildcard_enum_match_arm,
    reason = "a tree has two hundred kinds of nodes; this looks for a few"
)]
mod names;
mod program;
#[expect(
    clippy::wildcard_enum_match_arm,
    reason = "a grammar names the tokens it takes; all others are one error"
)]
mod reading;
mod refusal;
#[expect(
    clippy::wildcard_enum_match_arm,
    reason = "an expression that is not looked into gives a value of its own"
)]
mod sharing;
#[expect(clippy::wildcard_enum_match_arm, reason = "a write that is not known here counts as tampering")]
mod tamper;

use keyfront_domain::function::Runtime;
use oxc_allocator::Allocator;
use oxc_parser::{ParseOptions, Parser, ParserReturn};
use oxc_span::SourceType;

pub use examination::{Finding, Severity, examine};
pub use refusal::{ErrorName, Refusal};

use refusal::place;

/// Code that the runtime takes.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Program {
    /// A JavaScript function expression. Called with `require` it runs the code and gives its `handler`, or
    /// `undefined` where it has none; each call begins afresh. The first line of the code is its first line.
    pub factory: String,
    /// Whether the code may change what invocations share: built-in objects, their prototypes, the global object.
    pub tampers: bool,
}

/// Takes code, or says why the runtime does not.
///
/// The code may be of any size and content. A refusal is not an error of the caller's: CloudFront stores such code, and
/// each of its invocations fails with the refusal's text.
pub fn admit(code: &str, runtime: Runtime) -> Result<Program, Refusal> {
    judge(code, runtime).map_err(|(refusal, _)| refusal)
}

/// [`admit`], with the place of a refusal in bytes.
fn judge(code: &str, runtime: Runtime) -> Result<Program, (Refusal, usize)> {
    let read = reading::read(code, runtime).map_err(|fault| {
        let (_, column) = place(code, fault.at);
        let instead = fault.construct.map(construct::Construct::instead);
        let reading::Fault { error, message, line, names_line, at, .. } = fault;
        (Refusal { error, message, line, names_line, column, instead }, at)
    })?;
    let body = program::body(code, &read);
    let allocator = Allocator::default();
    let parsed = Parser::new(&allocator, &body, SourceType::script()).with_options(options()).parse();
    if let Some(refused) = strange(&body, &parsed) {
        return Err(refused);
    }
    Ok(Program { factory: program::factory(&body, &read.imports), tampers: tamper::tampers(&parsed.program) })
}

fn options() -> ParseOptions {
    ParseOptions { parse_regular_expression: true, ..ParseOptions::default() }
}

/// What to do about code that CloudFront takes and Keyfront does not.
const BY_THE_STANDARD: &str =
    "CloudFront's engine takes this, and Keyfront's does not. Write it as the ECMAScript standard has it.";

/// A place of oxc's in bytes.
fn bytes(offset: u32) -> usize {
    usize::try_from(offset).unwrap_or(usize::MAX)
}

/// Refuses what njs would take and no other engine does. It is nothing that anybody writes.
fn strange(code: &str, parsed: &ParserReturn<'_>) -> Option<(Refusal, usize)> {
    let first = parsed.diagnostics.first()?;
    let label = first.labels.first();
    let at = label.map_or(0, |label| bytes(label.offset()));
    let text = code.get(at..).unwrap_or_default();
    let length = label.map_or(0, |label| bytes(label.len())).min(text.len());
    let message = match text.get(..length).unwrap_or_default().lines().next() {
        None | Some("") => "Unexpected end of input".to_owned(),
        Some(token) => format!("Unexpected token \"{token}\""),
    };
    let (line, column) = place(code, at);
    let (error, instead) = (ErrorName::Syntax, Some(BY_THE_STANDARD));
    Some((Refusal { error, message, line, names_line: true, column, instead }, at))
}

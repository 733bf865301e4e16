//! Checks code against njs's grammar and prepares it for another engine.

use keyfront_domain::function::Runtime;
use oxc_allocator::Allocator;
use oxc_parser::{ParseOptions, Parser, ParserReturn};
use oxc_span::SourceType;

use crate::construct::Construct;
use crate::early_error::{EarlyError, ErrorName, position};
use crate::parser::{self, ParseError};
use crate::{mutation, script};

/// Code that the runtime accepts, ready for an engine.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Script {
    /// A JavaScript function expression. Called with `require` it runs the code and returns its `handler`, or
    /// `undefined` where it has none; each call begins afresh. The first line of the code is its first line.
    pub factory: String,
    /// Whether the code may change what invocations share: built-in objects, their prototypes, the global object.
    pub mutates_builtins: bool,
}

/// Prepares code, or says why the runtime refuses it.
///
/// The code may have any size and content. A refusal is not an error of the caller: CloudFront stores such code, and
/// each of its invocations fails with the refusal's text.
pub fn prepare(code: &str, runtime: Runtime) -> Result<Script, EarlyError> {
    check(code, runtime).map_err(|(error, _)| error)
}

/// [`prepare`], with the position of an error in bytes.
pub(crate) fn check(code: &str, runtime: Runtime) -> Result<Script, (EarlyError, usize)> {
    let syntax = parser::parse(code, runtime).map_err(|error| {
        let (_, column) = position(code, error.at);
        let instead = error.construct.map(Construct::instead);
        let ParseError { error, message, line, names_line, at, .. } = error;
        (EarlyError { error, message, line, names_line, column, instead }, at)
    })?;
    let body = script::body(code, &syntax);
    let allocator = Allocator::default();
    let parsed = Parser::new(&allocator, &body, SourceType::script()).with_options(options()).parse();
    if let Some(error) = accepted_by_njs_only(&body, &parsed) {
        return Err(error);
    }
    let mutates_builtins = mutation::mutates_builtins(&parsed.program);
    Ok(Script { factory: script::factory(&body, &syntax.imports), mutates_builtins })
}

fn options() -> ParseOptions {
    ParseOptions { parse_regular_expression: true, ..ParseOptions::default() }
}

/// What to do about code that CloudFront accepts and Keyfront does not.
const BY_THE_STANDARD: &str =
    "CloudFront's engine takes this, and Keyfront's does not. Write it as the ECMAScript standard has it.";

/// A position of oxc's in bytes.
fn bytes(offset: u32) -> usize {
    usize::try_from(offset).unwrap_or(usize::MAX)
}

/// Refuses what njs would accept and other engines do not. Such code does not occur in practice.
fn accepted_by_njs_only(code: &str, parsed: &ParserReturn<'_>) -> Option<(EarlyError, usize)> {
    let first = parsed.diagnostics.first()?;
    let label = first.labels.first();
    let at = label.map_or(0, |label| bytes(label.offset()));
    let text = code.get(at..).unwrap_or_default();
    let length = label.map_or(0, |label| bytes(label.len())).min(text.len());
    let message = match text.get(..length).unwrap_or_default().lines().next() {
        None | Some("") => "Unexpected end of input".to_owned(),
        Some(token) => format!("Unexpected token \"{token}\""),
    };
    let (line, column) = position(code, at);
    let (error, instead) = (ErrorName::Syntax, Some(BY_THE_STANDARD));
    Some((EarlyError { error, message, line, names_line: true, column, instead }, at))
}

//! Lints a function's code: everything that speaks against it, and what to write instead.

mod ancestors;
mod constructs;
mod enumeration;
mod missing_builtins;
mod stores;
mod undefined_names;
mod warnings;

use keyfront_domain::function::Runtime;
use oxc_allocator::Allocator;
use oxc_parser::Parser;
use oxc_span::SourceType;

use crate::construct::Construct;
use crate::early_error::position;
use crate::names::Names;
use crate::prepare;

/// The largest code that CloudFront takes, in bytes.
///
/// AWS: "Quotas on CloudFront Functions".
const MAX_CODE_BYTES: usize = 10_240;

/// The most stack that one byte of code can make the parser and the visitors need, generously.
const STACK_PER_BYTE: usize = 16 * 1024;

/// Size of code, in bytes, beyond which only the size and the first error are reported.
const MAX_LINTED_BYTES: usize = 4 * MAX_CODE_BYTES;

/// How bad a finding is.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug)]
pub enum Severity {
    /// CloudFront does not take the code, or no invocation of it can succeed.
    Refused,
    /// The code fails when it runs and reaches the position.
    FailsWhenItRuns,
    /// The code runs, and may not do what it seems to.
    Warning,
}

/// Something that speaks against a function's code.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Finding {
    /// How bad it is.
    pub severity: Severity,
    /// The line of the position, from 1.
    pub line: u32,
    /// The column of the position, in characters from 1.
    pub column: u32,
    /// What it is. For the first error it is what CloudFront says of the code.
    pub message: String,
    /// How to write it instead, where there is a way.
    pub instead: Option<&'static str>,
}

/// Everything that speaks against code, by position.
pub fn lint(code: &str, runtime: Runtime) -> Vec<Finding> {
    let mut findings = Vec::new();
    if code.len() > MAX_CODE_BYTES {
        findings.push(Finding {
            severity: Severity::Refused,
            line: 1,
            column: 1,
            message: format!("the code has {} bytes, and CloudFront takes {MAX_CODE_BYTES}", code.len()),
            instead: Some("Leave comments out, or run it through a minifier that writes ES5."),
        });
    }
    let refused = prepare::check(code, runtime).err();
    let first = refused.as_ref().map(|(error, at)| (error.instead, position(code, *at).0));
    findings.extend(refused.map(|(error, at)| {
        // The position and not the line that njs names, because a person looks for it.
        let (line, column) = position(code, at);
        let (message, instead) = (error.to_string(), error.instead);
        Finding { severity: Severity::Refused, line, column, message, instead }
    }));
    findings.extend(in_tree(code, runtime, first));
    findings.sort_by_key(|finding| (finding.line, finding.column, finding.severity));
    findings
}

/// The finding of the parser that refused the code: what to write instead, and the line. The walk over the tree finds
/// the same construct again, and leaves it out once.
type First = Option<(Option<&'static str>, u32)>;

/// What the tree of the code shows.
///
/// Code that is refused may be nested as deep as it has bytes, and parser and visitors recurse. They therefore get
/// a stack by the size of the code, of which only what is used becomes memory.
fn in_tree(code: &str, runtime: Runtime, first: First) -> Vec<Finding> {
    if code.len() > MAX_LINTED_BYTES {
        return Vec::new();
    }
    std::thread::scope(|scope| {
        std::thread::Builder::new()
            .stack_size(1024 * 1024 + code.len() * STACK_PER_BYTE)
            .spawn_scoped(scope, || walk(code, runtime, first))
            .ok()
            .and_then(|thread| thread.join().ok())
            .unwrap_or_default()
    })
}

fn walk(code: &str, runtime: Runtime, first: First) -> Vec<Finding> {
    if let Some(finding) = typescript(code) {
        return vec![finding];
    }
    let allocator = Allocator::default();
    let parsed = Parser::new(&allocator, code, SourceType::mjs()).parse();
    if parsed.panicked {
        return Vec::new();
    }
    let names = Names::of(&parsed.program);
    let mut findings = Vec::new();
    let mut add = |severity, at, message, instead| {
        let (line, column) = position(code, at);
        findings.push(Finding { severity, line, column, message, instead });
    };
    let is_refused = first.is_some();
    let mut first = first;
    for (construct, at) in constructs::in_program(&parsed.program, runtime) {
        let line = position(code, at).0;
        if first.take_if(|(instead, of)| *instead == Some(construct.instead()) && *of == line).is_some() {
            continue;
        }
        // The engine overlooks it behind another call among the arguments, and goes astray when it runs.
        let overlooked = construct == Construct::AwaitInArguments && !is_refused;
        let severity = if overlooked { Severity::FailsWhenItRuns } else { Severity::Refused };
        add(severity, at, format!("{} not supported", construct.title()), Some(construct.instead()));
    }
    for missing in missing_builtins::in_program(&parsed.program, &names, runtime) {
        add(Severity::FailsWhenItRuns, missing.at, missing.message, missing.instead);
    }
    for name in undefined_names::in_program(&parsed.program, &names, runtime) {
        add(name.severity, name.at, name.message, Some(name.instead));
    }
    for warning in warnings::in_program(&parsed.program, &names) {
        add(warning.severity, warning.at, warning.message, Some(warning.instead));
    }
    for at in enumeration::in_program(&parsed.program) {
        add(Severity::Warning, at, ENUMERATION.to_owned(), Some(SORT));
    }
    if !names.defines_global("handler") {
        add(
            Severity::Refused,
            0,
            "the code does not define a function named handler".to_owned(),
            Some(HANDLER),
        );
    }
    findings
}

const HANDLER: &str = "Declare it at the top of the code: function handler(event) { return event.request; }.";

const ENUMERATION: &str = "CloudFront goes through the members of an object that has more than 10 in another order than that of the code";
const SORT: &str = "Sort the keys, or use an array where the order matters.";

/// Code that is TypeScript and not JavaScript, at the first position that shows it.
fn typescript(code: &str) -> Option<Finding> {
    let allocator = Allocator::default();
    let javascript = Parser::new(&allocator, code, SourceType::mjs()).parse();
    let at = javascript.diagnostics.first()?.labels.first().map_or(0, oxc_span::LabeledSpan::offset);
    let typescript = Parser::new(&allocator, code, SourceType::ts()).parse();
    if typescript.panicked || !typescript.diagnostics.is_empty() {
        return None;
    }
    let (line, column) = position(code, usize::try_from(at).unwrap_or(0));
    Some(Finding {
        severity: Severity::Refused,
        line,
        column,
        message: "the code is TypeScript, which CloudFront does not run".to_owned(),
        instead: Some("Build it first: keyfront fn build FILE.ts -o function.js."),
    })
}

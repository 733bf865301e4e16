//! Reads code as njs reads it, to refuse what njs refuses, with its message and its line.
//!
//! This follows the grammar of njs 0.7.9 and not that of ECMAScript: njs has a grammar of its own, and what it says
//! about code that it refuses depends on how it came to the place. It decides only whether njs takes the code. It
//! builds no tree; whoever wants one parses the code, once it is known that njs takes it.
//!
//! The parser descends by recursion and bounds how deep.

mod declaration;
mod escape;
mod expression;
mod flow;
mod function;
mod lexer;
mod literal;
mod number;
mod object;
mod regexp;
mod repetition;
mod scope;
mod statement;
mod token;

use std::ops::Range;

use keyfront_domain::function::Runtime;

use self::flow::Flow;
use self::lexer::Lexer;
use self::scope::{Declaration, Scopes, Taken};
use self::token::{Kind, Token};
use super::construct::Construct;
use super::refusal::ErrorName;

/// How deep code may be nested: functions, blocks, brackets and operators within each other, each [`Level::Nested`],
/// and rows of operators and of `else if`, which make deep trees, too. The parsers behind this one recurse; a test
/// shows that they fit a stack of 2 MB. What people write stays below a tenth of it, and a row of three thousand
/// operators is nothing that fits 10,240 bytes, the most that CloudFront takes, unless it is made to.
const MAX_DEPTH: usize = 3200;

/// What a level costs of [`MAX_DEPTH`], by the stack that it needs.
#[derive(Clone, Copy)]
enum Level {
    /// One thing within another.
    Nested,
    /// One more `else if`.
    Branch,
    /// One more operator, member or call in a row.
    Row,
}

impl Level {
    fn cost(self) -> usize {
        match self {
            Level::Nested => 8,
            Level::Branch => 2,
            Level::Row => 1,
        }
    }
}

/// Why njs refuses code.
#[derive(Clone, PartialEq, Eq, Debug)]
pub(super) struct Fault {
    pub(super) error: ErrorName,
    pub(super) message: String,
    /// The line that njs names.
    pub(super) line: u32,
    /// Whether njs's text has the line in it.
    pub(super) names_line: bool,
    /// The place in the code, in bytes.
    pub(super) at: usize,
    /// The part of the language that is at fault, where it is one.
    pub(super) construct: Option<Construct>,
}

/// A fault on its way out of the parser. It is boxed, because it is a part of every frame of the recursion.
struct Stop(Box<Fault>);

impl Stop {
    /// Names the construct at fault, unless it is known more exactly.
    fn blaming(mut self, construct: Construct) -> Stop {
        self.0.construct = self.0.construct.or(Some(construct));
        self
    }
}

/// An import statement.
#[derive(Clone, PartialEq, Eq, Debug)]
pub(super) struct Import {
    /// Where the statement stands.
    pub(super) range: Range<usize>,
    /// The name that the module gets.
    pub(super) name: String,
    /// The module.
    pub(super) module: String,
}

/// A place where other engines see other tokens than njs does.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(super) enum Difference {
    /// A character that ends a line elsewhere and is a space in njs, or a part of a comment: where it stands, and
    /// how long it is.
    LineEnd(usize, usize),
    /// The place within `<!--` or `-->` where a space keeps it from being a comment.
    HtmlComment(usize),
}

/// What there is to know about code that njs takes.
#[derive(Debug)]
pub(super) struct Read {
    /// Its import statements.
    pub(super) imports: Vec<Import>,
    /// Where other engines would see other tokens.
    pub(super) differences: Vec<Difference>,
}

/// Reads code; the error is the first that njs would report.
pub(super) fn read(code: &str, runtime: Runtime) -> Result<Read, Fault> {
    let mut reader = Reader {
        lexer: Lexer::new(code, runtime),
        runtime,
        scopes: Scopes::new(),
        flow: Flow::default(),
        imports: Vec::new(),
        lenient: None,
        depth: 0,
    };
    reader.program().map_err(|stop| *stop.0)?;
    match reader.flow.into_first().or(reader.lenient.map(|stop| *stop.0)) {
        Some(fault) => Err(fault),
        None => Ok(Read { imports: reader.imports, differences: reader.lexer.into_differences() }),
    }
}

type Parsed<T> = Result<T, Stop>;

struct Reader<'c> {
    lexer: Lexer<'c>,
    runtime: Runtime,
    scopes: Scopes<'c>,
    flow: Flow<'c>,
    imports: Vec<Import>,
    /// What everybody but njs refuses in code that njs takes so far.
    lenient: Option<Stop>,
    depth: usize,
}

impl<'c> Reader<'c> {
    fn kind(&mut self) -> Kind {
        self.lexer.current().kind
    }

    fn is(&mut self, kind: Kind) -> bool {
        self.kind() == kind
    }

    /// Consumes the current token if it is of a kind.
    fn take(&mut self, kind: Kind) -> bool {
        let is = self.is(kind);
        if is {
            self.lexer.consume();
        }
        is
    }

    fn expect(&mut self, kind: Kind) -> Parsed<()> {
        if self.take(kind) { Ok(()) } else { Err(self.unexpected()) }
    }

    fn text(&self, token: Token) -> &'c str {
        self.lexer.text(token.range())
    }

    /// "Unexpected token" about the current one.
    fn unexpected(&mut self) -> Stop {
        let token = self.lexer.current();
        let message = match token.kind {
            Kind::End => "Unexpected end of input".to_owned(),
            _ => format!("Unexpected token \"{}\"", self.text(token)),
        };
        let mut fault = self.fault_at(message, token.at);
        fault.0.construct = self.suspect(token);
        fault
    }

    /// The construct that an unexpected token gives away.
    fn suspect(&self, token: Token) -> Option<Construct> {
        let text = self.text(token);
        let before = self.lexer.text(0..token.at);
        let behind_digit = before.ends_with(|last: char| last.is_ascii_hexdigit());
        let is_first = self.runtime == Runtime::Js1;
        let before = before.trim_end();
        match token.kind {
            Kind::Name if behind_digit && text == "n" => Some(Construct::BigInt),
            Kind::Name if behind_digit && text.starts_with('_') => Some(Construct::NumericSeparator),
            Kind::Word(_) if is_first && matches!(text, "let" | "const") => Some(Construct::ConstOrLet),
            Kind::Word(_) if is_first && text == "await" => Some(Construct::AsyncFunction),
            Kind::Arrow if before.ends_with(')') => Some(Construct::ArrowParameters),
            Kind::Name | Kind::Word(_) | Kind::Arrow if before.ends_with("async") && is_first => {
                Some(Construct::AsyncFunction)
            }
            _ => None,
        }
    }

    /// The current token belongs to a part of the language that njs knows and does not have.
    fn not_supported(&mut self) -> Stop {
        let token = self.lexer.current();
        let message = match token.kind {
            Kind::End => "Not supported in this version".to_owned(),
            _ => format!("Token \"{}\" not supported in this version", self.text(token)),
        };
        self.fault_at(message, token.at)
    }

    /// An error that names the line that has been reached, at the current token.
    fn fault(&mut self, message: impl Into<String>) -> Stop {
        let at = self.lexer.current().at;
        self.fault_at(message, at)
    }

    fn fault_at(&self, message: impl Into<String>, at: usize) -> Stop {
        self.fault_of(ErrorName::Syntax, message.into(), at)
    }

    /// An error of the second pass.
    fn late_fault(message: String, token: Token, names_line: bool) -> Fault {
        let Token { at, line, .. } = token;
        Fault { error: ErrorName::Syntax, message, line, names_line, at, construct: None }
    }

    fn reference_fault(&self, message: impl Into<String>, at: usize) -> Stop {
        self.fault_of(ErrorName::Reference, message.into(), at)
    }

    fn fault_of(&self, error: ErrorName, message: String, at: usize) -> Stop {
        let line = self.lexer.line();
        Stop(Box::new(Fault { error, message, line, names_line: true, at, construct: None }))
    }

    /// Declares a name of the code.
    fn declare(&mut self, name: Token, declaration: Declaration) -> Parsed<()> {
        let text = self.text(name);
        self.scopes
            .declare(text, declaration)
            .map_err(|Taken| self.fault_at(format!("\"{text}\" has already been declared"), name.at))
    }

    /// Parses something within something else.
    fn nested<T>(&mut self, parse: impl FnOnce(&mut Self) -> Parsed<T>) -> Parsed<T> {
        self.at_level(Level::Nested, parse)
    }

    fn at_level<T>(&mut self, level: Level, parse: impl FnOnce(&mut Self) -> Parsed<T>) -> Parsed<T> {
        let depth = self.depth;
        self.descend(level)?;
        let parsed = parse(self);
        self.depth = depth;
        parsed
    }

    /// One level more, until the caller takes it back.
    fn descend(&mut self, level: Level) -> Parsed<()> {
        self.depth += level.cost();
        if self.depth > MAX_DEPTH {
            return Err(self.fault("The code is nested too deeply"));
        }
        Ok(())
    }

    fn program(&mut self) -> Parsed<()> {
        while !self.is(Kind::End) {
            self.statement_list_item()?;
        }
        Ok(())
    }
}

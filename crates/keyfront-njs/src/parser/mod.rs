//! Parser for njs's grammar: refuses what njs refuses, with its message and its line.
//!
//! This follows the grammar of njs 0.7.9 and not that of ECMAScript: njs has a grammar of its own, and what it says
//! about code that it refuses depends on how it came to the position. The parser decides only whether njs accepts the
//! code. It builds no tree; oxc does, once it is known that njs accepts the code.
//!
//! The parser descends by recursion and bounds how deep.

mod control_flow;
mod declaration;
mod escape;
mod expression;
mod function;
mod lexer;
mod literal;
mod loops;
mod number;
mod object;
mod regexp;
mod scope;
mod statement;
mod token;

use std::ops::Range;

use keyfront_domain::function::Runtime;

use self::control_flow::ControlFlow;
use self::lexer::Lexer;
use self::scope::{Declaration, Redeclared, Scopes};
use self::token::{Token, TokenKind};
use crate::construct::Construct;
use crate::early_error::ErrorName;

/// How deep code may be nested: functions, blocks, brackets and operators within each other, each [`Nesting::Nested`],
/// and rows of operators and of `else if`, which make deep trees, too. The parsers behind this one recurse; a test
/// shows that they fit a stack of 2 MB. What people write stays below a tenth of it; only code
/// made for the purpose has three thousand operators in a row within 10,240 bytes, the most that CloudFront accepts.
const MAX_DEPTH: usize = 3200;

/// What a level costs of [`MAX_DEPTH`], by the stack that it needs.
#[derive(Clone, Copy)]
enum Nesting {
    /// A function, block, bracket or operator within another.
    Nested,
    /// One more `else if` of a chain.
    Branch,
    /// One more operator, member or call of a chain on one level, such as `a + b + c` or `a.b.c`.
    Row,
}

impl Nesting {
    fn cost(self) -> usize {
        match self {
            Nesting::Nested => 8,
            Nesting::Branch => 2,
            Nesting::Row => 1,
        }
    }
}

/// Why njs refuses code.
#[derive(Clone, PartialEq, Eq, Debug)]
pub(super) struct ParseError {
    pub(super) error: ErrorName,
    pub(super) message: String,
    /// The line that njs names.
    pub(super) line: u32,
    /// Whether njs's text has the line in it.
    pub(super) names_line: bool,
    /// The position in the code, in bytes.
    pub(super) at: usize,
    /// The construct that caused it, where it is one.
    pub(super) construct: Option<Construct>,
}

/// An error on its way out of the parser. It is boxed, because it is a part of every frame of the recursion.
struct BoxedError(Box<ParseError>);

impl BoxedError {
    /// Names the construct that caused the error, unless a more exact one is known.
    fn with_construct(mut self, construct: Construct) -> BoxedError {
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

/// A position where other engines see other tokens than njs does.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(super) enum TokenDifference {
    /// A character that ends a line elsewhere and is a space in njs, or a part of a comment: where it stands, and
    /// how long it is.
    LineEnd(usize, usize),
    /// The position within `<!--` or `-->` where a space keeps it from being a comment.
    HtmlComment(usize),
}

/// What the parser knows about code that njs accepts.
#[derive(Debug)]
pub(super) struct Syntax {
    /// Its import statements.
    pub(super) imports: Vec<Import>,
    /// Where other engines would see other tokens.
    pub(super) differences: Vec<TokenDifference>,
}

/// Parses code; the error is the first that njs would report.
pub(super) fn parse(code: &str, runtime: Runtime) -> Result<Syntax, ParseError> {
    let mut parser = Parser {
        lexer: Lexer::new(code, runtime),
        runtime,
        scopes: Scopes::new(),
        flow: ControlFlow::default(),
        imports: Vec::new(),
        accepted_by_njs_only: None,
        depth: 0,
    };
    parser.program().map_err(|error| *error.0)?;
    match parser.flow.into_first().or(parser.accepted_by_njs_only.map(|error| *error.0)) {
        Some(error) => Err(error),
        None => Ok(Syntax { imports: parser.imports, differences: parser.lexer.into_differences() }),
    }
}

type ParseResult<T> = Result<T, BoxedError>;

struct Parser<'c> {
    lexer: Lexer<'c>,
    runtime: Runtime,
    scopes: Scopes<'c>,
    flow: ControlFlow<'c>,
    imports: Vec<Import>,
    /// The first error that only njs overlooks, in code that njs accepts so far.
    accepted_by_njs_only: Option<BoxedError>,
    depth: usize,
}

impl<'c> Parser<'c> {
    fn kind(&mut self) -> TokenKind {
        self.lexer.current().kind
    }

    fn is(&mut self, kind: TokenKind) -> bool {
        self.kind() == kind
    }

    /// Consumes the current token if it is of a kind.
    fn take(&mut self, kind: TokenKind) -> bool {
        let is = self.is(kind);
        if is {
            self.lexer.consume();
        }
        is
    }

    fn expect(&mut self, kind: TokenKind) -> ParseResult<()> {
        if self.take(kind) { Ok(()) } else { Err(self.unexpected()) }
    }

    fn text(&self, token: Token) -> &'c str {
        self.lexer.text(token.range())
    }

    /// "Unexpected token" about the current one.
    fn unexpected(&mut self) -> BoxedError {
        let token = self.lexer.current();
        let message = match token.kind {
            TokenKind::End => "Unexpected end of input".to_owned(),
            _ => format!("Unexpected token \"{}\"", self.text(token)),
        };
        let mut error = self.error_at(message, token.at);
        error.0.construct = self.guess_construct(token);
        error
    }

    /// The construct that an unexpected token gives away.
    fn guess_construct(&self, token: Token) -> Option<Construct> {
        let text = self.text(token);
        let before = self.lexer.text(0..token.at);
        let behind_digit = before.ends_with(|last: char| last.is_ascii_hexdigit());
        let is_first = self.runtime == Runtime::Js1;
        let before = before.trim_end();
        match token.kind {
            TokenKind::Name if behind_digit && text == "n" => Some(Construct::BigInt),
            TokenKind::Name if behind_digit && text.starts_with('_') => Some(Construct::NumericSeparator),
            TokenKind::Word(_) if is_first && matches!(text, "let" | "const") => Some(Construct::ConstOrLet),
            TokenKind::Word(_) if is_first && text == "await" => Some(Construct::AsyncFunction),
            TokenKind::Arrow if before.ends_with(')') => Some(Construct::ArrowParameters),
            TokenKind::Name | TokenKind::Word(_) | TokenKind::Arrow
                if before.ends_with("async") && is_first =>
            {
                Some(Construct::AsyncFunction)
            }
            _ => None,
        }
    }

    /// The current token belongs to a part of the language that njs knows and does not have.
    fn not_supported(&mut self) -> BoxedError {
        let token = self.lexer.current();
        let message = match token.kind {
            TokenKind::End => "Not supported in this version".to_owned(),
            _ => format!("Token \"{}\" not supported in this version", self.text(token)),
        };
        self.error_at(message, token.at)
    }

    /// An error that names the line that has been reached, at the current token.
    fn error(&mut self, message: impl Into<String>) -> BoxedError {
        let at = self.lexer.current().at;
        self.error_at(message, at)
    }

    fn error_at(&self, message: impl Into<String>, at: usize) -> BoxedError {
        self.error_of(ErrorName::Syntax, message.into(), at)
    }

    /// An error of the second pass.
    fn late_error(message: String, token: Token, names_line: bool) -> ParseError {
        let Token { at, line, .. } = token;
        ParseError { error: ErrorName::Syntax, message, line, names_line, at, construct: None }
    }

    fn reference_error(&self, message: impl Into<String>, at: usize) -> BoxedError {
        self.error_of(ErrorName::Reference, message.into(), at)
    }

    fn error_of(&self, error: ErrorName, message: String, at: usize) -> BoxedError {
        let line = self.lexer.line();
        BoxedError(Box::new(ParseError { error, message, line, names_line: true, at, construct: None }))
    }

    /// Declares a name of the code.
    fn declare(&mut self, name: Token, declaration: Declaration) -> ParseResult<()> {
        let text = self.text(name);
        self.scopes
            .declare(text, declaration)
            .map_err(|Redeclared| self.error_at(format!("\"{text}\" has already been declared"), name.at))
    }

    /// Parses something within something else.
    fn nested<T>(&mut self, parse: impl FnOnce(&mut Self) -> ParseResult<T>) -> ParseResult<T> {
        self.at_level(Nesting::Nested, parse)
    }

    fn at_level<T>(
        &mut self,
        level: Nesting,
        parse: impl FnOnce(&mut Self) -> ParseResult<T>,
    ) -> ParseResult<T> {
        let depth = self.depth;
        self.descend(level)?;
        let parsed = parse(self);
        self.depth = depth;
        parsed
    }

    /// One level more, until the caller takes it back.
    fn descend(&mut self, level: Nesting) -> ParseResult<()> {
        self.depth += level.cost();
        if self.depth > MAX_DEPTH {
            return Err(self.error("The code is nested too deeply"));
        }
        Ok(())
    }

    fn program(&mut self) -> ParseResult<()> {
        while !self.is(TokenKind::End) {
            self.statement_list_item()?;
        }
        Ok(())
    }
}

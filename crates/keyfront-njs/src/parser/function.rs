//! Parses functions: declarations, expressions, arrows, methods.

use super::expression::Node;
use super::scope::{Declaration, Extent, Redeclared};
use super::token::{TokenKind, Word};
use super::{ParseResult, Parser};
use crate::construct::Construct;

impl Parser<'_> {
    /// A declaration, at `function`; behind `async`, if there is one.
    pub(super) fn function_declaration(&mut self, is_async: bool) -> ParseResult<()> {
        self.lexer.consume();
        let name = self.lexer.current();
        if !name.kind.is_binding() {
            let error = self.unexpected();
            return Err(if name.kind == TokenKind::Star {
                error.with_construct(Construct::Generator)
            } else {
                error
            });
        }
        if name.kind.is_restricted() {
            let message = format!("Identifier \"{}\" is forbidden in function declaration", self.text(name));
            return Err(self.error(message));
        }
        self.lexer.consume();
        self.expect(TokenKind::OpenParen)?;
        self.declare(name, Declaration::Function)?;
        self.scopes.begin(Extent::Function, is_async, false);
        self.parameters_and_body().map(|_| ())
    }

    /// An expression, at `function`.
    pub(super) fn function_expression(&mut self, is_async: bool) -> ParseResult<Node> {
        let is_generator = self.lexer.peek(1).kind == TokenKind::Star;
        self.lexer.consume();
        if is_generator {
            return Err(self.not_supported().with_construct(Construct::Generator));
        }
        self.scopes.begin(Extent::Function, is_async, false);
        let name = self.lexer.current();
        if name.kind.is_binding() {
            self.lexer.consume();
        }
        self.expect(TokenKind::OpenParen)?;
        if name.kind.is_binding() {
            let text = self.text(name);
            self.scopes.declare_own_name(text);
        }
        self.parameters_and_body()?;
        Ok(Node::Other)
    }

    /// The rest of a method, behind the parenthesis: the number of its parameters.
    pub(super) fn lambda(&mut self, is_async: bool) -> ParseResult<usize> {
        self.scopes.begin(Extent::Function, is_async, false);
        self.parameters_and_body()
    }

    fn parameters_and_body(&mut self) -> ParseResult<usize> {
        let count = self.parameters()?;
        if self.is(TokenKind::Assign) {
            return Err(self.unexpected().with_construct(Construct::DefaultParameter));
        }
        self.expect(TokenKind::CloseParen)?;
        self.expect(TokenKind::OpenBrace)?;
        self.body()?;
        Ok(count)
    }

    /// The statements of a function, and the end of its scope.
    fn body(&mut self) -> ParseResult<()> {
        self.flow.begin_function();
        self.nested(|parser| parser.statements(TokenKind::CloseBrace))?;
        self.flow.end_function();
        self.scopes.end();
        self.lexer.consume();
        Ok(())
    }

    /// Parameters, without the parentheses. The caller handles what follows them.
    fn parameters(&mut self) -> ParseResult<usize> {
        let mut count = 0;
        let mut has_rest = false;
        loop {
            match self.kind() {
                TokenKind::Ellipsis => {
                    if has_rest {
                        return Err(self.unexpected());
                    }
                    self.lexer.consume();
                    if !self.kind().is_binding() {
                        return Err(self.unexpected());
                    }
                    has_rest = true;
                }
                TokenKind::OpenBrace | TokenKind::OpenBracket => {
                    return Err(self.not_supported().with_construct(Construct::Destructuring));
                }
                kind if kind.is_binding() => {
                    self.parameter()?;
                    count += 1;
                    if !self.is(TokenKind::Comma) {
                        return Ok(count);
                    }
                    if has_rest {
                        return Err(self.error("Rest parameter must be last formal parameter"));
                    }
                    self.lexer.consume();
                }
                _ => return Ok(count),
            }
        }
    }

    /// Whether an arrow function begins here. njs looks ahead through its parameters.
    pub(super) fn is_arrow_function(&mut self) -> bool {
        let mut index = 0;
        if self.is(TokenKind::Word(Word::Async)) {
            let next = self.lexer.peek_raw(0).kind;
            // Behind a line end `async` is a name, and njs looks no further.
            if next == TokenKind::LineEnd {
                return false;
            }
            index = 1;
        }
        let first = self.lexer.peek(index).kind;
        if first == TokenKind::OpenParen {
            index += 1;
            let mut has_rest = false;
            while self.lexer.peek(index).kind != TokenKind::CloseParen {
                if has_rest {
                    return false;
                }
                if self.lexer.peek(index).kind == TokenKind::Ellipsis {
                    has_rest = true;
                    index += 1;
                }
                if !self.lexer.peek(index).kind.is_binding() {
                    return false;
                }
                index += 1;
                if self.lexer.peek(index).kind == TokenKind::Comma {
                    index += 1;
                }
            }
        } else if !first.is_binding() {
            return false;
        }
        self.lexer.peek_raw(index).kind == TokenKind::Arrow
    }

    pub(super) fn arrow_function(&mut self) -> ParseResult<Node> {
        let is_async = self.take(TokenKind::Word(Word::Async));
        self.scopes.begin(Extent::Function, is_async, true);
        if self.take(TokenKind::OpenParen) {
            self.parameters()?;
            self.expect(TokenKind::CloseParen)?;
        } else {
            self.parameter()?;
        }
        self.expect(TokenKind::Arrow)?;
        if self.take(TokenKind::OpenBrace) {
            return self.body().map(|()| Node::Other);
        }
        self.flow.begin_function();
        self.assignment()?;
        self.flow.end_function();
        self.scopes.end();
        Ok(Node::Other)
    }

    /// Declares the current token as a parameter.
    fn parameter(&mut self) -> ParseResult<()> {
        let name = self.lexer.current();
        let text = self.text(name);
        if let Err(Redeclared) = self.scopes.declare_parameter(text) {
            return Err(self.error("Duplicate parameter names"));
        }
        self.lexer.consume();
        Ok(())
    }
}

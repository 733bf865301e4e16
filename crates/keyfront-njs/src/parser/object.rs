//! Object literals.

use super::expression::Node;
use super::token::{Token, TokenKind, Word};
use super::{ParseResult, Parser};
use crate::construct::Construct;

impl Parser<'_> {
    pub(super) fn object(&mut self) -> ParseResult<Node> {
        self.lexer.consume();
        let mut has_prototype = false;
        loop {
            self.property(&mut has_prototype)?;
            if !self.take(TokenKind::Comma) {
                break;
            }
        }
        self.expect(TokenKind::CloseBrace)?;
        Ok(Node::Literal)
    }

    fn property(&mut self, has_prototype: &mut bool) -> ParseResult<()> {
        let name = self.lexer.current();
        match name.kind {
            TokenKind::CloseBrace => Ok(()),
            TokenKind::Text | TokenKind::EscapedText | TokenKind::Number => match self.lexer.peek(1).kind {
                TokenKind::Colon => self.value(name, has_prototype),
                TokenKind::OpenParen => self.method(false),
                _ => {
                    self.lexer.consume();
                    Err(self.unexpected())
                }
            },
            TokenKind::OpenBracket => self.computed(),
            TokenKind::Ellipsis => Err(self.not_supported().with_construct(Construct::Spread)),
            TokenKind::Star => Err(self.unexpected().with_construct(Construct::Generator)),
            TokenKind::Word(Word::Async) => self.async_property(name, has_prototype),
            kind if kind.is_identifier_name() => self.named(name, has_prototype),
            _ => Err(self.unexpected()),
        }
    }

    /// `name: value`
    fn value(&mut self, name: Token, has_prototype: &mut bool) -> ParseResult<()> {
        self.check_name(name)?;
        self.lexer.consume();
        self.lexer.consume();
        self.assignment()?;
        if name.kind != TokenKind::Number && self.text(name) == "__proto__" {
            if *has_prototype {
                return Err(self.error("Duplicate __proto__ fields are not allowed in object literals"));
            }
            *has_prototype = true;
        }
        Ok(())
    }

    fn check_name(&self, name: Token) -> ParseResult<()> {
        if name.kind == TokenKind::EscapedText { self.check_escapes(name) } else { Ok(()) }
    }

    /// `[name]: value` and `[name]() {}`
    fn computed(&mut self) -> ParseResult<()> {
        self.lexer.consume();
        self.assignment()?;
        self.expect(TokenKind::CloseBracket)?;
        if self.take(TokenKind::Colon) {
            self.assignment()?;
            return Ok(());
        }
        self.expect(TokenKind::OpenParen)?;
        self.lambda(false).map(|_| ())
    }

    fn async_property(&mut self, name: Token, has_prototype: &mut bool) -> ParseResult<()> {
        let next = self.lexer.peek(1).kind;
        if next == TokenKind::OpenBracket {
            self.lexer.consume();
            self.lexer.consume();
            self.assignment()?;
            self.expect(TokenKind::CloseBracket)?;
            self.expect(TokenKind::OpenParen)?;
            return self.lambda(true).map(|_| ());
        }
        if next == TokenKind::Colon {
            return self.value(name, has_prototype);
        }
        if !next.is_identifier_name() {
            return Err(self.unexpected());
        }
        let is_method = self.lexer.peek(2).kind == TokenKind::OpenParen;
        self.lexer.consume();
        if is_method { self.method(true) } else { Err(self.unexpected()) }
    }

    fn method(&mut self, is_async: bool) -> ParseResult<()> {
        let name = self.lexer.current();
        self.check_name(name)?;
        self.lexer.consume();
        self.expect(TokenKind::OpenParen)?;
        self.lambda(is_async).map(|_| ())
    }

    fn named(&mut self, name: Token, has_prototype: &mut bool) -> ParseResult<()> {
        match self.lexer.peek(1).kind {
            TokenKind::Colon => return self.value(name, has_prototype),
            TokenKind::OpenParen => return self.method(false),
            _ => {}
        }
        if name.kind.is_reserved() {
            self.lexer.consume();
            return Err(self.unexpected());
        }
        match self.text(name) {
            "get" => self.accessor(0, "Getter must not have any formal parameters"),
            "set" => self.accessor(1, "Setter must have exactly one formal parameter"),
            _ => self.shorthand(),
        }
    }

    fn shorthand(&mut self) -> ParseResult<()> {
        self.reference()?;
        if self.is(TokenKind::Assign) {
            return Err(self.not_supported().with_construct(Construct::Destructuring));
        }
        Ok(())
    }

    fn accessor(&mut self, parameters: usize, error: &str) -> ParseResult<()> {
        let name = self.lexer.peek(1);
        if name.kind == TokenKind::OpenBracket {
            self.lexer.consume();
            self.lexer.consume();
            self.assignment()?;
            self.expect(TokenKind::CloseBracket)?;
        } else if name.kind.is_identifier_name()
            || matches!(name.kind, TokenKind::Text | TokenKind::EscapedText | TokenKind::Number)
        {
            self.check_name(name)?;
            self.lexer.consume();
            self.lexer.consume();
        } else {
            return self.shorthand();
        }
        self.expect(TokenKind::OpenParen)?;
        if self.lambda(false)? == parameters { Ok(()) } else { Err(self.error(error)) }
    }
}

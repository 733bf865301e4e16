//! Object literals.

use super::super::construct::Construct;
use super::expression::Node;
use super::token::{Kind, Token, Word};
use super::{Parsed, Reader};

impl Reader<'_> {
    pub(super) fn object(&mut self) -> Parsed<Node> {
        self.lexer.consume();
        let mut has_prototype = false;
        loop {
            self.property(&mut has_prototype)?;
            if !self.take(Kind::Comma) {
                break;
            }
        }
        self.expect(Kind::CloseBrace)?;
        Ok(Node::Literal)
    }

    fn property(&mut self, has_prototype: &mut bool) -> Parsed<()> {
        let name = self.lexer.current();
        match name.kind {
            Kind::CloseBrace => Ok(()),
            Kind::Text | Kind::EscapedText | Kind::Number => match self.lexer.peek(1).kind {
                Kind::Colon => self.value(name, has_prototype),
                Kind::OpenParen => self.method(false),
                _ => {
                    self.lexer.consume();
                    Err(self.unexpected())
                }
            },
            Kind::OpenBracket => self.computed(),
            Kind::Ellipsis => Err(self.not_supported().blaming(Construct::Spread)),
            Kind::Star => Err(self.unexpected().blaming(Construct::Generator)),
            Kind::Word(Word::Async) => self.async_property(name, has_prototype),
            kind if kind.is_identifier_name() => self.named(name, has_prototype),
            _ => Err(self.unexpected()),
        }
    }

    /// `name: value`
    fn value(&mut self, name: Token, has_prototype: &mut bool) -> Parsed<()> {
        self.check_name(name)?;
        self.lexer.consume();
        self.lexer.consume();
        self.assignment()?;
        if name.kind != Kind::Number && self.text(name) == "__proto__" {
            if *has_prototype {
                return Err(self.fault("Duplicate __proto__ fields are not allowed in object literals"));
            }
            *has_prototype = true;
        }
        Ok(())
    }

    fn check_name(&self, name: Token) -> Parsed<()> {
        if name.kind == Kind::EscapedText { self.check_escapes(name) } else { Ok(()) }
    }

    /// `[name]: value` and `[name]() {}`
    fn computed(&mut self) -> Parsed<()> {
        self.lexer.consume();
        self.assignment()?;
        self.expect(Kind::CloseBracket)?;
        if self.take(Kind::Colon) {
            self.assignment()?;
            return Ok(());
        }
        self.expect(Kind::OpenParen)?;
        self.lambda(false).map(|_| ())
    }

    fn async_property(&mut self, name: Token, has_prototype: &mut bool) -> Parsed<()> {
        let next = self.lexer.peek(1).kind;
        if next == Kind::OpenBracket {
            self.lexer.consume();
            self.lexer.consume();
            self.assignment()?;
            self.expect(Kind::CloseBracket)?;
            self.expect(Kind::OpenParen)?;
            return self.lambda(true).map(|_| ());
        }
        if next == Kind::Colon {
            return self.value(name, has_prototype);
        }
        if !next.is_identifier_name() {
            return Err(self.unexpected());
        }
        let is_method = self.lexer.peek(2).kind == Kind::OpenParen;
        self.lexer.consume();
        if is_method { self.method(true) } else { Err(self.unexpected()) }
    }

    fn method(&mut self, is_async: bool) -> Parsed<()> {
        let name = self.lexer.current();
        self.check_name(name)?;
        self.lexer.consume();
        self.expect(Kind::OpenParen)?;
        self.lambda(is_async).map(|_| ())
    }

    fn named(&mut self, name: Token, has_prototype: &mut bool) -> Parsed<()> {
        match self.lexer.peek(1).kind {
            Kind::Colon => return self.value(name, has_prototype),
            Kind::OpenParen => return self.method(false),
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

    fn shorthand(&mut self) -> Parsed<()> {
        self.reference()?;
        if self.is(Kind::Assign) {
            return Err(self.not_supported().blaming(Construct::Destructuring));
        }
        Ok(())
    }

    fn accessor(&mut self, parameters: usize, complaint: &str) -> Parsed<()> {
        let name = self.lexer.peek(1);
        if name.kind == Kind::OpenBracket {
            self.lexer.consume();
            self.lexer.consume();
            self.assignment()?;
            self.expect(Kind::CloseBracket)?;
        } else if name.kind.is_identifier_name()
            || matches!(name.kind, Kind::Text | Kind::EscapedText | Kind::Number)
        {
            self.check_name(name)?;
            self.lexer.consume();
            self.lexer.consume();
        } else {
            return self.shorthand();
        }
        self.expect(Kind::OpenParen)?;
        if self.lambda(false)? == parameters { Ok(()) } else { Err(self.fault(complaint)) }
    }
}

//! Functions.

use super::super::construct::Construct;
use super::expression::Node;
use super::scope::{Declaration, Extent, Taken};
use super::token::{Kind, Word};
use super::{Parsed, Reader};

impl Reader<'_> {
    /// A declaration, at `function`; behind `async`, if there is one.
    pub(super) fn function_declaration(&mut self, is_async: bool) -> Parsed<()> {
        self.lexer.consume();
        let name = self.lexer.current();
        if !name.kind.is_binding() {
            let fault = self.unexpected();
            return Err(if name.kind == Kind::Star { fault.blaming(Construct::Generator) } else { fault });
        }
        if name.kind.is_restricted() {
            let message = format!("Identifier \"{}\" is forbidden in function declaration", self.text(name));
            return Err(self.fault(message));
        }
        self.lexer.consume();
        self.expect(Kind::OpenParen)?;
        self.declare(name, Declaration::Function)?;
        self.scopes.begin(Extent::Function, is_async, false);
        self.parameters_and_body().map(|_| ())
    }

    /// An expression, at `function`.
    pub(super) fn function_expression(&mut self, is_async: bool) -> Parsed<Node> {
        let is_generator = self.lexer.peek(1).kind == Kind::Star;
        self.lexer.consume();
        if is_generator {
            return Err(self.not_supported().blaming(Construct::Generator));
        }
        self.scopes.begin(Extent::Function, is_async, false);
        let name = self.lexer.current();
        if name.kind.is_binding() {
            self.lexer.consume();
        }
        self.expect(Kind::OpenParen)?;
        if name.kind.is_binding() {
            let text = self.text(name);
            self.scopes.declare_own_name(text);
        }
        self.parameters_and_body()?;
        Ok(Node::Other)
    }

    /// The rest of a method, behind the parenthesis: the number of its parameters.
    pub(super) fn lambda(&mut self, is_async: bool) -> Parsed<usize> {
        self.scopes.begin(Extent::Function, is_async, false);
        self.parameters_and_body()
    }

    fn parameters_and_body(&mut self) -> Parsed<usize> {
        let count = self.parameters()?;
        if self.is(Kind::Assign) {
            return Err(self.unexpected().blaming(Construct::DefaultParameter));
        }
        self.expect(Kind::CloseParen)?;
        self.expect(Kind::OpenBrace)?;
        self.body()?;
        Ok(count)
    }

    /// The statements of a function, and the end of its scope.
    fn body(&mut self) -> Parsed<()> {
        self.flow.begin_function();
        self.nested(|reader| reader.statements(Kind::CloseBrace))?;
        self.flow.end_function();
        self.scopes.end();
        self.lexer.consume();
        Ok(())
    }

    /// Parameters, without the parentheses. What is no parameter is left to the caller.
    fn parameters(&mut self) -> Parsed<usize> {
        let mut count = 0;
        let mut has_rest = false;
        loop {
            match self.kind() {
                Kind::Ellipsis => {
                    if has_rest {
                        return Err(self.unexpected());
                    }
                    self.lexer.consume();
                    if !self.kind().is_binding() {
                        return Err(self.unexpected());
                    }
                    has_rest = true;
                }
                Kind::OpenBrace | Kind::OpenBracket => {
                    return Err(self.not_supported().blaming(Construct::Destructuring));
                }
                kind if kind.is_binding() => {
                    self.parameter()?;
                    count += 1;
                    if !self.is(Kind::Comma) {
                        return Ok(count);
                    }
                    if has_rest {
                        return Err(self.fault("Rest parameter must be last formal parameter"));
                    }
                    self.lexer.consume();
                }
                _ => return Ok(count),
            }
        }
    }

    /// Whether an arrow function begins here. njs looks ahead through its parameters.
    pub(super) fn is_arrow_function(&mut self) -> bool {
        let mut place = 0;
        if self.is(Kind::Word(Word::Async)) {
            let next = self.lexer.peek_raw(0).kind;
            // Behind a line end `async` is a name, and njs looks no further.
            if next == Kind::LineEnd {
                return false;
            }
            place = 1;
        }
        let first = self.lexer.peek(place).kind;
        if first == Kind::OpenParen {
            place += 1;
            let mut has_rest = false;
            while self.lexer.peek(place).kind != Kind::CloseParen {
                if has_rest {
                    return false;
                }
                if self.lexer.peek(place).kind == Kind::Ellipsis {
                    has_rest = true;
                    place += 1;
                }
                if !self.lexer.peek(place).kind.is_binding() {
                    return false;
                }
                place += 1;
                if self.lexer.peek(place).kind == Kind::Comma {
                    place += 1;
                }
            }
        } else if !first.is_binding() {
            return false;
        }
        self.lexer.peek_raw(place).kind == Kind::Arrow
    }

    pub(super) fn arrow_function(&mut self) -> Parsed<Node> {
        let is_async = self.take(Kind::Word(Word::Async));
        self.scopes.begin(Extent::Function, is_async, true);
        if self.take(Kind::OpenParen) {
            self.parameters()?;
            self.expect(Kind::CloseParen)?;
        } else {
            self.parameter()?;
        }
        self.expect(Kind::Arrow)?;
        if self.take(Kind::OpenBrace) {
            return self.body().map(|()| Node::Other);
        }
        self.flow.begin_function();
        self.assignment()?;
        self.flow.end_function();
        self.scopes.end();
        Ok(Node::Other)
    }

    /// Declares the current token as a parameter.
    fn parameter(&mut self) -> Parsed<()> {
        let name = self.lexer.current();
        let text = self.text(name);
        if let Err(Taken) = self.scopes.declare_parameter(text) {
            return Err(self.fault("Duplicate parameter names"));
        }
        self.lexer.consume();
        Ok(())
    }
}

//! Loops.

use super::super::construct::Construct;
use super::expression::Node;
use super::flow::Target;
use super::scope::{Declaration, Extent};
use super::token::{Kind, Token, Word};
use super::{Parsed, Reader};

impl Reader<'_> {
    /// A loop, at its first word.
    pub(super) fn loop_statement(&mut self, word: Word) -> Parsed<()> {
        self.lexer.consume();
        self.flow.begin(Target::Loop);
        match word {
            Word::Do => {
                self.statement()?;
                self.expect(Kind::Word(Word::While))?;
                self.parenthesized()?;
            }
            Word::While => {
                self.parenthesized()?;
                self.statement()?;
            }
            _ => self.for_statement()?,
        }
        self.flow.end();
        Ok(())
    }

    fn for_statement(&mut self) -> Parsed<()> {
        if self.is(Kind::Word(Word::Await)) {
            return Err(self.not_supported().blaming(Construct::ForOf));
        }
        self.expect(Kind::OpenParen)?;
        self.scopes.begin(Extent::Block, false, false);
        self.head()?;
        self.statement()?;
        self.scopes.end();
        Ok(())
    }

    /// The head of a `for`, with its closing parenthesis.
    fn head(&mut self) -> Parsed<()> {
        let first = self.lexer.current();
        let declaration = match first.kind {
            Kind::Semicolon => {
                let is_empty = self.lexer.peek(1).kind == Kind::Semicolon;
                self.lexer.consume();
                if !is_empty {
                    self.expression()?;
                }
                return self.condition_read();
            }
            Kind::Word(Word::Var) => Declaration::Var,
            Kind::Word(Word::Let) => Declaration::Let,
            Kind::Word(Word::Const) => Declaration::Const,
            _ => return self.expression_head(first),
        };
        let name = self.lexer.peek(1);
        self.lexer.consume();
        if matches!(name.kind, Kind::OpenBrace | Kind::OpenBracket) {
            return Err(self.not_supported().blaming(Construct::Destructuring));
        }
        if !name.kind.is_binding() {
            // njs reads an expression here, and takes the loop. Nobody else does.
            let fault = self.unexpected();
            let node = self.expression()?;
            self.lenient.get_or_insert(fault);
            return self.first_read(node, name);
        }
        self.declarable(name)?;
        if self.lexer.peek(1).kind == Kind::Word(Word::In) {
            self.declare(name, declaration)?;
            self.lexer.consume();
            self.lexer.consume();
            self.expression()?;
            return self.expect(Kind::CloseParen);
        }
        self.lexer.forbid_in(true);
        self.variables(declaration)?;
        self.first_read(Node::Other, name)
    }

    fn expression_head(&mut self, first: Token) -> Parsed<()> {
        if first.kind == Kind::Word(Word::Await) || self.is_arrow_function() {
            let node = self.expression()?;
            return self.first_read(node, first);
        }
        if !self.begins_operand() {
            self.lexer.forbid_in(true);
            let node = self.expression()?;
            return self.first_read(node, first);
        }
        let node = self.left_hand_side()?;
        if !self.is(Kind::Word(Word::In)) {
            self.lexer.forbid_in(true);
            let node = self.expression_from(node)?;
            return self.first_read(node, first);
        }
        if !node.is_assignable() {
            return Err(self.not_a_target(first));
        }
        self.lexer.consume();
        self.expression()?;
        self.expect(Kind::CloseParen)
    }

    fn not_a_target(&mut self, first: Token) -> super::Stop {
        let message = format!("Invalid left-hand side \"{}\" in for-in statement", self.text(first));
        self.reference_fault(message, first.at)
    }

    /// What the first part of a head leads to.
    fn first_read(&mut self, node: Node, first: Token) -> Parsed<()> {
        match self.kind() {
            Kind::Semicolon => {
                self.lexer.forbid_in(false);
                let is_empty = self.lexer.peek(1).kind == Kind::Semicolon;
                self.lexer.consume();
                if !is_empty {
                    self.expression()?;
                }
                self.condition_read()
            }
            Kind::CloseParen => Err(self.unexpected()),
            _ if node == (Node::In { assignable: false }) => Err(self.not_a_target(first)),
            Kind::Word(Word::Of) if !matches!(node, Node::In { .. }) => {
                Err(self.not_supported().blaming(Construct::ForOf))
            }
            _ => Err(self.unexpected()),
        }
    }

    /// Behind the second part of a head, at its semicolon.
    fn condition_read(&mut self) -> Parsed<()> {
        self.expect(Kind::Semicolon)?;
        if !self.is(Kind::CloseParen) {
            self.expression()?;
        }
        self.expect(Kind::CloseParen)
    }
}

//! Parses loops.

use super::control_flow::JumpTarget;
use super::expression::Node;
use super::scope::{Declaration, Extent};
use super::token::{Token, TokenKind, Word};
use super::{ParseResult, Parser};
use crate::construct::Construct;

impl Parser<'_> {
    /// A loop, at its first word.
    pub(super) fn loop_statement(&mut self, word: Word) -> ParseResult<()> {
        self.lexer.consume();
        self.flow.begin(JumpTarget::Loop);
        match word {
            Word::Do => {
                self.statement()?;
                self.expect(TokenKind::Word(Word::While))?;
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

    fn for_statement(&mut self) -> ParseResult<()> {
        if self.is(TokenKind::Word(Word::Await)) {
            return Err(self.not_supported().with_construct(Construct::ForOf));
        }
        self.expect(TokenKind::OpenParen)?;
        self.scopes.begin(Extent::Block, false, false);
        self.head()?;
        self.statement()?;
        self.scopes.end();
        Ok(())
    }

    /// The head of a `for`, with its closing parenthesis.
    fn head(&mut self) -> ParseResult<()> {
        let first = self.lexer.current();
        let declaration = match first.kind {
            TokenKind::Semicolon => {
                let is_empty = self.lexer.peek(1).kind == TokenKind::Semicolon;
                self.lexer.consume();
                if !is_empty {
                    self.expression()?;
                }
                return self.condition_read();
            }
            TokenKind::Word(Word::Var) => Declaration::Var,
            TokenKind::Word(Word::Let) => Declaration::Let,
            TokenKind::Word(Word::Const) => Declaration::Const,
            _ => return self.expression_head(first),
        };
        let name = self.lexer.peek(1);
        self.lexer.consume();
        if matches!(name.kind, TokenKind::OpenBrace | TokenKind::OpenBracket) {
            return Err(self.not_supported().with_construct(Construct::Destructuring));
        }
        if !name.kind.is_binding() {
            // njs reads an expression here, and takes the loop. Other engines do not.
            let error = self.unexpected();
            let node = self.expression()?;
            self.accepted_by_njs_only.get_or_insert(error);
            return self.first_read(node, name);
        }
        self.declarable(name)?;
        if self.lexer.peek(1).kind == TokenKind::Word(Word::In) {
            self.declare(name, declaration)?;
            self.lexer.consume();
            self.lexer.consume();
            self.expression()?;
            return self.expect(TokenKind::CloseParen);
        }
        self.lexer.forbid_in(true);
        self.variables(declaration)?;
        self.first_read(Node::Other, name)
    }

    fn expression_head(&mut self, first: Token) -> ParseResult<()> {
        if first.kind == TokenKind::Word(Word::Await) || self.is_arrow_function() {
            let node = self.expression()?;
            return self.first_read(node, first);
        }
        if !self.begins_operand() {
            self.lexer.forbid_in(true);
            let node = self.expression()?;
            return self.first_read(node, first);
        }
        let node = self.left_hand_side()?;
        if !self.is(TokenKind::Word(Word::In)) {
            self.lexer.forbid_in(true);
            let node = self.expression_from(node)?;
            return self.first_read(node, first);
        }
        if !node.is_assignable() {
            return Err(self.not_a_target(first));
        }
        self.lexer.consume();
        self.expression()?;
        self.expect(TokenKind::CloseParen)
    }

    fn not_a_target(&mut self, first: Token) -> super::BoxedError {
        let message = format!("Invalid left-hand side \"{}\" in for-in statement", self.text(first));
        self.reference_error(message, first.at)
    }

    /// What the first part of a head leads to.
    fn first_read(&mut self, node: Node, first: Token) -> ParseResult<()> {
        match self.kind() {
            TokenKind::Semicolon => {
                self.lexer.forbid_in(false);
                let is_empty = self.lexer.peek(1).kind == TokenKind::Semicolon;
                self.lexer.consume();
                if !is_empty {
                    self.expression()?;
                }
                self.condition_read()
            }
            TokenKind::CloseParen => Err(self.unexpected()),
            _ if node == (Node::In { assignable: false }) => Err(self.not_a_target(first)),
            TokenKind::Word(Word::Of) if !matches!(node, Node::In { .. }) => {
                Err(self.not_supported().with_construct(Construct::ForOf))
            }
            _ => Err(self.unexpected()),
        }
    }

    /// Behind the second part of a head, at its semicolon.
    fn condition_read(&mut self) -> ParseResult<()> {
        self.expect(TokenKind::Semicolon)?;
        if !self.is(TokenKind::CloseParen) {
            self.expression()?;
        }
        self.expect(TokenKind::CloseParen)
    }
}

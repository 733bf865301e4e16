//! Statements.

use super::control_flow::JumpTarget;
use super::scope::{Declaration, Extent};
use super::token::{Token, TokenKind, Word};
use super::{Nesting, ParseResult, Parser};
use crate::construct::Construct;

impl Parser<'_> {
    /// Statements up to a token, or up to a further case of a `switch`.
    pub(super) fn statements(&mut self, end: TokenKind) -> ParseResult<()> {
        while !self.is(end) {
            self.statement_list_item()?;
        }
        Ok(())
    }

    /// A statement or a declaration.
    pub(super) fn statement_list_item(&mut self) -> ParseResult<()> {
        let token = self.lexer.current();
        match token.kind {
            TokenKind::Word(Word::Function) => self.function_declaration(false),
            TokenKind::Word(Word::Async)
                if self.lexer.peek_raw(0).kind == TokenKind::Word(Word::Function) =>
            {
                self.lexer.consume();
                self.function_declaration(true)
            }
            TokenKind::Word(Word::Class) => Err(self.not_supported().with_construct(Construct::Class)),
            TokenKind::Word(Word::Let) => self.lexical(Declaration::Let),
            TokenKind::Word(Word::Const) => self.lexical(Declaration::Const),
            TokenKind::Word(Word::Export) => {
                self.lexer.consume();
                Err(self.fault_behind("Illegal export statement", token).with_construct(Construct::Export))
            }
            TokenKind::Word(Word::Import) => {
                self.lexer.consume();
                self.import(token)
            }
            TokenKind::End => Err(self.unexpected()),
            _ => self.statement(),
        }
    }

    /// An error that njs finds at the current token and that is about one before it.
    fn fault_behind(&mut self, message: &str, about: Token) -> super::BoxedError {
        self.lexer.current();
        self.error_at(message, about.at)
    }

    pub(super) fn semicolon(&mut self) -> ParseResult<()> {
        if self.take(TokenKind::Semicolon) || self.ends_statement() { Ok(()) } else { Err(self.unexpected()) }
    }

    /// Whether a statement may end before the current token without a semicolon.
    fn ends_statement(&mut self) -> bool {
        matches!(self.kind(), TokenKind::End | TokenKind::CloseBrace)
            || self.lexer.before() == TokenKind::LineEnd
    }

    /// A statement where no declaration may stand.
    pub(super) fn statement(&mut self) -> ParseResult<()> {
        self.statement_at(Nesting::Nested)
    }

    fn statement_at(&mut self, level: Nesting) -> ParseResult<()> {
        self.at_level(level, |parser| {
            let labelled = parser.flow.is_labelled();
            let token = parser.lexer.current();
            let is_target =
                matches!(token.kind, TokenKind::Word(Word::For | Word::While | Word::Do | Word::Switch))
                    || parser.is_label(token);
            if labelled && !is_target {
                parser.flow.begin(JumpTarget::Labelled);
                parser.statement_of(token)?;
                parser.flow.end();
                return Ok(());
            }
            parser.statement_of(token)
        })
    }

    fn is_label(&mut self, token: Token) -> bool {
        token.kind.is_binding() && self.lexer.peek(1).kind == TokenKind::Colon
    }

    fn statement_of(&mut self, token: Token) -> ParseResult<()> {
        let TokenKind::Word(word) = token.kind else {
            return match token.kind {
                TokenKind::OpenBrace => {
                    self.lexer.consume();
                    self.block()
                }
                TokenKind::Semicolon => {
                    self.lexer.consume();
                    Ok(())
                }
                TokenKind::End => Err(self.unexpected()),
                _ if self.is_label(token) => self.labelled(token),
                _ => self.expression_statement(),
            };
        };
        match word {
            Word::Var => {
                self.lexer.consume();
                self.variables(Declaration::Var)?;
                self.semicolon()
            }
            Word::If => self.if_statement(),
            Word::Do | Word::While | Word::For => self.loop_statement(word),
            Word::Switch => self.switch(),
            Word::Continue | Word::Break => self.jump(token, word),
            Word::Return => self.return_statement(token),
            Word::With => {
                self.lexer.consume();
                Err(self.not_supported().with_construct(Construct::With))
            }
            Word::Throw => self.throw(),
            Word::Try => self.try_statement(),
            Word::Debugger => {
                self.lexer.consume();
                if !matches!(self.kind(), TokenKind::Semicolon | TokenKind::End) {
                    return Err(self.unexpected());
                }
                self.lexer.consume();
                Ok(())
            }
            _ if self.is_label(token) => self.labelled(token),
            _ => self.expression_statement(),
        }
    }

    fn expression_statement(&mut self) -> ParseResult<()> {
        match self.kind() {
            TokenKind::Word(Word::Function) => {
                return Err(self.error("Functions can only be declared at top level or inside a block"));
            }
            TokenKind::Word(Word::Class) => {
                return Err(self.error("Class can only be declared at top level or inside a block"));
            }
            TokenKind::Word(Word::Async)
                if self.lexer.peek_raw(0).kind == TokenKind::Word(Word::Function) =>
            {
                return Err(self.not_supported());
            }
            TokenKind::Word(word @ (Word::Let | Word::Const))
                if self.lexer.peek(1).kind == TokenKind::Name =>
            {
                let what = if word == Word::Let { "let" } else { "const" };
                return Err(
                    self.error(format!("{what} declaration cannot appear in a single-statement context"))
                );
            }
            _ => {}
        }
        self.expression()?;
        self.semicolon()
    }

    /// A block, behind its brace.
    pub(super) fn block(&mut self) -> ParseResult<()> {
        self.scopes.begin(Extent::Block, false, false);
        self.rest_of_block()
    }

    /// A block, behind its brace and in its scope.
    fn rest_of_block(&mut self) -> ParseResult<()> {
        self.statements(TokenKind::CloseBrace)?;
        self.scopes.end();
        self.lexer.consume();
        Ok(())
    }

    fn labelled(&mut self, label: Token) -> ParseResult<()> {
        let text = self.text(label);
        if self.scopes.has_label(text) {
            return Err(self.error_at(format!("Label \"{text}\" has already been declared"), label.at));
        }
        self.scopes.add_label(text);
        self.lexer.consume();
        self.lexer.consume();
        if self.is(TokenKind::Word(Word::Function)) {
            let mut error = self
                .error("In strict mode code, functions can only be declared at top level or inside a block.");
            error.0.names_line = false;
            return Err(error);
        }
        // A label of nothing stays, in njs.
        let is_empty = self.is(TokenKind::Semicolon);
        self.flow.label(text);
        self.statement()?;
        if !is_empty {
            self.scopes.remove_label(text);
        }
        Ok(())
    }

    /// `(expression)`
    pub(super) fn parenthesized(&mut self) -> ParseResult<()> {
        self.expect(TokenKind::OpenParen)?;
        self.expression()?;
        self.expect(TokenKind::CloseParen)
    }

    fn if_statement(&mut self) -> ParseResult<()> {
        self.lexer.consume();
        self.parenthesized()?;
        self.statement()?;
        if self.take(TokenKind::Word(Word::Else)) { self.statement_at(Nesting::Branch) } else { Ok(()) }
    }

    fn throw(&mut self) -> ParseResult<()> {
        self.lexer.consume();
        if self.lexer.before() == TokenKind::LineEnd {
            return Err(self.error("Illegal newline after throw"));
        }
        self.expression()?;
        self.semicolon()
    }

    fn return_statement(&mut self, token: Token) -> ParseResult<()> {
        self.lexer.consume();
        if !self.scopes.is_in_function() {
            return Err(self.fault_behind("Illegal return statement", token));
        }
        if self.take(TokenKind::Semicolon)
            || self.lexer.before() == TokenKind::LineEnd
            || matches!(self.kind(), TokenKind::CloseBrace | TokenKind::End)
        {
            return Ok(());
        }
        if !self.begins_expression() {
            // njs takes the return for finished, and what follows for the next statement. Other engines do not.
            let error = self.unexpected();
            self.accepted_by_njs_only.get_or_insert(error);
            return Ok(());
        }
        self.expression()?;
        self.semicolon()
    }

    /// `break` and `continue`.
    fn jump(&mut self, token: Token, word: Word) -> ParseResult<()> {
        self.lexer.consume();
        let label = self.lexer.current();
        let mut target = None;
        if label.kind.is_binding() && self.lexer.before() != TokenKind::LineEnd {
            let text = self.text(label);
            if !self.scopes.has_label(text) {
                return Err(self.error(format!("Undefined label \"{text}\"")));
            }
            self.lexer.consume();
            target = Some(text);
        } else if !self.take(TokenKind::Semicolon) && !self.ends_statement() {
            return Err(self.unexpected());
        }
        let (leads, what) = match word {
            Word::Break => (self.flow.can_break(target), "break"),
            _ => (self.flow.can_continue(target), "continue"),
        };
        if !leads {
            let message = format!("Illegal {what} statement");
            self.flow.note(Parser::late_error(message, token, true));
        }
        Ok(())
    }

    fn try_statement(&mut self) -> ParseResult<()> {
        self.lexer.consume();
        self.expect(TokenKind::OpenBrace)?;
        self.block()?;
        if !self.is(TokenKind::Word(Word::Finally)) {
            if !self.take(TokenKind::Word(Word::Catch)) {
                return Err(self.error("Missing catch or finally after try"));
            }
            self.catch()?;
        }
        if self.take(TokenKind::Word(Word::Finally)) {
            self.expect(TokenKind::OpenBrace)?;
            self.block()?;
        }
        Ok(())
    }

    fn catch(&mut self) -> ParseResult<()> {
        if !self.is(TokenKind::OpenParen) {
            return Err(self.not_supported().with_construct(Construct::CatchWithoutBinding));
        }
        self.scopes.begin(Extent::Block, false, false);
        self.lexer.consume();
        let name = self.lexer.current();
        if name.kind == TokenKind::OpenBrace {
            return Err(self.not_supported().with_construct(Construct::Destructuring));
        }
        if !name.kind.is_binding() {
            return Err(self.unexpected());
        }
        self.declare(name, Declaration::Catch)?;
        self.lexer.consume();
        self.expect(TokenKind::CloseParen)?;
        self.expect(TokenKind::OpenBrace)?;
        self.rest_of_block()
    }

    fn switch(&mut self) -> ParseResult<()> {
        self.lexer.consume();
        self.parenthesized()?;
        self.expect(TokenKind::OpenBrace)?;
        self.scopes.begin(Extent::Block, false, false);
        self.flow.begin(JumpTarget::Switch);
        let mut has_default = false;
        loop {
            match self.kind() {
                TokenKind::Word(Word::Case) => {
                    self.lexer.consume();
                    self.expression()?;
                }
                TokenKind::Word(Word::Default) => {
                    if has_default {
                        return Err(self.error("More than one default clause in switch statement"));
                    }
                    has_default = true;
                    self.lexer.consume();
                }
                TokenKind::CloseBrace => break,
                _ => return Err(self.unexpected()),
            }
            self.expect(TokenKind::Colon)?;
            while !matches!(self.kind(), TokenKind::Word(Word::Case | Word::Default) | TokenKind::CloseBrace)
            {
                self.statement_list_item()?;
            }
        }
        self.lexer.consume();
        self.flow.end();
        self.scopes.end();
        Ok(())
    }
}

//! Statements.

use super::super::construct::Construct;
use super::flow::Target;
use super::scope::{Declaration, Extent};
use super::token::{Kind, Token, Word};
use super::{Level, Parsed, Reader};

impl Reader<'_> {
    /// Statements up to a token, or up to a further case of a `switch`.
    pub(super) fn statements(&mut self, end: Kind) -> Parsed<()> {
        while !self.is(end) {
            self.statement_list_item()?;
        }
        Ok(())
    }

    /// A statement or a declaration.
    pub(super) fn statement_list_item(&mut self) -> Parsed<()> {
        let token = self.lexer.current();
        match token.kind {
            Kind::Word(Word::Function) => self.function_declaration(false),
            Kind::Word(Word::Async) if self.lexer.peek_raw(0).kind == Kind::Word(Word::Function) => {
                self.lexer.consume();
                self.function_declaration(true)
            }
            Kind::Word(Word::Class) => Err(self.not_supported().blaming(Construct::Class)),
            Kind::Word(Word::Let) => self.lexical(Declaration::Let),
            Kind::Word(Word::Const) => self.lexical(Declaration::Const),
            Kind::Word(Word::Export) => {
                self.lexer.consume();
                Err(self.fault_behind("Illegal export statement", token).blaming(Construct::Export))
            }
            Kind::Word(Word::Import) => {
                self.lexer.consume();
                self.import(token)
            }
            Kind::End => Err(self.unexpected()),
            _ => self.statement(),
        }
    }

    /// An error that njs finds at the current token and that is about one before it.
    fn fault_behind(&mut self, message: &str, about: Token) -> super::Stop {
        self.lexer.current();
        self.fault_at(message, about.at)
    }

    pub(super) fn semicolon(&mut self) -> Parsed<()> {
        if self.take(Kind::Semicolon) || self.ends_statement() { Ok(()) } else { Err(self.unexpected()) }
    }

    /// Whether a statement may end before the current token without a semicolon.
    fn ends_statement(&mut self) -> bool {
        matches!(self.kind(), Kind::End | Kind::CloseBrace) || self.lexer.before() == Kind::LineEnd
    }

    /// A statement where no declaration may stand.
    pub(super) fn statement(&mut self) -> Parsed<()> {
        self.statement_at(Level::Nested)
    }

    fn statement_at(&mut self, level: Level) -> Parsed<()> {
        self.at_level(level, |reader| {
            let labelled = reader.flow.is_labelled();
            let token = reader.lexer.current();
            let is_target =
                matches!(token.kind, Kind::Word(Word::For | Word::While | Word::Do | Word::Switch))
                    || reader.is_label(token);
            if labelled && !is_target {
                reader.flow.begin(Target::Labelled);
                reader.statement_of(token)?;
                reader.flow.end();
                return Ok(());
            }
            reader.statement_of(token)
        })
    }

    fn is_label(&mut self, token: Token) -> bool {
        token.kind.is_binding() && self.lexer.peek(1).kind == Kind::Colon
    }

    fn statement_of(&mut self, token: Token) -> Parsed<()> {
        let Kind::Word(word) = token.kind else {
            return match token.kind {
                Kind::OpenBrace => {
                    self.lexer.consume();
                    self.block()
                }
                Kind::Semicolon => {
                    self.lexer.consume();
                    Ok(())
                }
                Kind::End => Err(self.unexpected()),
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
                Err(self.not_supported().blaming(Construct::With))
            }
            Word::Throw => self.throw(),
            Word::Try => self.try_statement(),
            Word::Debugger => {
                self.lexer.consume();
                if !matches!(self.kind(), Kind::Semicolon | Kind::End) {
                    return Err(self.unexpected());
                }
                self.lexer.consume();
                Ok(())
            }
            _ if self.is_label(token) => self.labelled(token),
            _ => self.expression_statement(),
        }
    }

    fn expression_statement(&mut self) -> Parsed<()> {
        match self.kind() {
            Kind::Word(Word::Function) => {
                return Err(self.fault("Functions can only be declared at top level or inside a block"));
            }
            Kind::Word(Word::Class) => {
                return Err(self.fault("Class can only be declared at top level or inside a block"));
            }
            Kind::Word(Word::Async) if self.lexer.peek_raw(0).kind == Kind::Word(Word::Function) => {
                return Err(self.not_supported());
            }
            Kind::Word(word @ (Word::Let | Word::Const)) if self.lexer.peek(1).kind == Kind::Name => {
                let what = if word == Word::Let { "let" } else { "const" };
                return Err(
                    self.fault(format!("{what} declaration cannot appear in a single-statement context"))
                );
            }
            _ => {}
        }
        self.expression()?;
        self.semicolon()
    }

    /// A block, behind its brace.
    pub(super) fn block(&mut self) -> Parsed<()> {
        self.scopes.begin(Extent::Block, false, false);
        self.rest_of_block()
    }

    /// A block, behind its brace and in its scope.
    fn rest_of_block(&mut self) -> Parsed<()> {
        self.statements(Kind::CloseBrace)?;
        self.scopes.end();
        self.lexer.consume();
        Ok(())
    }

    fn labelled(&mut self, label: Token) -> Parsed<()> {
        let text = self.text(label);
        if self.scopes.has_label(text) {
            return Err(self.fault_at(format!("Label \"{text}\" has already been declared"), label.at));
        }
        self.scopes.add_label(text);
        self.lexer.consume();
        self.lexer.consume();
        if self.is(Kind::Word(Word::Function)) {
            let mut fault = self
                .fault("In strict mode code, functions can only be declared at top level or inside a block.");
            fault.0.names_line = false;
            return Err(fault);
        }
        // A label of nothing stays, in njs.
        let is_empty = self.is(Kind::Semicolon);
        self.flow.label(text);
        self.statement()?;
        if !is_empty {
            self.scopes.remove_label(text);
        }
        Ok(())
    }

    /// `(expression)`
    pub(super) fn parenthesized(&mut self) -> Parsed<()> {
        self.expect(Kind::OpenParen)?;
        self.expression()?;
        self.expect(Kind::CloseParen)
    }

    fn if_statement(&mut self) -> Parsed<()> {
        self.lexer.consume();
        self.parenthesized()?;
        self.statement()?;
        if self.take(Kind::Word(Word::Else)) { self.statement_at(Level::Branch) } else { Ok(()) }
    }

    fn throw(&mut self) -> Parsed<()> {
        self.lexer.consume();
        if self.lexer.before() == Kind::LineEnd {
            return Err(self.fault("Illegal newline after throw"));
        }
        self.expression()?;
        self.semicolon()
    }

    fn return_statement(&mut self, token: Token) -> Parsed<()> {
        self.lexer.consume();
        if !self.scopes.is_in_function() {
            return Err(self.fault_behind("Illegal return statement", token));
        }
        if self.take(Kind::Semicolon)
            || self.lexer.before() == Kind::LineEnd
            || matches!(self.kind(), Kind::CloseBrace | Kind::End)
        {
            return Ok(());
        }
        if !self.begins_expression() {
            // njs takes the return for finished, and what follows for the next statement. Nobody else does.
            let fault = self.unexpected();
            self.lenient.get_or_insert(fault);
            return Ok(());
        }
        self.expression()?;
        self.semicolon()
    }

    /// `break` and `continue`.
    fn jump(&mut self, token: Token, word: Word) -> Parsed<()> {
        self.lexer.consume();
        let label = self.lexer.current();
        let mut target = None;
        if label.kind.is_binding() && self.lexer.before() != Kind::LineEnd {
            let text = self.text(label);
            if !self.scopes.has_label(text) {
                return Err(self.fault(format!("Undefined label \"{text}\"")));
            }
            self.lexer.consume();
            target = Some(text);
        } else if !self.take(Kind::Semicolon) && !self.ends_statement() {
            return Err(self.unexpected());
        }
        let (leads, what) = match word {
            Word::Break => (self.flow.can_break(target), "break"),
            _ => (self.flow.can_continue(target), "continue"),
        };
        if !leads {
            let message = format!("Illegal {what} statement");
            self.flow.note(Reader::late_fault(message, token, true));
        }
        Ok(())
    }

    fn try_statement(&mut self) -> Parsed<()> {
        self.lexer.consume();
        self.expect(Kind::OpenBrace)?;
        self.block()?;
        if !self.is(Kind::Word(Word::Finally)) {
            if !self.take(Kind::Word(Word::Catch)) {
                return Err(self.fault("Missing catch or finally after try"));
            }
            self.catch()?;
        }
        if self.take(Kind::Word(Word::Finally)) {
            self.expect(Kind::OpenBrace)?;
            self.block()?;
        }
        Ok(())
    }

    fn catch(&mut self) -> Parsed<()> {
        if !self.is(Kind::OpenParen) {
            return Err(self.not_supported().blaming(Construct::CatchWithoutBinding));
        }
        self.scopes.begin(Extent::Block, false, false);
        self.lexer.consume();
        let name = self.lexer.current();
        if name.kind == Kind::OpenBrace {
            return Err(self.not_supported().blaming(Construct::Destructuring));
        }
        if !name.kind.is_binding() {
            return Err(self.unexpected());
        }
        self.declare(name, Declaration::Catch)?;
        self.lexer.consume();
        self.expect(Kind::CloseParen)?;
        self.expect(Kind::OpenBrace)?;
        self.rest_of_block()
    }

    fn switch(&mut self) -> Parsed<()> {
        self.lexer.consume();
        self.parenthesized()?;
        self.expect(Kind::OpenBrace)?;
        self.scopes.begin(Extent::Block, false, false);
        self.flow.begin(Target::Switch);
        let mut has_default = false;
        loop {
            match self.kind() {
                Kind::Word(Word::Case) => {
                    self.lexer.consume();
                    self.expression()?;
                }
                Kind::Word(Word::Default) => {
                    if has_default {
                        return Err(self.fault("More than one default clause in switch statement"));
                    }
                    has_default = true;
                    self.lexer.consume();
                }
                Kind::CloseBrace => break,
                _ => return Err(self.unexpected()),
            }
            self.expect(Kind::Colon)?;
            while !matches!(self.kind(), Kind::Word(Word::Case | Word::Default) | Kind::CloseBrace) {
                self.statement_list_item()?;
            }
        }
        self.lexer.consume();
        self.flow.end();
        self.scopes.end();
        Ok(())
    }
}

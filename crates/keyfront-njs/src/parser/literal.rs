//! Parses primary expressions: names, literals, templates, regular expressions, arrays.

use super::escape::{self, Octal};
use super::expression::Node;
use super::token::{Token, TokenKind, Word};
use super::{ParseResult, Parser, regexp};
use crate::construct::Construct;

impl Parser<'_> {
    /// Whether an expression begins at the current token.
    pub(super) fn begins_expression(&mut self) -> bool {
        self.begins_operand()
            || matches!(
                self.kind(),
                TokenKind::Increment
                    | TokenKind::Decrement
                    | TokenKind::Plus
                    | TokenKind::Minus
                    | TokenKind::Tilde
                    | TokenKind::Not
                    | TokenKind::Word(Word::Delete | Word::Void | Word::Typeof)
            )
    }

    /// Whether a primary expression, or one with `new`, begins at the current token.
    pub(super) fn begins_operand(&mut self) -> bool {
        let kind = self.kind();
        kind.is_binding()
            || matches!(
                kind,
                TokenKind::Number
                    | TokenKind::Text
                    | TokenKind::EscapedText
                    | TokenKind::UnterminatedText
                    | TokenKind::Backtick
                    | TokenKind::OpenBracket
                    | TokenKind::OpenBrace
                    | TokenKind::OpenParen
                    | TokenKind::Slash
                    | TokenKind::DivideWith
                    | TokenKind::Word(
                        Word::This
                            | Word::Null
                            | Word::True
                            | Word::False
                            | Word::Function
                            | Word::Class
                            | Word::New
                            | Word::Super
                            | Word::Import
                    )
            )
    }

    pub(super) fn primary(&mut self) -> ParseResult<Node> {
        let token = self.lexer.current();
        match token.kind {
            TokenKind::Number => {
                self.lexer.consume();
                Ok(Node::Number)
            }
            TokenKind::Text | TokenKind::Word(Word::This | Word::Null | Word::True | Word::False) => {
                self.lexer.consume();
                Ok(Node::Other)
            }
            TokenKind::EscapedText => {
                self.check_escapes(token)?;
                self.lexer.consume();
                Ok(Node::Other)
            }
            TokenKind::UnterminatedText => {
                Err(self.error_at(format!("Unterminated string \"{}\"", self.text(token)), token.at))
            }
            TokenKind::OpenBracket => self.array(),
            TokenKind::OpenBrace => self.object(),
            TokenKind::Word(Word::Function) => self.function_expression(false),
            TokenKind::Word(Word::Class) => Err(self.not_supported().with_construct(Construct::Class)),
            TokenKind::Ellipsis => Err(self.unexpected().with_construct(Construct::Spread)),
            TokenKind::Assign
                if matches!(
                    self.lexer.before(),
                    TokenKind::Coalesce | TokenKind::LogicalOr | TokenKind::LogicalAnd
                ) =>
            {
                Err(self.unexpected().with_construct(Construct::LogicalAssignment))
            }
            TokenKind::Word(Word::Async)
                if self.lexer.peek_raw(0).kind == TokenKind::Word(Word::Function) =>
            {
                self.lexer.consume();
                self.function_expression(true)
            }
            TokenKind::Slash | TokenKind::DivideWith => self.regular_expression(token),
            TokenKind::Backtick => self.template(false),
            TokenKind::OpenParen => {
                self.lexer.consume();
                let node = self.expression()?;
                self.expect(TokenKind::CloseParen)?;
                Ok(node)
            }
            kind if kind.is_binding() => self.reference(),
            _ => Err(self.unexpected()),
        }
    }

    /// A name that is used.
    pub(super) fn reference(&mut self) -> ParseResult<Node> {
        let name = self.lexer.current();
        let node = match name.kind {
            TokenKind::Word(Word::Eval) => Node::Eval,
            TokenKind::Word(Word::Arguments) => {
                if !self.scopes.use_arguments() {
                    return Err(self.error("\"arguments\" object in global scope"));
                }
                Node::Arguments
            }
            _ => Node::Name,
        };
        self.lexer.consume();
        Ok(node)
    }

    pub(super) fn check_escapes(&self, token: Token) -> ParseResult<()> {
        match escape::check(self.text(token), Octal::Refused) {
            Some(message) => Err(self.error_at(message, token.at)),
            None => Ok(()),
        }
    }

    fn array(&mut self) -> ParseResult<Node> {
        self.lexer.consume();
        loop {
            match self.kind() {
                TokenKind::CloseBracket => {
                    self.lexer.consume();
                    return Ok(Node::Literal);
                }
                TokenKind::Comma => self.lexer.consume(),
                _ => {
                    self.assignment()?;
                    if !self.take(TokenKind::Comma) && !self.is(TokenKind::CloseBracket) {
                        return Err(self.unexpected());
                    }
                }
            }
        }
    }

    /// A template. Its text is not cut into tokens, so the parser reads it.
    pub(super) fn template(&mut self, tagged: bool) -> ParseResult<Node> {
        let octal = if tagged { Octal::Accepted } else { Octal::Refused };
        loop {
            // The backtick, or the brace that closes an expression.
            let opening = self.lexer.current();
            let start = opening.end;
            let ahead = self.lexer.rest(start);
            let Some(part) = TemplatePart::of(ahead) else {
                let lines = TemplatePart::lines(ahead);
                self.lexer.go_on_at(start + ahead.len(), lines);
                return Err(self.error_at("Unterminated template literal", opening.at));
            };
            let text = ahead.get(..part.length).unwrap_or_default();
            if part.opens {
                self.lexer.allow_in();
            }
            let end = start + part.length + if part.opens { 2 } else { 1 };
            self.lexer.go_on_at(end, TemplatePart::lines(text));
            if let Some(message) = escape::check(text, octal) {
                return Err(self.error_at(message, opening.at));
            }
            self.lexer.consume();
            if !part.opens {
                return Ok(Node::Other);
            }
            self.expression()?;
            if !self.is(TokenKind::CloseBrace) {
                return Err(self.error("Missing \"}\" in template expression"));
            }
        }
    }

    fn regular_expression(&mut self, slash: Token) -> ParseResult<Node> {
        let start = slash.at + 1;
        // A file's last two slashes are one token in njs, and nothing is behind it.
        let is_last = slash.kind == TokenKind::Slash && slash.end > start;
        let ahead = if is_last { "" } else { self.lexer.rest(start) };
        let length = match regexp::end(ahead) {
            Ok(length) => length,
            Err(shown) => {
                let text = ahead.get(..shown).unwrap_or(ahead);
                return Err(self.error_at(format!("Unterminated RegExp \"/{text}\""), slash.at));
            }
        };
        let pattern = ahead.get(..length).unwrap_or_default();
        let behind = ahead.get(length + 1..).unwrap_or_default();
        let flags = match regexp::flags(behind) {
            Ok(flags) => flags,
            Err(shown) => {
                let text = behind.get(..shown).unwrap_or(behind);
                let error = self.error_at(format!("Invalid RegExp flags \"{text}\""), slash.at);
                return Err(error.with_construct(Construct::RegExpFlag));
            }
        };
        if let Some(error) = regexp::check(pattern) {
            let message =
                format!("pcre_compile2(\"{pattern}\") failed: {} at \"{}\"", error.message, error.rest);
            return Err(self.error_at(message, slash.at).with_construct(Construct::RegExp));
        }
        self.lexer.go_on_at(start + length + 1 + flags, 0);
        self.lexer.consume();
        Ok(Node::Other)
    }
}

/// The text of a template up to an expression or to its end.
struct TemplatePart {
    /// How many bytes it has.
    length: usize,
    /// Whether an expression follows.
    opens: bool,
}

impl TemplatePart {
    fn of(text: &str) -> Option<TemplatePart> {
        let mut characters = text.char_indices().peekable();
        while let Some((length, character)) = characters.next() {
            match character {
                '\\' => {
                    characters.next()?;
                }
                '`' => return Some(TemplatePart { length, opens: false }),
                '$' if characters.peek().is_some_and(|(_, next)| *next == '{') => {
                    return Some(TemplatePart { length, opens: true });
                }
                _ => {}
            }
        }
        None
    }

    /// The lines that njs counts in it: an escaped line end does not count.
    fn lines(text: &str) -> u32 {
        let mut lines = 0;
        let mut characters = text.chars();
        while let Some(character) = characters.next() {
            match character {
                '\\' => {
                    characters.next();
                }
                '\n' => lines += 1,
                _ => {}
            }
        }
        lines
    }
}

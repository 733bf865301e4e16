//! Lexer: cuts code into tokens where njs does.
//!
//! njs counts lines by what it has cut so far, so its error messages name the line of the last token that the
//! parser has looked at. To name the same line, this keeps njs's queue of tokens: nothing is cut before it is
//! looked at.

use std::collections::VecDeque;
use std::ops::Range;

use keyfront_domain::function::Runtime;

use super::token::{Token, TokenKind};
use super::{TokenDifference, number};

/// The code and how far it has been cut.
pub(super) struct Lexer<'c> {
    code: &'c str,
    runtime: Runtime,
    at: usize,
    line: u32,
    queue: VecDeque<Token>,
    /// The kind of the token before the current one, line ends included.
    before: TokenKind,
    /// For each open bracket whether `in` is an error there; so it is in the head of a `for`.
    no_in: Vec<bool>,
    differences: Vec<TokenDifference>,
}

impl<'c> Lexer<'c> {
    pub(super) fn new(code: &'c str, runtime: Runtime) -> Lexer<'c> {
        Lexer {
            code,
            runtime,
            at: 0,
            line: 1,
            queue: VecDeque::new(),
            before: TokenKind::End,
            no_in: vec![false],
            differences: Vec::new(),
        }
    }

    /// The line that an error would name now.
    pub(super) fn line(&self) -> u32 {
        self.line
    }

    /// The current token. Line ends before it are only remembered.
    pub(super) fn current(&mut self) -> Token {
        let mut index = 0;
        loop {
            let token = self.queued(index);
            if token.kind != TokenKind::LineEnd {
                return token;
            }
            self.before = TokenKind::LineEnd;
            index += 1;
        }
    }

    /// The token `count` behind the current one, line ends not counted.
    pub(super) fn peek(&mut self, count: usize) -> Token {
        let mut index = 0;
        let mut left = count;
        loop {
            let token = self.queued(index);
            if token.kind != TokenKind::LineEnd {
                if left == 0 {
                    return token;
                }
                left -= 1;
            }
            index += 1;
        }
    }

    /// What follows the token that is `count` behind the current one, be it a line end.
    pub(super) fn peek_raw(&mut self, count: usize) -> Token {
        let mut index = 0;
        let mut left = count;
        loop {
            let token = self.queued(index);
            index += 1;
            if token.kind != TokenKind::LineEnd {
                if left == 0 {
                    return self.queued(index);
                }
                left -= 1;
            }
        }
    }

    /// Leaves the current token behind.
    pub(super) fn consume(&mut self) {
        loop {
            let token = self.queued(0);
            self.queue.pop_front();
            self.before = token.kind;
            if token.kind != TokenKind::LineEnd {
                return;
            }
        }
    }

    /// What stands before the current token.
    pub(super) fn before(&mut self) -> TokenKind {
        self.current();
        self.before
    }

    /// A part of the code.
    pub(super) fn text(&self, range: Range<usize>) -> &'c str {
        self.code.get(range).unwrap_or("\u{fffd}")
    }

    /// The code from where the next token will be cut.
    pub(super) fn ahead(&self) -> &'c str {
        self.rest(self.at)
    }

    /// The code from a position on.
    pub(super) fn rest(&self, start: usize) -> &'c str {
        self.text(start..self.code.len())
    }

    /// Goes on at another position, when the parser has read something itself.
    pub(super) fn go_on_at(&mut self, at: usize, lines: u32) {
        self.at = at;
        self.line += lines;
    }

    /// Opens a bracket in which `in` is an operator.
    pub(super) fn allow_in(&mut self) {
        self.no_in.push(false);
    }

    /// Closes the innermost bracket.
    pub(super) fn end_allow_in(&mut self) {
        if self.no_in.len() > 1 {
            self.no_in.pop();
        }
    }

    /// Says whether `in` is an error in the innermost bracket.
    pub(super) fn forbid_in(&mut self, forbidden: bool) {
        if let Some(innermost) = self.no_in.last_mut() {
            *innermost = forbidden;
        }
    }

    /// Whether `in` is an error here.
    pub(super) fn is_in_forbidden(&self) -> bool {
        self.no_in.last().copied().unwrap_or(false)
    }

    /// Where other engines would see other tokens.
    pub(super) fn into_differences(self) -> Vec<TokenDifference> {
        self.differences
    }

    /// Notes the characters of a comment or of blanks that end a line in JavaScript.
    fn note_line_ends(&mut self, start: usize, text: &str) {
        for (index, character) in text.char_indices() {
            let ends_line = match character {
                '\r' => !self.rest(start + index + 1).starts_with('\n'),
                other => matches!(other, '\u{2028}' | '\u{2029}'),
            };
            if ends_line {
                self.differences.push(TokenDifference::LineEnd(start + index, character.len_utf8()));
            }
        }
    }

    fn queued(&mut self, index: usize) -> Token {
        while self.queue.len() <= index {
            let token = self.cut();
            if token.kind == TokenKind::Comment {
                continue;
            }
            if matches!(token.kind, TokenKind::OpenParen | TokenKind::OpenBracket | TokenKind::OpenBrace) {
                self.allow_in();
            }
            if matches!(token.kind, TokenKind::CloseParen | TokenKind::CloseBracket | TokenKind::CloseBrace) {
                self.end_allow_in();
            }
            self.queue.push_back(token);
        }
        self.queue.get(index).copied().unwrap_or(Token {
            kind: TokenKind::End,
            start: self.at,
            end: self.at,
            at: self.at,
            line: self.line,
        })
    }

    fn cut(&mut self) -> Token {
        let rest = self.ahead();
        let blank = rest.len() - rest.trim_start_matches(is_blank).len();
        let start = self.at + blank;
        self.note_line_ends(self.at, rest.get(..blank).unwrap_or_default());
        self.at = start;
        let line = self.line;
        let Some(first) = self.ahead().chars().next() else {
            return Token { kind: TokenKind::End, start, end: start, at: start, line };
        };
        let (kind, range) = match first {
            'a'..='z' | 'A'..='Z' | '_' | '$' => self.word(start),
            '0'..='9' => self.number(start),
            '.' if number::begins_fraction(self.ahead()) => self.number(start),
            '"' | '\'' => self.string(start, first),
            '/' => self.slash(start),
            '\n' => {
                self.line += 1;
                self.take(start, TokenKind::LineEnd, 1)
            }
            _ if first.is_ascii() => {
                let (kind, length) = punctuator(self.ahead());
                if self.ahead().starts_with("<!--") || self.ahead().starts_with("-->") {
                    self.differences.push(TokenDifference::HtmlComment(start + length));
                }
                self.take(start, kind, length)
            }
            // njs shows the last byte of the character, which alone is not a character.
            _ => {
                let (kind, range) = self.take(start, TokenKind::Illegal, first.len_utf8());
                (kind, range.end - 1..range.end)
            }
        };
        Token { kind, start: range.start, end: range.end, at: start, line }
    }

    fn take(&mut self, start: usize, kind: TokenKind, length: usize) -> (TokenKind, Range<usize>) {
        self.at = start + length;
        (kind, start..self.at)
    }

    fn word(&mut self, start: usize) -> (TokenKind, Range<usize>) {
        let rest = self.ahead();
        let length =
            rest.find(|c: char| !(c.is_ascii_alphanumeric() || c == '_' || c == '$')).unwrap_or(rest.len());
        let kind = TokenKind::of_word(self.text(start..start + length), self.runtime);
        self.take(start, kind, length)
    }

    fn number(&mut self, start: usize) -> (TokenKind, Range<usize>) {
        match number::cut(self.ahead().as_bytes(), self.runtime) {
            number::Cut::Number(length) => self.take(start, TokenKind::Number, length),
            // njs goes on behind the first digit, but no parser looks there.
            number::Cut::Illegal(length) => (TokenKind::Illegal, start..start + length),
        }
    }

    fn string(&mut self, start: usize, quote: char) -> (TokenKind, Range<usize>) {
        let inside = start + 1;
        let mut escaped = false;
        let mut characters = self.rest(inside).char_indices().peekable();
        while let Some((index, character)) = characters.next() {
            if character == quote {
                self.at = inside + index + 1;
                let kind = if escaped { TokenKind::EscapedText } else { TokenKind::Text };
                return (kind, inside..inside + index);
            }
            match character {
                '\n' | '\r' => return self.unterminated(start, inside + index + 1),
                '\\' => {
                    escaped = true;
                    if characters.next().is_some_and(|(_, next)| next == '\r') {
                        characters.next_if(|(_, next)| *next == '\n');
                    }
                }
                _ => {}
            }
        }
        self.unterminated(start, self.code.len())
    }

    /// njs goes on cutting behind the quote.
    fn unterminated(&mut self, start: usize, end: usize) -> (TokenKind, Range<usize>) {
        self.at = start + 1;
        (TokenKind::UnterminatedText, start..end)
    }

    fn slash(&mut self, start: usize) -> (TokenKind, Range<usize>) {
        let rest = self.ahead();
        if rest.starts_with("//") {
            // A file that ends with the two slashes has a division there, as njs sees it.
            if rest.len() == 2 {
                return self.take(start, TokenKind::Slash, 2);
            }
            self.line += 1;
            let length = rest.get(2..).and_then(|comment| comment.find('\n')).map_or(rest.len(), |at| at + 3);
            self.note_line_ends(start, rest.get(..length).unwrap_or(rest));
            return self.take(start, TokenKind::LineEnd, length);
        }
        if let Some(comment) = rest.strip_prefix("/*") {
            let end = comment.find("*/");
            let inside = comment.get(..end.unwrap_or(comment.len())).unwrap_or(comment);
            self.line += u32::try_from(inside.matches('\n').count()).unwrap_or(u32::MAX);
            self.note_line_ends(start + 2, inside);
            return match end {
                Some(end) => self.take(start, TokenKind::Comment, end + 4),
                None => self.take(start, TokenKind::Illegal, 2),
            };
        }
        if rest.starts_with("/=") {
            return self.take(start, TokenKind::DivideWith, 2);
        }
        self.take(start, TokenKind::Slash, 1)
    }
}

/// What njs takes for a space. A carriage return is one; it ends no line.
fn is_blank(character: char) -> bool {
    matches!(character, ' ' | '\t' | '\r' | '\u{b}' | '\u{c}')
        || (!character.is_ascii()
            && (character.is_whitespace() || character == '\u{feff}')
            && character != '\u{85}')
}

/// The punctuators, the longer ones before those that they begin with.
const PUNCTUATORS: [(&str, TokenKind); 52] = [
    (">>>=", TokenKind::AssignWith),
    ("...", TokenKind::Ellipsis),
    ("===", TokenKind::Equality),
    ("!==", TokenKind::Equality),
    ("**=", TokenKind::AssignWith),
    ("<<=", TokenKind::AssignWith),
    (">>=", TokenKind::AssignWith),
    (">>>", TokenKind::Shift),
    ("=>", TokenKind::Arrow),
    ("==", TokenKind::Equality),
    ("!=", TokenKind::Equality),
    ("<=", TokenKind::Relation),
    (">=", TokenKind::Relation),
    ("<<", TokenKind::Shift),
    (">>", TokenKind::Shift),
    ("++", TokenKind::Increment),
    ("--", TokenKind::Decrement),
    ("+=", TokenKind::AssignWith),
    ("-=", TokenKind::AssignWith),
    ("*=", TokenKind::AssignWith),
    ("%=", TokenKind::AssignWith),
    ("&=", TokenKind::AssignWith),
    ("|=", TokenKind::AssignWith),
    ("^=", TokenKind::AssignWith),
    ("&&", TokenKind::LogicalAnd),
    ("||", TokenKind::LogicalOr),
    ("??", TokenKind::Coalesce),
    ("**", TokenKind::Power),
    ("(", TokenKind::OpenParen),
    (")", TokenKind::CloseParen),
    ("[", TokenKind::OpenBracket),
    ("]", TokenKind::CloseBracket),
    ("{", TokenKind::OpenBrace),
    ("}", TokenKind::CloseBrace),
    (",", TokenKind::Comma),
    (".", TokenKind::Dot),
    (";", TokenKind::Semicolon),
    (":", TokenKind::Colon),
    ("?", TokenKind::Question),
    ("=", TokenKind::Assign),
    ("<", TokenKind::Relation),
    (">", TokenKind::Relation),
    ("+", TokenKind::Plus),
    ("-", TokenKind::Minus),
    ("*", TokenKind::Star),
    ("%", TokenKind::Percent),
    ("~", TokenKind::Tilde),
    ("!", TokenKind::Not),
    ("`", TokenKind::Backtick),
    ("&", TokenKind::BitAnd),
    ("|", TokenKind::BitOr),
    ("^", TokenKind::BitXor),
];

fn punctuator(rest: &str) -> (TokenKind, usize) {
    PUNCTUATORS
        .iter()
        .find(|(text, _)| rest.starts_with(text))
        .map_or((TokenKind::Illegal, 1), |(text, kind)| (*kind, text.len()))
}

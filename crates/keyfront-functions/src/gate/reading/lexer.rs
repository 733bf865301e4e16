//! Cuts code into tokens where njs does.
//!
//! njs counts lines by what it has cut so far, so its error messages name the line of the last token that the
//! parser has looked at. To name the same line, this keeps njs's queue of tokens: nothing is cut before it is
//! looked at.

use std::collections::VecDeque;
use std::ops::Range;

use keyfront_domain::function::Runtime;

use super::token::{Kind, Token};
use super::{Difference, number};

/// The code and how far it has been cut.
pub(super) struct Lexer<'c> {
    code: &'c str,
    runtime: Runtime,
    at: usize,
    line: u32,
    queue: VecDeque<Token>,
    /// The kind of the token before the current one, line ends included.
    before: Kind,
    /// For each open bracket whether `in` is an error there; so it is in the head of a `for`.
    no_in: Vec<bool>,
    differences: Vec<Difference>,
}

impl<'c> Lexer<'c> {
    pub(super) fn new(code: &'c str, runtime: Runtime) -> Lexer<'c> {
        Lexer {
            code,
            runtime,
            at: 0,
            line: 1,
            queue: VecDeque::new(),
            before: Kind::End,
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
        let mut place = 0;
        loop {
            let token = self.queued(place);
            if token.kind != Kind::LineEnd {
                return token;
            }
            self.before = Kind::LineEnd;
            place += 1;
        }
    }

    /// The token `count` behind the current one, line ends not counted.
    pub(super) fn peek(&mut self, count: usize) -> Token {
        let mut place = 0;
        let mut left = count;
        loop {
            let token = self.queued(place);
            if token.kind != Kind::LineEnd {
                if left == 0 {
                    return token;
                }
                left -= 1;
            }
            place += 1;
        }
    }

    /// What follows the token that is `count` behind the current one, be it a line end.
    pub(super) fn peek_raw(&mut self, count: usize) -> Token {
        let mut place = 0;
        let mut left = count;
        loop {
            let token = self.queued(place);
            place += 1;
            if token.kind != Kind::LineEnd {
                if left == 0 {
                    return self.queued(place);
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
            if token.kind != Kind::LineEnd {
                return;
            }
        }
    }

    /// What stands before the current token.
    pub(super) fn before(&mut self) -> Kind {
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

    /// The code from a place on.
    pub(super) fn rest(&self, start: usize) -> &'c str {
        self.text(start..self.code.len())
    }

    /// Goes on at another place, when the parser has read something itself.
    pub(super) fn go_on_at(&mut self, at: usize, lines: u32) {
        self.at = at;
        self.line += lines;
    }

    /// Opens a place in which `in` is an operator.
    pub(super) fn allow_in(&mut self) {
        self.no_in.push(false);
    }

    /// Closes the innermost place again.
    pub(super) fn end_allow_in(&mut self) {
        if self.no_in.len() > 1 {
            self.no_in.pop();
        }
    }

    /// Says whether `in` is an error in the innermost place.
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
    pub(super) fn into_differences(self) -> Vec<Difference> {
        self.differences
    }

    /// Notes the characters of a comment or of blanks that end a line in JavaScript.
    fn note_line_ends(&mut self, start: usize, text: &str) {
        for (place, character) in text.char_indices() {
            let ends_line = match character {
                '\r' => !self.rest(start + place + 1).starts_with('\n'),
                other => matches!(other, '\u{2028}' | '\u{2029}'),
            };
            if ends_line {
                self.differences.push(Difference::LineEnd(start + place, character.len_utf8()));
            }
        }
    }

    fn queued(&mut self, place: usize) -> Token {
        while self.queue.len() <= place {
            let token = self.cut();
            if token.kind == Kind::Comment {
                continue;
            }
            if matches!(token.kind, Kind::OpenParen | Kind::OpenBracket | Kind::OpenBrace) {
                self.allow_in();
            }
            if matches!(token.kind, Kind::CloseParen | Kind::CloseBracket | Kind::CloseBrace) {
                self.end_allow_in();
            }
            self.queue.push_back(token);
        }
        self.queue.get(place).copied().unwrap_or(Token {
            kind: Kind::End,
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
            return Token { kind: Kind::End, start, end: start, at: start, line };
        };
        let (kind, range) = match first {
            'a'..='z' | 'A'..='Z' | '_' | '$' => self.word(start),
            '0'..='9' => self.number(start),
            '.' if number::begins_fraction(self.ahead()) => self.number(start),
            '"' | '\'' => self.string(start, first),
            '/' => self.slash(start),
            '\n' => {
                self.line += 1;
                self.take(start, Kind::LineEnd, 1)
            }
            _ if first.is_ascii() => {
                let (kind, length) = punctuator(self.ahead());
                if self.ahead().starts_with("<!--") || self.ahead().starts_with("-->") {
                    self.differences.push(Difference::HtmlComment(start + length));
                }
                self.take(start, kind, length)
            }
            // njs shows the last byte of the character, which is none on its own.
            _ => {
                let (kind, range) = self.take(start, Kind::Illegal, first.len_utf8());
                (kind, range.end - 1..range.end)
            }
        };
        Token { kind, start: range.start, end: range.end, at: start, line }
    }

    fn take(&mut self, start: usize, kind: Kind, length: usize) -> (Kind, Range<usize>) {
        self.at = start + length;
        (kind, start..self.at)
    }

    fn word(&mut self, start: usize) -> (Kind, Range<usize>) {
        let rest = self.ahead();
        let length =
            rest.find(|c: char| !(c.is_ascii_alphanumeric() || c == '_' || c == '$')).unwrap_or(rest.len());
        let kind = Kind::of_word(self.text(start..start + length), self.runtime);
        self.take(start, kind, length)
    }

    fn number(&mut self, start: usize) -> (Kind, Range<usize>) {
        match number::cut(self.ahead().as_bytes(), self.runtime) {
            number::Cut::Number(length) => self.take(start, Kind::Number, length),
            // njs goes on behind the first digit, but no parser looks there.
            number::Cut::Illegal(length) => (Kind::Illegal, start..start + length),
        }
    }

    fn string(&mut self, start: usize, quote: char) -> (Kind, Range<usize>) {
        let inside = start + 1;
        let mut escaped = false;
        let mut characters = self.rest(inside).char_indices().peekable();
        while let Some((place, character)) = characters.next() {
            if character == quote {
                self.at = inside + place + 1;
                let kind = if escaped { Kind::EscapedText } else { Kind::Text };
                return (kind, inside..inside + place);
            }
            match character {
                '\n' | '\r' => return self.unterminated(start, inside + place + 1),
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
    fn unterminated(&mut self, start: usize, end: usize) -> (Kind, Range<usize>) {
        self.at = start + 1;
        (Kind::UnterminatedText, start..end)
    }

    fn slash(&mut self, start: usize) -> (Kind, Range<usize>) {
        let rest = self.ahead();
        if rest.starts_with("//") {
            // A file that ends with the two slashes has a division there, as njs sees it.
            if rest.len() == 2 {
                return self.take(start, Kind::Slash, 2);
            }
            self.line += 1;
            let length = rest.get(2..).and_then(|comment| comment.find('\n')).map_or(rest.len(), |at| at + 3);
            self.note_line_ends(start, rest.get(..length).unwrap_or(rest));
            return self.take(start, Kind::LineEnd, length);
        }
        if let Some(comment) = rest.strip_prefix("/*") {
            let end = comment.find("*/");
            let inside = comment.get(..end.unwrap_or(comment.len())).unwrap_or(comment);
            self.line += u32::try_from(inside.matches('\n').count()).unwrap_or(u32::MAX);
            self.note_line_ends(start + 2, inside);
            return match end {
                Some(end) => self.take(start, Kind::Comment, end + 4),
                None => self.take(start, Kind::Illegal, 2),
            };
        }
        if rest.starts_with("/=") {
            return self.take(start, Kind::DivideWith, 2);
        }
        self.take(start, Kind::Slash, 1)
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
const PUNCTUATORS: [(&str, Kind); 52] = [
    (">>>=", Kind::AssignWith),
    ("...", Kind::Ellipsis),
    ("===", Kind::Equality),
    ("!==", Kind::Equality),
    ("**=", Kind::AssignWith),
    ("<<=", Kind::AssignWith),
    (">>=", Kind::AssignWith),
    (">>>", Kind::Shift),
    ("=>", Kind::Arrow),
    ("==", Kind::Equality),
    ("!=", Kind::Equality),
    ("<=", Kind::Relation),
    (">=", Kind::Relation),
    ("<<", Kind::Shift),
    (">>", Kind::Shift),
    ("++", Kind::Increment),
    ("--", Kind::Decrement),
    ("+=", Kind::AssignWith),
    ("-=", Kind::AssignWith),
    ("*=", Kind::AssignWith),
    ("%=", Kind::AssignWith),
    ("&=", Kind::AssignWith),
    ("|=", Kind::AssignWith),
    ("^=", Kind::AssignWith),
    ("&&", Kind::LogicalAnd),
    ("||", Kind::LogicalOr),
    ("??", Kind::Coalesce),
    ("**", Kind::Power),
    ("(", Kind::OpenParen),
    (")", Kind::CloseParen),
    ("[", Kind::OpenBracket),
    ("]", Kind::CloseBracket),
    ("{", Kind::OpenBrace),
    ("}", Kind::CloseBrace),
    (",", Kind::Comma),
    (".", Kind::Dot),
    (";", Kind::Semicolon),
    (":", Kind::Colon),
    ("?", Kind::Question),
    ("=", Kind::Assign),
    ("<", Kind::Relation),
    (">", Kind::Relation),
    ("+", Kind::Plus),
    ("-", Kind::Minus),
    ("*", Kind::Star),
    ("%", Kind::Percent),
    ("~", Kind::Tilde),
    ("!", Kind::Not),
    ("`", Kind::Backtick),
    ("&", Kind::BitAnd),
    ("|", Kind::BitOr),
    ("^", Kind::BitXor),
];

fn punctuator(rest: &str) -> (Kind, usize) {
    PUNCTUATORS
        .iter()
        .find(|(text, _)| rest.starts_with(text))
        .map_or((Kind::Illegal, 1), |(text, kind)| (*kind, text.len()))
}

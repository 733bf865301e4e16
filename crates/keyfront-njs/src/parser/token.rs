//! Tokens of njs, and its keywords.

use std::ops::Range;

use keyfront_domain::function::Runtime;

/// What a token is, as far as njs's grammar tells them apart.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(super) enum TokenKind {
    End,
    Illegal,
    LineEnd,
    Comment,

    Number,
    Text,
    EscapedText,
    UnterminatedText,
    Name,
    Backtick,

    OpenParen,
    CloseParen,
    OpenBracket,
    CloseBracket,
    OpenBrace,
    CloseBrace,
    Comma,
    Dot,
    Ellipsis,
    Semicolon,
    Colon,
    Question,
    Coalesce,
    Arrow,

    /// `=`
    Assign,
    /// `+=` and its like, but not `/=`.
    AssignWith,
    /// `/=`, which may also begin a regular expression.
    DivideWith,
    Increment,
    Decrement,

    LogicalOr,
    LogicalAnd,
    BitOr,
    BitXor,
    BitAnd,
    Equality,
    Relation,
    Shift,
    Plus,
    Minus,
    Star,
    Percent,
    /// `/`, which may also begin a regular expression.
    Slash,
    Power,
    Tilde,
    Not,

    Word(Word),
}

/// The words that njs knows.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(super) enum Word {
    Arguments,
    Async,
    Await,
    Break,
    Case,
    Catch,
    Class,
    Const,
    Continue,
    Debugger,
    Default,
    Delete,
    Do,
    Else,
    Eval,
    Export,
    False,
    Finally,
    For,
    From,
    Function,
    If,
    Import,
    In,
    Instanceof,
    Let,
    New,
    Null,
    Of,
    Return,
    Super,
    Switch,
    This,
    Throw,
    True,
    Try,
    Typeof,
    Undefined,
    Var,
    Void,
    While,
    With,
    Yield,
    /// A word with no meaning that may be a name.
    Free,
    /// A word with no meaning that may not be a name.
    Reserved,
}

/// The words of cloudfront-js-2.0, in the order of the alphabet.
const WORDS: [(&str, Word); 54] = [
    ("arguments", Word::Arguments),
    ("async", Word::Async),
    ("await", Word::Await),
    ("break", Word::Break),
    ("case", Word::Case),
    ("catch", Word::Catch),
    ("class", Word::Class),
    ("const", Word::Const),
    ("continue", Word::Continue),
    ("debugger", Word::Debugger),
    ("default", Word::Default),
    ("delete", Word::Delete),
    ("do", Word::Do),
    ("else", Word::Else),
    ("enum", Word::Reserved),
    ("eval", Word::Eval),
    ("export", Word::Export),
    ("extends", Word::Reserved),
    ("false", Word::False),
    ("finally", Word::Finally),
    ("for", Word::For),
    ("from", Word::From),
    ("function", Word::Function),
    ("if", Word::If),
    ("implements", Word::Reserved),
    ("import", Word::Import),
    ("in", Word::In),
    ("instanceof", Word::Instanceof),
    ("interface", Word::Reserved),
    ("let", Word::Let),
    ("meta", Word::Free),
    ("new", Word::New),
    ("null", Word::Null),
    ("of", Word::Of),
    ("package", Word::Reserved),
    ("private", Word::Reserved),
    ("protected", Word::Reserved),
    ("public", Word::Reserved),
    ("return", Word::Return),
    ("static", Word::Reserved),
    ("super", Word::Super),
    ("switch", Word::Switch),
    ("target", Word::Free),
    ("this", Word::This),
    ("throw", Word::Throw),
    ("true", Word::True),
    ("try", Word::Try),
    ("typeof", Word::Typeof),
    ("undefined", Word::Undefined),
    ("var", Word::Var),
    ("void", Word::Void),
    ("while", Word::While),
    ("with", Word::With),
    ("yield", Word::Yield),
];

impl TokenKind {
    /// What a word of code is: one that njs knows, or a name.
    pub(super) fn of_word(text: &str, runtime: Runtime) -> TokenKind {
        let Ok(found) = WORDS.binary_search_by(|(word, _)| (*word).cmp(text)) else {
            return TokenKind::Name;
        };
        let word = WORDS.get(found).map_or(Word::Reserved, |(_, word)| *word);
        match (runtime, word) {
            (Runtime::Js1, Word::Let | Word::Const | Word::Await) => TokenKind::Word(Word::Reserved),
            (Runtime::Js1, Word::Async) => TokenKind::Name,
            (Runtime::Js1 | Runtime::Js2, _) => TokenKind::Word(word),
        }
    }

    /// Whether it is a word that cannot be a name.
    pub(super) fn is_reserved(self) -> bool {
        let TokenKind::Word(word) = self else { return false };
        !matches!(
            word,
            Word::Arguments | Word::Async | Word::Eval | Word::From | Word::Of | Word::Undefined | Word::Free
        )
    }

    /// Whether it can stand behind a dot.
    pub(super) fn is_identifier_name(self) -> bool {
        matches!(self, TokenKind::Name | TokenKind::Word(_))
    }

    /// Whether it can name a variable. njs lets `await` and `yield` name one.
    pub(super) fn is_binding(self) -> bool {
        matches!(self, TokenKind::Name | TokenKind::Word(Word::Yield | Word::Await))
            || (matches!(self, TokenKind::Word(_)) && !self.is_reserved())
    }

    /// Whether it cannot be declared: `eval` and `arguments`.
    pub(super) fn is_restricted(self) -> bool {
        matches!(self, TokenKind::Word(Word::Eval | Word::Arguments))
    }
}

/// A token of the code.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(super) struct Token {
    pub(super) kind: TokenKind,
    /// Where its text begins, in bytes; for a string the text is what stands between the quotes.
    pub(super) start: usize,
    /// Where its text ends.
    pub(super) end: usize,
    /// Where the token itself begins, quotes included.
    pub(super) at: usize,
    /// The line that njs counts for it.
    pub(super) line: u32,
}

impl Token {
    /// Where its text stands.
    pub(super) fn range(self) -> Range<usize> {
        self.start..self.end
    }
}

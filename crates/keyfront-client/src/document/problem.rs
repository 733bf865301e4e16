//! The problems that a file of pairs can have, their positions and their messages.
//!
//! A problem is one line, such as `pairs.csv:17: the key "a/b" is there twice, first on line 3`. Keys are
//! shown escaped and cut; values are never shown.

use std::fmt;

use super::format::UnknownFormat;
use crate::key_text::key_text;

/// The size of the largest file that is read, in bytes. A full store has 5 MiB; the rest is room for spelling.
pub const MAX_FILE_BYTES: u64 = 64 * 1024 * 1024;

/// How many problems of one file are kept and shown; the others are counted.
pub const MAX_PROBLEMS: usize = 50;

/// A place in a file.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Position {
    /// The line, from 1.
    pub line: u64,
    /// The column in characters, from 1, where a line may hold much.
    pub column: Option<u64>,
}

impl Position {
    /// The same place without its column.
    #[must_use]
    pub fn line_only(self) -> Position {
        Position { column: None, ..self }
    }
}

impl fmt::Display for Position {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "line {}", self.line)?;
        self.column.map_or(Ok(()), |column| write!(f, ", column {column}"))
    }
}

/// The type of a value that is not a text.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ValueType {
    /// A null; in YAML also nothing at all.
    Null,
    /// `true` or `false` in JSON.
    Boolean,
    /// A number in JSON.
    Number,
    /// A list.
    List,
    /// An object; in YAML a mapping.
    Object,
    /// A YAML alias, such as `*name`.
    Alias,
    /// A YAML tag that changes what a text means, such as `!!binary`.
    Tagged,
}

impl ValueType {
    fn advice(self) -> &'static str {
        match self {
            ValueType::Null => r#"write "" for an empty value, or remove the pair"#,
            ValueType::Boolean | ValueType::Number => "put it in quotes",
            ValueType::List | ValueType::Object => "write it as one text in quotes",
            ValueType::Alias => "write out what it stands for",
            ValueType::Tagged => "remove the tag",
        }
    }
}

impl fmt::Display for ValueType {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            ValueType::Null => "null",
            ValueType::Boolean => "a boolean",
            ValueType::Number => "a number",
            ValueType::List => "a list",
            ValueType::Object => "an object",
            ValueType::Alias => "an alias",
            ValueType::Tagged => "tagged",
        })
    }
}

/// What is wrong. Names in it are quoted, escaped and cut.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[expect(missing_docs, reason = "the text of each says what it means and what its fields are")]
pub enum ProblemKind {
    #[error("cannot be read: {0}")]
    Unreadable(String),
    #[error("has more than {} MiB, the most that is read; a full store has 5 MiB", MAX_FILE_BYTES / 1024 / 1024)]
    FileTooLarge,
    #[error("{0}")]
    UnknownFormat(UnknownFormat),
    #[error("is UTF-16; save it as UTF-8")]
    Utf16,
    #[error("is not UTF-8 from here on; save the file as UTF-8")]
    NotUtf8,
    #[error("is not valid {format}: {message}")]
    Syntax { format: &'static str, message: String },
    #[error("the document is empty; without pairs it is {{}}")]
    EmptyDocument,
    #[error("a second document begins here; a file holds one")]
    SecondDocument,
    #[error("the document is {0}; it must be an object of keys and values, or {{\"data\": [...]}}")]
    DocumentType(ValueType),
    #[error("the document is a text; it must be an object of keys and values, or {{\"data\": [...]}}")]
    DocumentText,
    #[error("\"data\" is a list beside other members ({0}); a list of pairs stands alone")]
    MixedMembers(String),
    #[error("this is a part of a list, with a NextToken behind it; read the list to its end first")]
    PartOfAList,
    #[error("\"{0}\" is there twice")]
    RepeatedName(&'static str),
    #[error("the {whole} has no \"{name}\"")]
    MissingName { whole: &'static str, name: &'static str },
    #[error("the {whole} has unknown {parts}: {names}; it has \"key\" and \"value\" alone")]
    UnknownNames { whole: &'static str, parts: &'static str, names: String },
    #[error("the item is {0}; it must be {{\"key\": \"...\", \"value\": \"...\"}}")]
    ItemType(String),
    #[error(
        "the record has {found} field{plural} and the header has 2; quote a field that contains a comma",
        plural = if *.found == 1 { "" } else { "s" }
    )]
    FieldCount { found: usize },
    #[error(
        "a quotation mark is not closed, or not doubled inside a field; quote the field and double the marks in it"
    )]
    Quotes,
    #[error("a key is {0}; {advice}", advice = .0.advice())]
    KeyType(ValueType),
    #[error("the value of the key {key} is {kind}; {advice}", advice = .kind.advice())]
    ValueType { key: String, kind: ValueType },
    #[error("the key is empty; a key has at least one character")]
    EmptyKey,
    #[error("the key {key} has {bytes} bytes; a key has at most {limit}")]
    KeyTooLong { key: String, bytes: u64, limit: u64 },
    #[error("the value of the key {key} has {bytes} bytes; a value has at most {limit}")]
    ValueTooLong { key: String, bytes: u64, limit: u64 },
    #[error("the key {key} is there twice, first on {first}")]
    DuplicateKey { key: String, first: Position },
}

/// One problem and its position.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Problem {
    /// Where it is; none when it concerns the whole file.
    pub position: Option<Position>,
    /// What it is.
    pub kind: ProblemKind,
}

/// Everything that is wrong with one file. `Display` is one line for each problem, without a last line break.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Problems {
    file: String,
    listed: Vec<Problem>,
    more: usize,
}

impl Problems {
    /// `listed` are the first [`MAX_PROBLEMS`] that were found, and `more` is how many others there are.
    pub(super) fn new(file: &str, mut listed: Vec<Problem>, more: usize) -> Self {
        listed.sort_by_key(|problem| problem.position);
        Problems { file: file.to_owned(), listed, more }
    }

    pub(super) fn alone(file: &str, position: Option<Position>, kind: ProblemKind) -> Self {
        Problems::new(file, vec![Problem { position, kind }], 0)
    }

    /// What the file is called.
    pub fn file(&self) -> &str {
        &self.file
    }

    /// The problems in the order of their places, [`MAX_PROBLEMS`] at most.
    pub fn listed(&self) -> &[Problem] {
        &self.listed
    }

    /// How many problems there are, listed or not.
    pub fn count(&self) -> usize {
        self.listed.len().saturating_add(self.more)
    }
}

impl fmt::Display for Problems {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (index, Problem { position, kind }) in self.listed.iter().enumerate() {
            let line_break = if index == 0 { "" } else { "\n" };
            write!(f, "{line_break}{}", self.file)?;
            if let Some(Position { line, column }) = position {
                write!(f, ":{line}")?;
                column.map_or(Ok(()), |column| write!(f, ":{column}"))?;
            }
            write!(f, ": {kind}")?;
        }
        if self.more > 0 {
            write!(f, "\n{}: and {} more problems", self.file, self.more)?;
        }
        Ok(())
    }
}

impl std::error::Error for Problems {}

const SHOWN_NAMES: usize = 5;

/// Names that are collected for one problem: the first few, and how many there are.
#[derive(Default)]
pub(super) struct Names {
    first: Vec<String>,
    more: usize,
}

impl Names {
    pub(super) fn add(&mut self, name: &str) {
        if self.first.len() < SHOWN_NAMES { self.first.push(key_text(name)) } else { self.more += 1 }
    }

    pub(super) fn is_empty(&self) -> bool {
        self.first.is_empty()
    }
}

impl fmt::Display for Names {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.first.join(", "))?;
        if self.more > 0 { write!(f, " and {} more", self.more) } else { Ok(()) }
    }
}

/// [`MAX_PROBLEMS`] problems and a count of the others, as they are found.
#[derive(Default)]
pub(super) struct ProblemList {
    listed: Vec<Problem>,
    more: usize,
}

impl ProblemList {
    pub(super) fn add(&mut self, position: Option<Position>, kind: ProblemKind) {
        if self.listed.len() < MAX_PROBLEMS {
            self.listed.push(Problem { position, kind });
        } else {
            self.more += 1;
        }
    }

    pub(super) fn into_result(self, file: &str) -> Result<(), Problems> {
        if self.listed.is_empty() { Ok(()) } else { Err(Problems::new(file, self.listed, self.more)) }
    }
}

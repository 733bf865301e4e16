//! Early errors: why the runtime refuses code before it runs.

use std::fmt;

/// The class of the error that njs throws.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum ErrorName {
    /// `SyntaxError`
    Syntax,
    /// `ReferenceError`: njs throws it for an assignment to what cannot be assigned to.
    Reference,
}

impl ErrorName {
    /// The name as JavaScript has it.
    pub fn as_str(self) -> &'static str {
        match self {
            ErrorName::Syntax => "SyntaxError",
            ErrorName::Reference => "ReferenceError",
        }
    }
}

/// Code that the runtime refuses (ECMAScript: "early errors").
///
/// It prints as CloudFront prints it: `SyntaxError: Token "of" not supported in this version in 22`.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct EarlyError {
    /// The class of the error.
    pub error: ErrorName,
    /// What njs says, without the line.
    pub message: String,
    /// The line that njs names, from 1. It may be one after the position, because njs names the line it has reached.
    pub line: u32,
    /// Whether CloudFront's text contains the line; a few do not.
    pub names_line: bool,
    /// The column of the position, in characters from 1.
    pub column: u32,
    /// How to write it instead, in a sentence or two, where there is a way.
    pub instead: Option<&'static str>,
}

impl fmt::Display for EarlyError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}: {}", self.error.as_str(), self.message)?;
        if self.names_line { write!(f, " in {}", self.line) } else { Ok(()) }
    }
}

/// The line and the column of a byte position in code, both from 1; the column counts characters.
pub(crate) fn position(code: &str, at: usize) -> (u32, u32) {
    let before = code.get(..at).unwrap_or(code);
    let start = before.rfind('\n').map_or(0, |end| end + 1);
    let line = before.matches('\n').count() + 1;
    let column = before.get(start..).unwrap_or_default().chars().count() + 1;
    (u32::try_from(line).unwrap_or(u32::MAX), u32::try_from(column).unwrap_or(u32::MAX))
}

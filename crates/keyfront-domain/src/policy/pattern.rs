//! Patterns: text with the wildcards `*` and `?` and with policy variables.
//!
//! A pattern is taken apart when the policy is parsed. A variable's value is compared as it is: a `*`
//! in a user's name is an asterisk and never a wildcard. Matching tries each `*` at its leftmost place
//! only, which is enough because all other parts have a fixed number of characters; its cost is at most
//! the length of the pattern times the length of the text.

use super::request::{Principal, PrincipalFact};

/// Whether `a` and `A` are the same.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Case {
    Sensitive,
    Insensitive,
}

/// What a pattern's text may hold besides letters.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Syntax {
    /// `*` and `?` stand for other characters.
    pub(super) wildcards: bool,
    /// `${…}` is a variable or an escape; without it, it is refused.
    pub(super) variables: bool,
}

/// A parsed pattern: what stands between the `*`. One chunk means that it has no `*`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Pattern(Vec<Chunk>);

type Chunk = Vec<Piece>;

#[derive(Debug, Clone, PartialEq, Eq)]
enum Piece {
    Text(String),
    Variable(PrincipalFact),
    AnyCharacter,
}

impl Pattern {
    /// Takes a pattern apart. The error says what is wrong and what to write instead.
    pub(super) fn parse(text: &str, syntax: Syntax) -> Result<Pattern, String> {
        let mut chunks = vec![Chunk::new()];
        let mut rest = text;
        while let Some(next) = rest.chars().next() {
            if let Some(from_name) = rest.strip_prefix("${") {
                let (name, after) = variable_name(from_name, syntax)?;
                append(&mut chunks, variable(name)?);
                rest = after;
                continue;
            }
            match next {
                '*' if syntax.wildcards => chunks.push(Chunk::new()),
                '?' if syntax.wildcards => append(&mut chunks, Piece::AnyCharacter),
                other => append(&mut chunks, Piece::Text(other.into())),
            }
            rest = rest.strip_prefix(next).unwrap_or_default();
        }
        Ok(Pattern(chunks))
    }

    /// Whether the whole of `text` fits the pattern.
    pub(super) fn matches(&self, text: &str, principal: &Principal<'_>, case: Case) -> bool {
        let matcher = Matcher { principal, case };
        match self.0.as_slice() {
            [] => text.is_empty(),
            [only] => matcher.strip_start(only, text) == Some(""),
            [first, middle @ .., last] => matcher
                .strip_start(first, text)
                .and_then(|rest| matcher.strip_end(last, rest))
                .and_then(|rest| {
                    middle.iter().try_fold(rest, |rest, chunk| matcher.strip_through(chunk, rest))
                })
                .is_some(),
        }
    }

    /// Whether the pattern has a `*`.
    pub(super) fn has_star(&self) -> bool {
        self.0.len() > 1
    }
}

/// Adds a piece to the last chunk, text to text.
fn append(chunks: &mut [Chunk], piece: Piece) {
    let Some(chunk) = chunks.last_mut() else { return };
    match (chunk.last_mut(), piece) {
        (Some(Piece::Text(before)), Piece::Text(more)) => before.push_str(&more),
        (_, piece) => chunk.push(piece),
    }
}

/// Splits `name}rest` where a variable begins.
fn variable_name(text: &str, syntax: Syntax) -> Result<(&str, &str), String> {
    if !syntax.variables {
        return Err("policy variables (`${…}`) are not allowed here; they need \"Version\": \"2012-10-17\" \
                    and stand in resources and in the values of String and Arn conditions"
            .to_owned());
    }
    text.split_once('}').ok_or_else(|| "`${` is never closed; write `${$}` for a dollar sign".to_owned())
}

fn variable(name: &str) -> Result<Piece, String> {
    if matches!(name, "*" | "?" | "$") {
        return Ok(Piece::Text(name.to_owned()));
    }
    PrincipalFact::parse(name).map(Piece::Variable).ok_or_else(|| {
        format!(
            "the policy variable `${{{name}}}` is not supported; Keyfront knows ${{aws:username}}, \
             ${{aws:userid}}, ${{aws:PrincipalAccount}}, ${{aws:PrincipalArn}}, ${{aws:PrincipalType}}, \
             and the escapes ${{*}}, ${{?}} and ${{$}}"
        )
    })
}

struct Matcher<'m> {
    principal: &'m Principal<'m>,
    case: Case,
}

impl Matcher<'_> {
    /// What follows `chunk` at the start of `text`.
    fn strip_start<'t>(&self, chunk: &[Piece], text: &'t str) -> Option<&'t str> {
        chunk.iter().try_fold(text, |rest, piece| match piece {
            Piece::Text(literal) => self.strip_prefix(rest, literal),
            Piece::Variable(fact) => self.strip_prefix(rest, self.principal.fact(*fact)),
            Piece::AnyCharacter => {
                let mut characters = rest.chars();
                characters.next().map(|_| characters.as_str())
            }
        })
    }

    /// What comes before `chunk` at the end of `text`.
    fn strip_end<'t>(&self, chunk: &[Piece], text: &'t str) -> Option<&'t str> {
        chunk.iter().rev().try_fold(text, |rest, piece| match piece {
            Piece::Text(literal) => self.strip_suffix(rest, literal),
            Piece::Variable(fact) => self.strip_suffix(rest, self.principal.fact(*fact)),
            Piece::AnyCharacter => {
                let mut characters = rest.chars();
                characters.next_back().map(|_| characters.as_str())
            }
        })
    }

    /// What follows the first place in `text` where `chunk` fits.
    fn strip_through<'t>(&self, chunk: &[Piece], text: &'t str) -> Option<&'t str> {
        let mut rest = text;
        loop {
            if let Some(after) = self.strip_start(chunk, rest) {
                return Some(after);
            }
            let mut characters = rest.chars();
            characters.next()?;
            rest = characters.as_str();
        }
    }

    fn strip_prefix<'t>(&self, text: &'t str, prefix: &str) -> Option<&'t str> {
        if self.case == Case::Sensitive {
            return text.strip_prefix(prefix);
        }
        let mut characters = text.chars();
        prefix
            .chars()
            .all(|wanted| characters.next().is_some_and(|found| same_letter(found, wanted)))
            .then_some(characters.as_str())
    }

    fn strip_suffix<'t>(&self, text: &'t str, suffix: &str) -> Option<&'t str> {
        if self.case == Case::Sensitive {
            return text.strip_suffix(suffix);
        }
        let mut characters = text.chars();
        suffix
            .chars()
            .rev()
            .all(|wanted| characters.next_back().is_some_and(|found| same_letter(found, wanted)))
            .then_some(characters.as_str())
    }
}

fn same_letter(a: char, b: char) -> bool {
    a.eq_ignore_ascii_case(&b) || (!(a.is_ascii() && b.is_ascii()) && a.to_lowercase().eq(b.to_lowercase()))
}

//! Matches URLs against the resource pattern of a custom policy.
//!
//! A pattern has a protocol, a domain, a path and a query. `*` stands for any characters and `?` for one,
//! and neither reaches out of its section, with these exceptions:
//!
//! - `*` alone is any URL;
//! - a `*` at the end of the path takes any query too, or none;
//! - a `*` at the end of the domain, with no path behind it, takes any path and query;
//! - without a protocol, a pattern that begins with `*` is for both protocols.
//!
//! The query begins at `\?`. Signers often write a plain `?` there (`…/image.jpg?size=large`), so a `?`
//! also takes the question mark between path and query. Protocol and domain are compared without regard to
//! case, as names of hosts are; everything else byte by byte, without percent-decoding.
//!
//! Matching carries the set of states in the pattern that are still possible from one character to the
//! next: at most the length of the pattern times the length of the URL, whatever the pattern.
//!
//! Source: AWS: Create a signed URL using a custom policy, `Resource`.

use super::denial::Section;

/// A URL as a viewer asked for it, without CloudFront's parameters.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Url<'u> {
    /// `http` or `https`.
    pub scheme: &'u str,
    /// The host with its port, as the viewer sent it.
    pub host: &'u str,
    /// Path and query.
    pub target: &'u str,
}

/// Where a pattern and a URL part.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Mismatch<'m> {
    pub(super) section: Section,
    /// The section of the pattern; nothing, if the pattern does not have it.
    pub(super) wanted: Option<&'m str>,
    /// The section of the URL; nothing, if the URL does not have it.
    pub(super) found: Option<&'m str>,
}

/// Compares a URL with a pattern.
pub(super) fn compare<'m>(pattern: &'m str, url: Url<'m>) -> Result<(), Mismatch<'m>> {
    if pattern == "*" {
        return Ok(());
    }
    let (protocol, rest) = split_protocol(pattern);
    if !protocol.is_some_and(|protocol| fits(protocol, url.scheme)) {
        return Err(Mismatch { section: Section::Protocol, wanted: protocol, found: Some(url.scheme) });
    }
    let (domain, target) = split_domain(rest);
    if !fits(domain, url.host) {
        return Err(Mismatch { section: Section::Domain, wanted: Some(domain), found: Some(url.host) });
    }
    if target.is_empty() && domain.ends_with('*') {
        return Ok(());
    }
    compare_target(target, url.target)
}

/// Protocol and rest. A pattern has no protocol if it has no `://`, or none before its first slash, and
/// does not begin with `*`.
fn split_protocol(pattern: &str) -> (Option<&str>, &str) {
    match pattern.split_once("://") {
        Some((protocol, rest)) if !protocol.contains(['/', '\\']) => (Some(protocol), rest),
        Some(_) | None if pattern.starts_with('*') => (Some("*"), pattern),
        Some(_) | None => (None, pattern),
    }
}

/// Domain and the rest from the first slash or `\?` on.
fn split_domain(rest: &str) -> (&str, &str) {
    let end = match (rest.find('/'), rest.find(r"\?")) {
        (Some(slash), Some(query)) => slash.min(query),
        (Some(end), None) | (None, Some(end)) => end,
        (None, None) => rest.len(),
    };
    rest.split_at_checked(end).unwrap_or((rest, ""))
}

fn compare_target<'m>(pattern: &'m str, target: &'m str) -> Result<(), Mismatch<'m>> {
    let (wanted_path, wanted_query) = split_query(pattern, r"\?");
    let (path, query) = split_query(target, "?");
    let tokens = tokens(pattern, Case::Sensitive);
    let mut states = States::new(&tokens, wanted_query.is_none());
    for character in path.chars() {
        if states.take_everything() {
            return Ok(());
        }
        states.step(Some(character));
    }
    let path_fits = states.at_end() || states.before_query(query.is_some());
    if let Some(query) = query {
        states.step(None);
        for character in query.chars() {
            if states.take_everything() {
                return Ok(());
            }
            states.step(Some(character));
        }
    }
    if states.at_end() {
        Ok(())
    } else if path_fits {
        let wanted = wanted_query.or_else(|| split_query(pattern, "?").1);
        Err(Mismatch { section: Section::Query, wanted, found: query })
    } else {
        Err(Mismatch { section: Section::Path, wanted: Some(wanted_path), found: Some(path) })
    }
}

fn split_query<'t>(text: &'t str, separator: &str) -> (&'t str, Option<&'t str>) {
    match text.split_once(separator) {
        Some((path, query)) => (path, Some(query)),
        None => (text, None),
    }
}

/// Whether the whole of a protocol or a domain fits.
fn fits(pattern: &str, text: &str) -> bool {
    if pattern.eq_ignore_ascii_case(text) || pattern == "*" {
        return true;
    }
    let tokens = tokens(pattern, Case::Insensitive);
    let mut states = States::new(&tokens, false);
    for character in text.chars() {
        states.step(Some(character.to_ascii_lowercase()));
    }
    states.at_end()
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Case {
    Sensitive,
    Insensitive,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Token {
    Character(char),
    /// `?`: one character, or the question mark before the query.
    One,
    /// `*`: any characters of the section.
    Any,
    /// `\?`: a question mark, be it the one before the query or a later one.
    QuestionMark,
}

fn tokens(pattern: &str, case: Case) -> Vec<Token> {
    let mut tokens = Vec::with_capacity(pattern.len());
    let mut characters = pattern.chars().peekable();
    while let Some(character) = characters.next() {
        let token = match character {
            '*' if tokens.last() == Some(&Token::Any) => continue,
            '*' => Token::Any,
            '?' => Token::One,
            '\\' if characters.next_if_eq(&'?').is_some() => Token::QuestionMark,
            other if case == Case::Insensitive => Token::Character(other.to_ascii_lowercase()),
            other => Token::Character(other),
        };
        tokens.push(token);
    }
    tokens
}

/// The states in a pattern that fit everything that was read so far.
struct States<'t> {
    tokens: &'t [Token],
    /// A `*` at the very end takes the question mark before the query, and the query.
    open_end: bool,
    /// Indexes of the tokens that come next, ascending, none twice.
    now: Vec<usize>,
    before: Vec<usize>,
}

impl<'t> States<'t> {
    fn new(tokens: &'t [Token], open_end: bool) -> Self {
        let mut states = States { tokens, open_end, now: Vec::new(), before: Vec::new() };
        states.add(0);
        states
    }

    /// Adds a state, and those behind it that an empty `*` leads to.
    ///
    /// States are added in ascending order, except that two of them may lead through the same `*`; then the
    /// second finds what it would add already there.
    fn add(&mut self, state: usize) {
        let mut state = state;
        loop {
            if self.now.last().is_none_or(|last| *last < state) {
                self.now.push(state);
            }
            if self.tokens.get(state) != Some(&Token::Any) {
                return;
            }
            state += 1;
        }
    }

    /// Reads one character, or the question mark before the query as nothing.
    fn step(&mut self, character: Option<char>) {
        std::mem::swap(&mut self.now, &mut self.before);
        self.now.clear();
        for index in 0..self.before.len() {
            let Some(&state) = self.before.get(index) else { return };
            let next = match (self.tokens.get(state), character) {
                (Some(Token::Character(wanted)), Some(found)) if *wanted == found => state + 1,
                (Some(Token::QuestionMark), None | Some('?')) | (Some(Token::One), _) => state + 1,
                (Some(Token::Any), Some(_)) => state,
                (Some(Token::Any), None) if self.is_open(state) => state,
                _ => continue,
            };
            self.add(next);
        }
    }

    fn is_open(&self, state: usize) -> bool {
        self.open_end && state + 1 == self.tokens.len()
    }

    /// Whether the pattern takes whatever comes.
    fn take_everything(&self) -> bool {
        // The end itself is behind the last `*`, hence the last but one.
        self.open_end
            && self.tokens.last() == Some(&Token::Any)
            && self.now.iter().rev().take(2).any(|state| self.is_open(*state))
    }

    /// Whether the pattern is complete.
    fn at_end(&self) -> bool {
        self.now.last() == Some(&self.tokens.len())
    }

    /// Whether the query begins here: by `\?`, or by `?` if the URL has one.
    fn before_query(&self, has_query: bool) -> bool {
        self.now.iter().any(|state| match self.tokens.get(*state) {
            Some(Token::QuestionMark) => true,
            Some(Token::One) => has_query,
            Some(Token::Character(_) | Token::Any) | None => false,
        })
    }
}

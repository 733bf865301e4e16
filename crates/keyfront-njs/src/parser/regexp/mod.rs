//! Checks regular expression literals. njs compiles them with PCRE2 while it parses, so what PCRE2 refuses is an error of the
//! whole code.
//!
//! This finds what PCRE2 refuses in patterns that JavaScript has, and in those that are wrong in JavaScript, too. The
//! extensions of PCRE2 that JavaScript does not have are let through here; the parser behind this one refuses them.

mod class;
mod quantifier;

use self::quantifier::count;

/// How deep PCRE2 lets parentheses be nested.
const MAX_PARENTHESES: usize = 250;

/// The highest count of a quantifier.
const MAX_COUNT: u32 = 65_535;

/// What PCRE2 says.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct PatternError<'p> {
    pub(super) message: &'static str,
    /// The pattern from the position on.
    pub(super) rest: &'p str,
}

/// Where the pattern ends whose text follows: the position of the slash, or how much of the text is shown when there is
/// none.
pub(super) fn end(text: &str) -> Result<usize, usize> {
    let mut in_class = false;
    let mut escaped = false;
    for (index, character) in text.char_indices() {
        match character {
            '\n' | '\r' => return Err(index),
            _ if escaped => escaped = false,
            '\\' => escaped = true,
            '[' => in_class = true,
            ']' => in_class = false,
            '/' if !in_class => return Ok(index),
            _ => {}
        }
    }
    Err(text.len())
}

/// How many bytes of flags the text begins with, or how many are shown when one of them is wrong.
pub(super) fn flags(text: &str) -> Result<usize, usize> {
    let mut known = String::new();
    for (index, flag) in text.char_indices() {
        if !flag.is_ascii_lowercase() {
            return Ok(index);
        }
        if !matches!(flag, 'g' | 'i' | 'm' | 'y') || known.contains(flag) {
            return Err(index + 1);
        }
        known.push(flag);
    }
    Ok(text.len())
}

/// What PCRE2 finds wrong with a pattern.
pub(super) fn check(pattern: &str) -> Option<PatternError<'_>> {
    let mut checker = Checker {
        pattern,
        at: 0,
        groups: 0,
        names: Vec::new(),
        numbers_used: Vec::new(),
        names_used: Vec::new(),
        depth: 0,
        variable_lookbehind: None,
    };
    let (message, at) = match checker.pattern() {
        Err(error) => error,
        Ok(()) => checker.late()?,
    };
    Some(PatternError { message, rest: pattern.get(at..).unwrap_or_default() })
}

type Checked<T> = Result<T, (&'static str, usize)>;

/// How many characters a part matches, where that is known.
type Length = Option<u32>;

struct Checker<'p> {
    pattern: &'p str,
    at: usize,
    groups: u32,
    names: Vec<&'p str>,
    /// Groups that are referred to, each with the position.
    numbers_used: Vec<(u32, usize)>,
    names_used: Vec<(&'p str, usize)>,
    depth: usize,
    variable_lookbehind: Option<usize>,
}

const NOT_REPEATABLE: &str = "quantifier does not follow a repeatable item";
const NO_SUCH_GROUP: &str = "reference to non-existent subpattern";
const NAME_SYNTAX: &str = "syntax error in subpattern name (missing terminator?)";

impl<'p> Checker<'p> {
    fn rest(&self) -> &'p str {
        self.pattern.get(self.at..).unwrap_or_default()
    }

    fn next(&self) -> Option<char> {
        self.rest().chars().next()
    }

    fn take(&mut self) -> Option<char> {
        let next = self.next()?;
        self.at += next.len_utf8();
        Some(next)
    }

    fn take_if(&mut self, text: &str) -> bool {
        let is = self.rest().starts_with(text);
        if is {
            self.at += text.len();
        }
        is
    }

    fn pattern(&mut self) -> Checked<()> {
        self.alternatives()?;
        match self.next() {
            Some(_) => Err(("unmatched closing parenthesis", self.at)),
            None => Ok(()),
        }
    }

    /// What PCRE2 finds when the whole pattern has been read.
    fn late(&self) -> Option<(&'static str, usize)> {
        if let Some(at) = self.variable_lookbehind {
            return Some(("lookbehind assertion is not fixed length", at));
        }
        let number = self.numbers_used.iter().find(|(number, _)| *number > self.groups).map(|(_, at)| *at);
        let name = self.names_used.iter().find(|(name, _)| !self.names.contains(name)).map(|(_, at)| *at);
        number.into_iter().chain(name).min().map(|at| (NO_SUCH_GROUP, at))
    }

    /// Alternatives up to a closing parenthesis or the end: the length of all of them, and whether each has one.
    fn alternatives(&mut self) -> Checked<(Length, bool)> {
        let mut common = self.sequence()?;
        let mut each = common.is_some();
        while self.take_if("|") {
            let length = self.sequence()?;
            each &= length.is_some();
            common = common.filter(|_| common == length);
        }
        Ok((common, each))
    }

    fn sequence(&mut self) -> Checked<Length> {
        let mut length = Some(0_u32);
        while let Some(next) = self.next() {
            if matches!(next, '|' | ')') {
                break;
            }
            let (item, repeatable) = self.item()?;
            let item = self.quantifier(item, repeatable)?;
            length = length.zip(item).map(|(length, item)| length.saturating_add(item));
        }
        Ok(length)
    }

    /// One item: its length and whether it may be repeated.
    fn item(&mut self) -> Checked<(Length, bool)> {
        let start = self.at;
        match self.take() {
            Some('(') => self.group(start),
            Some('[') => {
                self.at = class::check(self.pattern, self.at)?;
                Ok((Some(1), true))
            }
            Some('\\') => self.escape(),
            Some('^' | '$') => Ok((Some(0), false)),
            Some('*' | '+' | '?') => Err((NOT_REPEATABLE, start)),
            Some('{') => match count(self.pattern.get(start..).unwrap_or_default()) {
                Some(count) => Err((NOT_REPEATABLE, start + count.length - 1)),
                None => Ok((Some(1), true)),
            },
            Some(_) | None => Ok((Some(1), true)),
        }
    }

    /// What repeats an item.
    fn quantifier(&mut self, item: Length, repeatable: bool) -> Checked<Length> {
        let start = self.at;
        let length = match self.next() {
            Some('*' | '+' | '?') => {
                self.at += 1;
                None
            }
            Some('{') => {
                let Some(count) = count(self.rest()) else { return Ok(item) };
                self.at += count.length;
                let end = self.at - 1;
                if count.least > MAX_COUNT || count.most.is_some_and(|most| most > MAX_COUNT) {
                    return Err(("number too big in {} quantifier", end));
                }
                if count.most.is_some_and(|most| most < count.least) {
                    return Err(("numbers out of order in {} quantifier", end));
                }
                item.filter(|_| count.most == Some(count.least)).map(|item| item.saturating_mul(count.least))
            }
            Some(_) | None => return Ok(item),
        };
        if !repeatable {
            return Err((NOT_REPEATABLE, self.at.saturating_sub(1).max(start)));
        }
        if !self.take_if("?") {
            self.take_if("+");
        }
        Ok(length)
    }

    fn group(&mut self, start: usize) -> Checked<(Length, bool)> {
        self.depth += 1;
        if self.depth > MAX_PARENTHESES {
            return Err(("parentheses are too deeply nested", self.at));
        }
        let mut is_assertion = false;
        let mut is_behind = false;
        if self.take_if("?") {
            if self.take_if("<=") || self.take_if("<!") {
                (is_assertion, is_behind) = (true, true);
            } else if self.take_if("=") || self.take_if("!") {
                is_assertion = true;
            } else if self.take_if("<") || self.take_if("P<") || self.take_if("'") {
                self.name()?;
            } else if let Some(next) = self.next() {
                self.other_group(next)?;
            }
        } else if self.next() == Some('*') && self.rest().chars().nth(1).is_some_and(char::is_alphabetic) {
            // A verb of PCRE2. What it does in JavaScript is refused there.
            self.at += 1;
        } else {
            self.groups += 1;
        }
        let (length, each) = self.alternatives()?;
        if self.take() != Some(')') {
            return Err(("missing closing parenthesis", self.pattern.len()));
        }
        self.depth -= 1;
        if is_behind && !each {
            let earlier = self.variable_lookbehind.unwrap_or(start);
            self.variable_lookbehind = Some(earlier.min(start));
        }
        Ok((if is_assertion { Some(0) } else { length }, true))
    }

    /// Groups without a capture and those that only PCRE2 has.
    fn other_group(&mut self, next: char) -> Checked<()> {
        match next {
            ':' | '>' | '|' => {
                self.at += 1;
                Ok(())
            }
            '#' => {
                self.at = self.rest().find(')').map_or(self.pattern.len(), |end| self.at + end);
                Ok(())
            }
            'a'..='z' | 'A'..='Z' | '-' | '^' | '0'..='9' | '+' | '&' | '(' => self.options(),
            _ => Err(("unrecognized character after (? or (?-", self.at)),
        }
    }

    fn options(&mut self) -> Checked<()> {
        while let Some(next) = self.next() {
            match next {
                'i' | 'm' | 's' | 'x' | 'n' | 'J' | 'U' | '-' | '^' => self.at += 1,
                ')' => return Ok(()),
                ':' | 'R' | 'C' | 'P' | '0'..='9' | '+' | '&' | '(' => {
                    self.at += 1;
                    return Ok(());
                }
                _ => return Err(("unrecognized character after (? or (?-", self.at)),
            }
        }
        Ok(())
    }

    /// The name of a group and what ends it.
    fn name(&mut self) -> Checked<()> {
        let start = self.at;
        let name = self.word();
        if name.starts_with(|first: char| first.is_ascii_digit()) {
            return Err(("subpattern name must start with a non-digit", start));
        }
        if name.is_empty() {
            return Err(("subpattern name expected", start));
        }
        if !self.take_if(">") && !self.take_if("'") {
            return Err((NAME_SYNTAX, self.at));
        }
        if self.names.contains(&name) {
            return Err(("two named subpatterns have the same name (PCRE2_DUPNAMES not set)", self.at));
        }
        self.names.push(name);
        self.groups += 1;
        Ok(())
    }

    fn word(&mut self) -> &'p str {
        let rest = self.rest();
        let length = rest.find(|c: char| !(c.is_alphanumeric() || c == '_')).unwrap_or(rest.len());
        self.at += length;
        rest.get(..length).unwrap_or_default()
    }

    /// What follows a backslash outside of a class.
    fn escape(&mut self) -> Checked<(Length, bool)> {
        let start = self.at;
        let Some(escape) = self.take() else {
            return Err(("\\ at end of pattern", self.at));
        };
        match escape {
            'b' | 'B' | 'A' | 'G' | 'z' | 'Z' => Ok((Some(0), false)),
            'R' | 'X' => Ok((None, true)),
            'c' if self.next().is_none() => Err(("\\c at end of pattern", self.at)),
            'p' | 'P' => self.property(),
            'L' | 'l' => Err(("PCRE2 does not support \\F, \\L, \\l, \\N{name}, \\U, or \\u", self.at)),
            'o' if self.next() != Some('{') => Err(("missing opening brace after \\o", start)),
            'g' if !self.next().is_some_and(|next| next.is_ascii_digit() || "{<'+-".contains(next)) => Err((
                "\\g is not followed by a braced, angle-bracketed, or quoted name/number or by a plain number",
                self.at,
            )),
            'k' => self.named_reference(),
            'Q' => {
                let length = self.rest().find("\\E").unwrap_or(self.rest().len());
                self.at += length;
                self.take_if("\\E");
                Ok((u32::try_from(length).ok(), true))
            }
            'x' => {
                self.hexadecimal(2);
                Ok((Some(1), true))
            }
            'u' => {
                self.hexadecimal(4);
                Ok((Some(1), true))
            }
            'c' => {
                self.take();
                Ok((Some(1), true))
            }
            '1'..='9' => Ok(self.numbered_reference(start)),
            _ => Ok((Some(1), true)),
        }
    }

    fn hexadecimal(&mut self, count: usize) {
        let digits = self.rest().get(..count).unwrap_or_default();
        if digits.len() == count && digits.chars().all(|digit| digit.is_ascii_hexdigit()) {
            self.at += count;
        }
    }

    fn property(&mut self) -> Checked<(Length, bool)> {
        const MALFORMED: &str = "malformed \\P or \\p sequence";
        match self.take() {
            Some('{') => match self.rest().find('}') {
                Some(length) => self.at += length + 1,
                None => return Err((MALFORMED, self.pattern.len())),
            },
            Some(letter) if letter.is_ascii_alphabetic() => {}
            Some(_) | None => return Err((MALFORMED, self.at)),
        }
        Ok((Some(1), true))
    }

    fn named_reference(&mut self) -> Checked<(Length, bool)> {
        if !self.take_if("<") && !self.take_if("{") && !self.take_if("'") {
            return Err(("\\k is not followed by a braced, angle-bracketed, or quoted name", self.at));
        }
        let at = self.at;
        let name = self.word();
        if !self.take_if(">") && !self.take_if("}") && !self.take_if("'") {
            return Err((NAME_SYNTAX, self.at));
        }
        self.names_used.push((name, at));
        Ok((None, true))
    }

    /// A number behind a backslash: a group, or an octal number when it has more digits than there are groups.
    fn numbered_reference(&mut self, start: usize) -> (Length, bool) {
        while self.next().is_some_and(|next| next.is_ascii_digit()) {
            self.at += 1;
        }
        let digits = self.pattern.get(start..self.at).unwrap_or_default();
        match digits.parse::<u32>() {
            Ok(number) if number < 10 || number <= self.groups => {
                self.numbers_used.push((number, self.at - 1));
                (None, true)
            }
            Ok(_) | Err(_) => (Some(1), true),
        }
    }
}

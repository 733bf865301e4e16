//! Checks character classes of regular expressions as PCRE2 does.

/// What a member of a class is.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Member {
    One(char),
    /// Several characters, such as `\d`, which begin and end no range.
    Several,
}

/// Checks the class whose text begins at a position, behind the bracket: the position behind it.
pub(super) fn check(pattern: &str, from: usize) -> Result<usize, (&'static str, usize)> {
    let mut class = Class { pattern, at: from };
    class.take_if('^');
    // A bracket that stands first is a member.
    let mut first = true;
    loop {
        if !first && class.take_if(']') {
            return Ok(class.at);
        }
        first = false;
        let Some(low) = class.member()? else {
            return Err(("missing terminating ] for character class", pattern.len()));
        };
        let hyphen = class.at;
        if class.next() != Some('-') || class.after_next().is_none_or(|next| next == ']') {
            continue;
        }
        if low == Member::Several {
            return Err(("invalid range in character class", hyphen));
        }
        class.take_if('-');
        let end = class.at;
        let high = class.member()?;
        match (low, high) {
            (Member::One(low), Some(Member::One(high))) if high < low => {
                return Err(("range out of order in character class", class.at.saturating_sub(1).max(end)));
            }
            (_, Some(Member::Several)) => return Err(("invalid range in character class", class.at)),
            _ => {}
        }
    }
}

struct Class<'p> {
    pattern: &'p str,
    at: usize,
}

impl Class<'_> {
    fn rest(&self) -> &str {
        self.pattern.get(self.at..).unwrap_or_default()
    }

    fn next(&self) -> Option<char> {
        self.rest().chars().next()
    }

    fn after_next(&self) -> Option<char> {
        self.rest().chars().nth(1)
    }

    fn take_if(&mut self, character: char) -> bool {
        let is = self.next() == Some(character);
        if is {
            self.at += character.len_utf8();
        }
        is
    }

    fn member(&mut self) -> Result<Option<Member>, (&'static str, usize)> {
        let start = self.at;
        let Some(character) = self.next() else { return Ok(None) };
        self.at += character.len_utf8();
        match character {
            '[' if self.next().is_some_and(|next| matches!(next, ':' | '.' | '=')) => self.posix(start),
            '\\' => self.escape(),
            _ => Ok(Some(Member::One(character))),
        }
    }

    /// `[:alpha:]` and its like.
    fn posix(&mut self, start: usize) -> Result<Option<Member>, (&'static str, usize)> {
        const NAMES: [&str; 14] = [
            "alnum", "alpha", "ascii", "blank", "cntrl", "digit", "graph", "lower", "print", "punct",
            "space", "upper", "word", "xdigit",
        ];
        let Some(kind) = self.next() else { return Ok(Some(Member::One('['))) };
        let end = format!("{kind}]");
        let Some(name) =
            self.rest().get(1..).and_then(|rest| rest.split_once(end.as_str())).map(|(name, _)| name)
        else {
            return Ok(Some(Member::One('[')));
        };
        if name.contains([']', '\\', '[']) {
            return Ok(Some(Member::One('[')));
        }
        if kind != ':' {
            return Err(("POSIX collating elements are not supported", start));
        }
        let name = name.trim_start_matches('^');
        if !NAMES.contains(&name) {
            return Err(("unknown POSIX class name", start + 2));
        }
        self.at = start + self.pattern.get(start..).and_then(|text| text.find(":]")).unwrap_or(0) + 2;
        Ok(Some(Member::Several))
    }

    fn escape(&mut self) -> Result<Option<Member>, (&'static str, usize)> {
        let start = self.at;
        let Some(escape) = self.next() else { return Ok(None) };
        self.at += escape.len_utf8();
        let one = match escape {
            'd' | 'D' | 's' | 'S' | 'w' | 'W' | 'h' | 'H' | 'v' | 'V' => return Ok(Some(Member::Several)),
            'p' | 'P' => {
                if self.take_if('{') {
                    self.at += self.rest().find('}').map_or(0, |length| length + 1);
                } else if self.next().is_some_and(|next| next != ']') {
                    self.at += self.next().map_or(0, char::len_utf8);
                } else {
                    return Err(("malformed \\P or \\p sequence", self.at));
                }
                return Ok(Some(Member::Several));
            }
            'B' | 'R' | 'X' => return Err(("escape sequence is invalid in character class", start)),
            'x' => self.hexadecimal(2, escape),
            'u' => self.hexadecimal(4, escape),
            'b' => '\u{8}',
            'n' => '\n',
            'r' => '\r',
            't' => '\t',
            'f' => '\u{c}',
            'a' => '\u{7}',
            'e' => '\u{1b}',
            '0'..='7' => self.octal(escape),
            'c' => {
                let control = self.next().filter(char::is_ascii);
                self.at += usize::from(control.is_some());
                control.and_then(|c| char::from_u32(u32::from(c.to_ascii_uppercase()) ^ 0x40)).unwrap_or('c')
            }
            other => other,
        };
        Ok(Some(Member::One(one)))
    }

    fn hexadecimal(&mut self, count: usize, otherwise: char) -> char {
        let digits = self.rest().get(..count).filter(|digits| digits.chars().all(|c| c.is_ascii_hexdigit()));
        let Some(value) = digits.and_then(|digits| u32::from_str_radix(digits, 16).ok()) else {
            return otherwise;
        };
        self.at += count;
        char::from_u32(value).unwrap_or('\u{fffd}')
    }

    fn octal(&mut self, first: char) -> char {
        let mut value = first.to_digit(8).unwrap_or(0);
        for _ in 0..2 {
            let Some(digit) = self.next().and_then(|next| next.to_digit(8)) else { break };
            value = value * 8 + digit;
            self.at += 1;
        }
        char::from_u32(value).unwrap_or('\u{fffd}')
    }
}

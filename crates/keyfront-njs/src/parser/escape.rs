//! Checks the escapes of strings and templates as njs does.

/// Whether octal escapes are an error in a text.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Octal {
    Refused,
    /// In a template with a tag.
    Accepted,
}

/// What njs says of the text between the quotes, if it refuses it.
pub(super) fn check(text: &str, octal: Octal) -> Option<String> {
    let mut refused = None;
    let mut characters = text.char_indices();
    while let Some((_, character)) = characters.next() {
        if character != '\\' {
            continue;
        }
        let Some((index, escape)) = characters.next() else { break };
        let rest = text.get(index + escape.len_utf8()..).unwrap_or_default();
        let length = match escape {
            'u' if rest.starts_with('{') => braced(rest),
            'u' => digits(rest, 4),
            'x' => digits(rest, 2),
            '1'..='7' if octal == Octal::Refused => {
                refused = refused.or(Some("Octal escape sequences"));
                Some(0)
            }
            '8' | '9' if octal == Octal::Refused => {
                refused = refused.or(Some(r"The escapes \8 and \9"));
                Some(0)
            }
            _ => Some(0),
        };
        // njs looks through the whole text for these before it looks at any octal escape.
        let Some(length) = length else {
            return Some(format!("Invalid Unicode code point \"{text}\""));
        };
        for _ in 0..length {
            characters.next();
        }
    }
    refused.map(|what| format!("{what} can't be used in untagged template literals or in strict mode code"))
}

fn digits(rest: &str, count: usize) -> Option<usize> {
    let digits = rest.get(..count)?;
    digits.chars().all(|digit| digit.is_ascii_hexdigit()).then_some(count)
}

fn braced(rest: &str) -> Option<usize> {
    let inside = rest.get(1..rest.find('}')?)?;
    let value = digits(inside, inside.len()).and_then(|_| u32::from_str_radix(inside, 16).ok())?;
    (inside.len() <= 6 && value <= 0x0010_ffff).then_some(inside.len() + 2)
}

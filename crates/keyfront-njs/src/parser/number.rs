//! Where a number of the code ends, as njs reads it.

use keyfront_domain::function::Runtime;

/// What begins with a digit, or with a dot and a digit.
pub(super) enum Cut {
    /// A number of so many bytes.
    Number(usize),
    /// Nothing that njs knows; it shows so many bytes.
    Illegal(usize),
}

/// Whether the dot that the text begins with is that of a number.
pub(super) fn begins_fraction(rest: &str) -> bool {
    rest.as_bytes().get(1).is_some_and(u8::is_ascii_digit)
}

/// Cuts the number that the bytes begin with.
pub(super) fn cut(bytes: &[u8], runtime: Runtime) -> Cut {
    let separators = runtime == Runtime::Js2;
    let at = |index: usize| bytes.get(index).copied();
    if at(0) == Some(b'0') && bytes.len() > 1 {
        let (base, excess): (fn(&u8) -> bool, &[u8]) = match at(1) {
            Some(b'x' | b'X') => (u8::is_ascii_hexdigit, b""),
            Some(b'o' | b'O') => (|digit| (b'0'..=b'7').contains(digit), b"89"),
            Some(b'b' | b'B') => (|digit| matches!(digit, b'0' | b'1'), b"23456789"),
            Some(b'0'..=b'9') => return Cut::Illegal(2),
            Some(b'_') if separators => return Cut::Illegal(2),
            Some(_) | None => return decimal(bytes, separators),
        };
        if bytes.len() == 2 {
            return Cut::Illegal(2);
        }
        let end = digits(bytes, 2, base, separators);
        return match at(end) {
            Some(next) if excess.contains(&next) => Cut::Illegal(end + 1),
            Some(_) | None => Cut::Number(without_separator(bytes, end)),
        };
    }
    decimal(bytes, separators)
}

fn decimal(bytes: &[u8], separators: bool) -> Cut {
    let at = |index: usize| bytes.get(index).copied();
    let mut end = digits(bytes, 0, u8::is_ascii_digit, separators);
    if at(end) == Some(b'.') && !ends_with_separator(bytes, end) {
        end = digits(bytes, end + 1, u8::is_ascii_digit, separators);
    }
    if matches!(at(end), Some(b'e' | b'E')) && !ends_with_separator(bytes, end) {
        let sign = usize::from(matches!(at(end + 1), Some(b'+' | b'-')));
        let first = end + 1 + sign;
        match at(first) {
            Some(b'0'..=b'9') => end = digits(bytes, first, u8::is_ascii_digit, separators),
            // njs then has a number that ends with the letter.
            Some(b'_') if separators => end = first,
            Some(_) | None => {}
        }
    }
    Cut::Number(without_separator(bytes, end))
}

/// Where digits end that begin at a position. A separator is one of them unless it stands first or behind another.
fn digits(bytes: &[u8], from: usize, is_digit: fn(&u8) -> bool, separators: bool) -> usize {
    let mut barrier = from;
    let mut end = from;
    while let Some(byte) = bytes.get(end) {
        if *byte == b'_' && separators && end > barrier {
            barrier = end + 1;
        } else if !is_digit(byte) {
            break;
        }
        end += 1;
    }
    end
}

fn ends_with_separator(bytes: &[u8], end: usize) -> bool {
    end > 0 && bytes.get(end - 1) == Some(&b'_')
}

fn without_separator(bytes: &[u8], end: usize) -> usize {
    end - usize::from(ends_with_separator(bytes, end))
}

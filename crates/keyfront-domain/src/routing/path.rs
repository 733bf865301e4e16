//! Paths in the form in which they are compared with patterns.

use std::borrow::Cow;

/// The form of a path that patterns are matched with (AWS: Cache behavior settings, "Path normalization"): percent
/// encodings of unreserved characters are decoded and the others get capital digits, several slashes become one, and
/// `.` and `..` are resolved (RFC 3986, 6.2.2). Decoding comes first, so `%2e%2e` acts as `..`; `%2F` stays as it is.
///
/// The origin gets the path as it was sent. An origin that decodes more than RFC 3986 allows here (`..%2f`, `..;`) can
/// serve what another behavior is meant for, so such an origin must not rely on patterns for access control.
pub fn normalise(path: &str) -> Cow<'_, str> {
    let is_suspect = |pair: &[u8]| matches!(pair, b"//" | b"/.");
    if !path.contains('%') && !path.as_bytes().windows(2).any(is_suspect) {
        return Cow::Borrowed(path);
    }
    Cow::Owned(without_dot_segments(&decode_unreserved(path)))
}

fn decode_unreserved(path: &str) -> String {
    let mut pieces = path.split('%');
    let mut decoded = String::with_capacity(path.len());
    decoded.push_str(pieces.next().unwrap_or_default());
    for piece in pieces {
        let Some((byte, digits, rest)) = encoded(piece) else {
            decoded.push('%');
            decoded.push_str(piece);
            continue;
        };
        let character = char::from(byte);
        if character.is_ascii_alphanumeric() || matches!(character, '-' | '.' | '_' | '~') {
            decoded.push(character);
        } else {
            decoded.push('%');
            decoded.extend(digits.chars().map(|digit| digit.to_ascii_uppercase()));
        }
        decoded.push_str(rest);
    }
    decoded
}

/// The byte that two hexadecimal digits stand for, the digits, and what follows them.
fn encoded(piece: &str) -> Option<(u8, &str, &str)> {
    let (digits, rest) = piece.split_at_checked(2)?;
    let is_number = digits.bytes().all(|digit| digit.is_ascii_hexdigit());
    let byte = u8::from_str_radix(digits, 16).ok()?;
    is_number.then_some((byte, digits, rest))
}

fn without_dot_segments(path: &str) -> String {
    let mut segments = Vec::new();
    let mut is_folder = true;
    for segment in path.split('/') {
        is_folder = matches!(segment, "" | "." | "..");
        match segment {
            "" | "." => {}
            ".." => {
                segments.pop();
            }
            name => segments.push(name),
        }
    }
    let mut normal = String::with_capacity(path.len());
    for segment in &segments {
        normal.push('/');
        normal.push_str(segment);
    }
    if is_folder || segments.is_empty() {
        normal.push('/');
    }
    normal
}

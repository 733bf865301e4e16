//! Percent-encoding (RFC 3986, section 2.1), as paths, queries and canonical requests have it.

use std::borrow::Cow;

use percent_encoding::{AsciiSet, NON_ALPHANUMERIC, percent_encode};

/// Everything but the unreserved characters, which is what AWS's `UriEncode` encodes.
const RESERVED: &AsciiSet = &NON_ALPHANUMERIC.remove(b'-').remove(b'_').remove(b'.').remove(b'~');

/// The same, with slashes as they are.
const RESERVED_IN_PATH: &AsciiSet = &RESERVED.remove(b'/');

/// Decodes a label or a value once. `+` stays a plus: the SDKs write a space as `%20`.
///
/// Gives `None` for an incomplete escape or bytes that are not UTF-8.
pub(crate) fn percent_decode(text: &str) -> Option<String> {
    let is_whole = |rest: &str| matches!(rest.as_bytes(), [high, low, ..] if high.is_ascii_hexdigit() && low.is_ascii_hexdigit());
    let decoded = text.split('%').skip(1).all(is_whole).then(|| decode(text))?;
    String::from_utf8(decoded.into_owned()).ok()
}

/// Decodes what can be decoded: a percent sign that escapes nothing stands for itself.
pub(crate) fn decode(text: &str) -> Cow<'_, [u8]> {
    percent_encoding::percent_decode_str(text).into()
}

/// Appends bytes with all but the unreserved characters encoded.
pub(crate) fn push_encoded(out: &mut Vec<u8>, bytes: &[u8]) {
    for piece in percent_encode(bytes, RESERVED) {
        out.extend_from_slice(piece.as_bytes());
    }
}

/// Appends a path with all but the unreserved characters and slashes encoded.
pub(crate) fn push_encoded_path(out: &mut Vec<u8>, path: &str) {
    for piece in percent_encode(path.as_bytes(), RESERVED_IN_PATH) {
        out.extend_from_slice(piece.as_bytes());
    }
}

/// The parameters of a query string: names decoded as in the canonical request, so that a parameter has the meaning
/// that was signed, and values as they stand. A parameter without `=` has an empty value.
pub(crate) fn query_pairs(query: &str) -> impl Iterator<Item = (Cow<'_, [u8]>, &str)> {
    let pairs = query.split('&').filter(|pair| !pair.is_empty());
    pairs.map(|pair| pair.split_once('=').unwrap_or((pair, ""))).map(|(name, value)| (decode(name), value))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_escape_is_decoded_exactly_once() {
        for (text, decoded) in [
            ("", Some("")),
            ("plain-._~", Some("plain-._~")),
            ("a%2Fb", Some("a/b")),
            ("a%252Fb", Some("a%2Fb")),
            ("a+b%20c%2B", Some("a+b c+")),
            ("%C3%BC%F0%9F%98%80", Some("ü😀")),
            ("%2e%2E", Some("..")),
            ("%", None),
            ("%2", None),
            ("%2x", None),
            ("%+1", None),
            ("%%41", None),
            ("%2%", None),
            ("a%2fb%", None),
            ("%ü1", None),
            ("%FF", None),
        ] {
            assert_eq!(percent_decode(text).as_deref(), decoded, "{text}");
        }
    }

    #[test]
    fn what_is_decoded_leniently_keeps_a_lone_percent_sign() {
        for (text, decoded) in [
            ("a%2Fb%zz%", b"a/b%zz%".as_slice()),
            ("%%41", b"%A"),
            ("%4", b"%4"),
            ("%FF+", b"\xff+"),
            ("%2541", b"%41"),
        ] {
            assert_eq!(decode(text), decoded, "{text}");
        }
    }

    #[test]
    fn everything_but_unreserved_characters_is_encoded_in_capitals() {
        let all: Vec<u8> = (0..=255).collect();
        let mut out = Vec::new();
        push_encoded(&mut out, &all);
        let expected: String = all
            .iter()
            .map(|&byte| match byte {
                b'A'..=b'Z' | b'a'..=b'z' | b'0'..=b'9' | b'-' | b'_' | b'.' | b'~' => {
                    char::from(byte).to_string()
                }
                _ => format!("%{byte:02X}"),
            })
            .collect();
        assert_eq!(String::from_utf8(out).unwrap(), expected);
        let mut path = Vec::new();
        push_encoded_path(&mut path, "/keys/a%2Fb ü/");
        assert_eq!(path, b"/keys/a%252Fb%20%C3%BC/");
    }

    #[test]
    fn names_of_parameters_are_decoded_and_values_are_not() {
        let pairs: Vec<_> = query_pairs("%53tage=%4CIVE&&a&b=c=d&%zz=1").collect();
        let expected: [(&[u8], &str); 4] = [(b"Stage", "%4CIVE"), (b"a", ""), (b"b", "c=d"), (b"%zz", "1")];
        assert_eq!(pairs.len(), expected.len());
        for ((name, value), expected) in pairs.iter().zip(expected) {
            assert_eq!((name.as_ref(), *value), expected);
        }
    }
}

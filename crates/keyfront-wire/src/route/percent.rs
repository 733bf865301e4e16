//! Percent-decoding of labels and query values (RFC 3986, section 2.1).

/// Decodes `%XX` once. `+` stays a plus: the SDKs write a space as `%20`.
///
/// Gives `None` for an incomplete escape or bytes that are not UTF-8.
pub fn decode(text: &str) -> Option<String> {
    if !text.contains('%') {
        return Some(text.to_owned());
    }
    let mut bytes = Vec::with_capacity(text.len());
    let mut rest = text.bytes();
    while let Some(byte) = rest.next() {
        bytes.push(match byte {
            b'%' => hex_digit(rest.next()?)? << 4 | hex_digit(rest.next()?)?,
            other => other,
        });
    }
    String::from_utf8(bytes).ok()
}

fn hex_digit(byte: u8) -> Option<u8> {
    match byte {
        b'0'..=b'9' => Some(byte - b'0'),
        b'a'..=b'f' => Some(byte - b'a' + 10),
        b'A'..=b'F' => Some(byte - b'A' + 10),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::decode;

    #[test]
    fn an_escape_is_decoded_exactly_once() {
        for (text, decoded) in [
            ("plain-._~", Some("plain-._~")),
            ("a%2Fb", Some("a/b")),
            ("a%252Fb", Some("a%2Fb")),
            ("a+b%20c%2B", Some("a+b c+")),
            ("%C3%BC%F0%9F%98%80", Some("ü😀")),
            ("%2e%2E", Some("..")),
            ("%", None),
            ("%2", None),
            ("%2x", None),
            ("%FF", None),
        ] {
            assert_eq!(decode(text).as_deref(), decoded, "{text}");
        }
    }
}

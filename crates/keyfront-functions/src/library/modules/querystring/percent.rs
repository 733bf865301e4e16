//! Percent-encoding and -decoding as njs's `querystring` does it.

use super::super::utf8::{Step, Utf8};

/// Encodes everything but letters, digits and `!'()*-._~`.
pub(super) fn encode(text: &str) -> String {
    let mut encoded = String::with_capacity(text.len());
    for byte in text.bytes() {
        if byte.is_ascii_alphanumeric() || b"!'()*-._~".contains(&byte) {
            encoded.push(char::from(byte));
        } else {
            encoded.push_str(&format!("%{byte:02X}"));
        }
    }
    encoded
}

/// Decodes `%` with two digits after it, and `+`, which is a space. What is not UTF-8 becomes U+FFFD.
pub(super) fn decode(text: &str) -> String {
    let mut decoded = String::with_capacity(text.len());
    let mut utf8 = Utf8::default();
    // Whether the last thing read was a character that goes on.
    let mut goes_on = false;
    let mut rest = text.chars();
    while let Some(char) = rest.clone().next() {
        if let Some(byte) = encoded_byte(rest.as_str()) {
            rest.nth(2);
            goes_on = false;
            match utf8.take(byte) {
                Step::Char(char) => decoded.push(char),
                Step::More => goes_on = true,
                Step::Bad => decoded.push(char::REPLACEMENT_CHARACTER),
            }
            continue;
        }
        goes_on = false;
        if char == '+' {
            // njs does not notice here that a character was about to go on.
            decoded.push(' ');
        } else if utf8.is_open() {
            utf8.reset();
            decoded.push(char::REPLACEMENT_CHARACTER);
            continue;
        } else {
            decoded.push(char);
        }
        rest.next();
    }
    if goes_on {
        decoded.push(char::REPLACEMENT_CHARACTER);
    }
    decoded
}

/// The byte that the text begins with, if it is encoded.
fn encoded_byte(text: &str) -> Option<u8> {
    let digits = text.strip_prefix('%')?.get(..2)?;
    if digits.bytes().all(|digit| digit.is_ascii_hexdigit()) {
        u8::from_str_radix(digits, 16).ok()
    } else {
        None
    }
}

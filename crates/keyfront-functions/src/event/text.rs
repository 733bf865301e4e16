//! Decodes text: bytes of HTTP messages, and strings of the engine.

use rquickjs::Error;

/// What a function sees of bytes from the wire: UTF-8 as it is; anything else is taken for ISO-8859-1, in which each
/// byte is a character (AWS: "URI, query string, and headers encoding").
pub(super) fn from_wire(bytes: &[u8]) -> String {
    match std::str::from_utf8(bytes) {
        Ok(text) => text.to_owned(),
        Err(_) => bytes.iter().copied().map(char::from).collect(),
    }
}

/// The text of a string of the engine. Half of a surrogate pair, which UTF-8 cannot say, becomes U+FFFD, as in njs.
pub(super) fn from_js(string: &rquickjs::String<'_>) -> rquickjs::Result<String> {
    match string.to_string() {
        Err(Error::Utf8(_)) => {
            let bytes = string.clone().to_cstring()?;
            Ok(replace_surrogates(bytes.as_ref()))
        }
        read => read,
    }
}

/// The first byte of the three with which the engine writes half of a surrogate pair.
const SURROGATE_BEGINS: u8 = 0xED;

fn replace_surrogates(bytes: &[u8]) -> String {
    let mut text = String::with_capacity(bytes.len());
    for chunk in bytes.utf8_chunks() {
        text.push_str(chunk.valid());
        if chunk.invalid().first() == Some(&SURROGATE_BEGINS) {
            text.push(char::REPLACEMENT_CHARACTER);
        }
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn bytes_that_are_not_utf_8_are_iso_8859_1() {
        let table: &[(&[u8], &str)] = &[
            (b"plain", "plain"),
            ("caf\u{e9} \u{1F600}".as_bytes(), "caf\u{e9} \u{1F600}"),
            (b"caf\xe9", "caf\u{e9}"),
            (b"\xff\x80\xc3", "\u{ff}\u{80}\u{c3}"),
            (b"", ""),
        ];
        for (bytes, text) in table {
            assert_eq!(from_wire(bytes), *text);
        }
    }

    #[test]
    fn half_a_surrogate_pair_becomes_one_replacement_character() {
        assert_eq!(replace_surrogates(b"a\xed\xa0\x80b\xed\xb0\x80"), "a\u{fffd}b\u{fffd}");
    }
}

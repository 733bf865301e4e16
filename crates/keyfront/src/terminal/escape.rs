//! Escapes text of other origin before it is shown on a terminal.
//!
//! What is written with the functions of `terminal::print` is escaped there. Other modules need [`one_line`] alone, for
//! text whose line breaks must not begin a line of the output.

use std::ops::RangeInclusive;

/// Characters that cannot be seen or change how others are shown: Unicode's `Default_Ignorable_Code_Point`
/// (`DerivedCoreProperties.txt`, version 16) with the separators of lines and paragraphs and the marks of annotations.
const UNSEEN: [RangeInclusive<char>; 20] = [
    '\u{ad}'..='\u{ad}',
    '\u{34f}'..='\u{34f}',
    '\u{61c}'..='\u{61c}',
    '\u{115f}'..='\u{1160}',
    '\u{17b4}'..='\u{17b5}',
    '\u{180b}'..='\u{180f}',
    '\u{200b}'..='\u{200f}',
    '\u{2028}'..='\u{202e}',
    '\u{2060}'..='\u{206f}',
    '\u{3164}'..='\u{3164}',
    '\u{fe00}'..='\u{fe0f}',
    '\u{feff}'..='\u{feff}',
    '\u{ffa0}'..='\u{ffa0}',
    '\u{fff0}'..='\u{fffb}',
    '\u{1bca0}'..='\u{1bca3}',
    '\u{1d173}'..='\u{1d17a}',
    '\u{e0000}'..='\u{e0fff}',
    // Specials at the ends of planes that are not characters.
    '\u{fffe}'..='\u{ffff}',
    '\u{1fffe}'..='\u{1ffff}',
    '\u{10fffe}'..='\u{10ffff}',
];

/// Whether a character moves the cursor, cannot be seen or changes how others are shown.
fn is_hostile(character: char) -> bool {
    character.is_control() || UNSEEN.iter().any(|unseen| unseen.contains(&character))
}

/// Text with every character for which `keep` does not speak written by `escape`, if it is a hostile one.
fn escaped(text: &str, keep: &[char], escape: impl Fn(char, &mut String)) -> String {
    let mut shown = String::with_capacity(text.len());
    for character in text.chars() {
        if is_hostile(character) && !keep.contains(&character) {
            escape(character, &mut shown);
        } else {
            shown.push(character);
        }
    }
    shown
}

/// The escape that Rust would write, such as `\u{1b}`.
fn in_words(character: char, shown: &mut String) {
    shown.extend(character.escape_default());
}

/// The escape of JSON, such as `\u001b`: two of them for a character beyond 16 bits (RFC 8259, section 7).
fn in_json(character: char, shown: &mut String) {
    for unit in character.encode_utf16(&mut [0; 2]) {
        shown.push_str(&format!("\\u{unit:04x}"));
    }
}

/// Text on one line of a terminal: what would move the cursor, cannot be seen or turns the direction of writing is
/// escaped.
pub(crate) fn one_line(text: &str) -> String {
    escaped(text, &[], in_words)
}

/// Text of several lines: as [`one_line`], but a line break stays, and so does a tab.
pub(super) fn printable(text: &str) -> String {
    escaped(text, &['\n', '\t'], in_words)
}

/// A JSON document, which stays the same document: between its strings are no such characters but line breaks.
pub(super) fn printable_json(document: &str) -> String {
    escaped(document, &['\n'], in_json)
}

/// As [`printable`], but the sequences that choose a colour stay. For what a crate writes that escapes the rest itself.
pub(super) fn printable_with_colors(text: &str) -> String {
    let mut shown = String::with_capacity(text.len());
    let mut pieces = text.split("\u{1b}[");
    shown.push_str(&printable(pieces.next().unwrap_or_default()));
    for piece in pieces {
        let end = piece.find(|character: char| !character.is_ascii_digit() && character != ';');
        match end.and_then(|end| piece.split_at_checked(end)) {
            Some((numbers, rest)) if rest.starts_with('m') => {
                shown.push_str("\u{1b}[");
                shown.push_str(numbers);
                shown.push_str(&printable(rest));
            }
            Some(_) | None => {
                shown.push_str("\\u{1b}[");
                shown.push_str(&printable(piece));
            }
        }
    }
    shown
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lines_and_tabs_of_a_longer_text_stay() {
        assert_eq!(printable("a\tb\r\n\u{1b}[2Jc\n"), "a\tb\\r\n\\u{1b}[2Jc\n");
    }

    #[test]
    fn what_would_move_the_cursor_or_cannot_be_seen_is_escaped() {
        for (given, shown) in [
            ("a\tb\n\u{1b}[31mü", r"a\tb\n\u{1b}[31mü"),
            ("a\u{202e}b\u{2028}\u{2066}", r"a\u{202e}b\u{2028}\u{2066}"),
            // CSI as one character (ISO 6429), and DEL.
            ("\u{9b}2J\u{7f}", r"\u{9b}2J\u{7f}"),
            ("ad\u{200b}min\u{feff}\u{e0041}", r"ad\u{200b}min\u{feff}\u{e0041}"),
            ("e\u{301} 😀 日本", "e\u{301} 😀 日本"),
        ] {
            assert_eq!(one_line(given), shown);
        }
    }

    #[test]
    fn a_json_document_stays_the_same() {
        let value = serde_json::json!({ "a\u{9b}": "\u{1b}[2J\u{202e}\u{e0041}ü\"\\\t" });
        let document = printable_json(&format!("{value:#}"));
        assert!(!document.chars().any(|character| is_hostile(character) && character != '\n'), "{document}");
        assert_eq!(serde_json::from_str::<serde_json::Value>(&document).unwrap(), value);
        assert!(document.contains(r"\udb40\udc41"), "{document}");
    }

    #[test]
    fn of_sequences_only_colors_stay() {
        for (given, shown) in [
            ("\u{1b}[1;32mINFO\u{1b}[0m a\n", "\u{1b}[1;32mINFO\u{1b}[0m a\n"),
            ("\u{1b}[2J\u{1b}]0;t\u{7}", r"\u{1b}[2J\u{1b}]0;t\u{7}"),
            ("\u{1b}[31", r"\u{1b}[31"),
            ("\u{1b}[31\u{202e}m", r"\u{1b}[31\u{202e}m"),
        ] {
            assert_eq!(printable_with_colors(given), shown);
        }
    }

    proptest::proptest! {
        #[test]
        fn nothing_hostile_is_left_of_any_text(text in "\\PC*|[\\x00-\\x20\\x7f-\\u{a0}\\u{2000}-\\u{2070}\\[m0-9;]*") {
            let left = |shown: &str, keep: &str| {
                shown.chars().any(|character| is_hostile(character) && !keep.contains(character))
            };
            let with_colors = printable_with_colors(&text).replace("\u{1b}[", "");
            let json = printable_json(&serde_json::json!(text).to_string());
            let shown = [(one_line(&text), ""), (printable(&text), "\n\t"), (with_colors, "\n\t"), (json.clone(), "")];
            for (shown, keep) in shown {
                proptest::prop_assert!(!left(&shown, keep), "{:?}", shown);
            }
            proptest::prop_assert_eq!(serde_json::from_str::<String>(&json).unwrap(), text);
        }
    }
}

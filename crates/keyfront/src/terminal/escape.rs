//! Escapes text of other origin before it is shown on a terminal.

use std::ops::RangeInclusive;

/// Characters that change how others are shown: marks of direction, and separators of lines.
const UNSEEN: [RangeInclusive<char>; 3] =
    ['\u{200e}'..='\u{200f}', '\u{2028}'..='\u{202e}', '\u{2066}'..='\u{2069}'];

/// Text on one line of a terminal: what would move the cursor or turn the direction of writing is escaped.
pub(crate) fn one_line(text: &str) -> String {
    text.chars()
        .flat_map(|character| {
            let moves = character.is_control() || UNSEEN.iter().any(|unseen| unseen.contains(&character));
            let escaped = moves.then(|| character.escape_default());
            let plain = escaped.is_none().then_some(character);
            escaped.into_iter().flatten().chain(plain)
        })
        .collect()
}

/// Text of several lines: as [`one_line`], but a line break stays, and so does a tab.
pub(crate) fn printable(text: &str) -> String {
    let pieces = text.split_inclusive(['\n', '\t']).map(|piece| match piece.strip_suffix(['\n', '\t']) {
        Some(line) => format!("{}{}", one_line(line), piece.get(line.len()..).unwrap_or_default()),
        None => one_line(piece),
    });
    pieces.collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lines_and_tabs_of_a_longer_text_stay() {
        assert_eq!(printable("a\tb\r\n\u{1b}[2Jc\n"), "a\tb\\r\n\\u{1b}[2Jc\n");
    }

    #[test]
    fn what_would_move_the_cursor_is_escaped() {
        for (given, shown) in [
            ("a\tb\n\u{1b}[31mü", r"a\tb\n\u{1b}[31mü"),
            ("a\u{202e}b\u{2028}\u{2066}", r"a\u{202e}b\u{2028}\u{2066}"),
            ("e\u{301} 😀 日本", "e\u{301} 😀 日本"),
        ] {
            assert_eq!(one_line(given), shown);
        }
    }
}

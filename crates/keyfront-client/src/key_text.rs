//! Shows a key in a message.

const SHOWN_CHARACTERS: usize = 64;

/// A key quoted, escaped, and cut when it is long.
pub(crate) fn key_text(key: &str) -> String {
    match key.char_indices().nth(SHOWN_CHARACTERS) {
        None => format!("{key:?}"),
        Some((end, _)) => format!("{:?}...", key.get(..end).unwrap_or_default()),
    }
}

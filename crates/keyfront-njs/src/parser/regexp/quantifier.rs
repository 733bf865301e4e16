//! Parses quantifiers in braces of regular expressions.

/// A count in braces.
pub(super) struct Count {
    /// How many bytes it has.
    pub(super) length: usize,
    /// How often at least.
    pub(super) least: u32,
    /// How often at most, where there is a limit.
    pub(super) most: Option<u32>,
}

/// The count in braces that the text begins with.
pub(super) fn count(text: &str) -> Option<Count> {
    let inside = text.strip_prefix('{')?;
    let inside = inside.get(..inside.find('}')?)?;
    let (least, most) = match inside.split_once(',') {
        Some((least, "")) => (number(least)?, None),
        Some((least, most)) => (number(least)?, Some(number(most)?)),
        None => (number(inside)?, Some(number(inside)?)),
    };
    Some(Count { length: inside.len() + 2, least, most })
}

fn number(text: &str) -> Option<u32> {
    let is_number = !text.is_empty() && text.bytes().all(|digit| digit.is_ascii_digit());
    is_number.then(|| text.parse().unwrap_or(u32::MAX))
}

//! Formats numbers and quantities for a person.

use indicatif::HumanCount;

/// A number with a comma before every three digits.
pub(crate) fn number(number: u64) -> String {
    HumanCount(number).to_string()
}

/// A quantity with its noun, in the singular or the plural.
pub(crate) fn count(amount: u64, noun: &str) -> String {
    let plural = if amount == 1 { "" } else { "s" };
    format!("{} {noun}{plural}", number(amount))
}

/// Bytes in the largest unit of which there is one, with one decimal place, rounded down.
pub(crate) fn size(bytes: u64) -> String {
    match bytes {
        0..1_000 => count(bytes, "byte"),
        1_000..1_000_000 => format!("{}.{} kB", bytes / 1_000, bytes % 1_000 / 100),
        _ => format!("{}.{} MB", number(bytes / 1_000_000), bytes % 1_000_000 / 100_000),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn thousands_are_set_apart() {
        for (given, shown) in [(0, "0"), (999, "999"), (1_000, "1,000"), (5_242_880, "5,242,880")] {
            assert_eq!(number(given), shown);
        }
        assert_eq!((count(1, "pair"), count(2, "pair")), ("1 pair".to_owned(), "2 pairs".to_owned()));
    }
}

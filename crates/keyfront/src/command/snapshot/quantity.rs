//! Formats how much a snapshot holds.

use crate::saved_states::StateReport;
use crate::terminal::{count, size};

/// How much was saved or restored, and how long it took.
pub(crate) fn sentence(done: &StateReport) -> String {
    format!("{} in {} ms", contents(done.stores, done.pairs, done.bytes), done.milliseconds)
}

/// Stores, pairs and bytes of keys and values.
pub(super) fn contents(stores: u64, pairs: u64, bytes: u64) -> String {
    format!("{}, {}, {}", count(stores, "store"), count(pairs, "pair"), size(bytes))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn figures_are_words_for_a_person() {
        for (stores, pairs, bytes, expected) in [
            (0, 0, 0, "0 stores, 0 pairs, 0 bytes"),
            (1, 1, 1, "1 store, 1 pair, 1 byte"),
            (2, 999, 999, "2 stores, 999 pairs, 999 bytes"),
            (2, 1_000, 1_000, "2 stores, 1,000 pairs, 1.0 kB"),
            (2, 90_000, 4_950_000, "2 stores, 90,000 pairs, 4.9 MB"),
            (200, 1_234_567, 1_048_576_000, "200 stores, 1,234,567 pairs, 1,048.5 MB"),
        ] {
            assert_eq!(contents(stores, pairs, bytes), expected);
        }
    }
}

//! Words that do not say who is meant: a number that only becomes smaller.

use std::collections::BTreeMap;

/// The words. Sources and documents name the caller, the client, the server or the person instead.
const WORDS: &[&str] = &["nobody", "somebody", "whoever"];

/// How often they still stand in sources and documents.
const LEFT: usize = 17;

/// This file, which names them.
pub(super) const LIST: &str = "xtask/src/tidy/words.rs";

/// The words of all files, by crate or folder.
#[derive(Default)]
pub(super) struct Count(BTreeMap<String, usize>);

impl Count {
    /// Adds those of a file, whose path below the root is `shown`.
    pub(super) fn add(&mut self, shown: &str, text: &str) {
        let found = text.split(|each: char| !each.is_ascii_alphabetic());
        let found = found.filter(|word| WORDS.iter().any(|bad| word.eq_ignore_ascii_case(bad))).count();
        if found > 0 {
            *self.0.entry(folder(shown)).or_default() += found;
        }
    }

    /// A mistake where there are more than are left, and a warning where fewer.
    pub(super) fn judge(&self) -> (Vec<String>, Vec<String>) {
        let all: usize = self.0.values().sum();
        let words = WORDS.join(", ");
        if all > LEFT {
            let places: Vec<String> =
                self.0.iter().map(|(folder, count)| format!("{folder} {count}")).collect();
            let places = places.join(", ");
            return (
                vec![format!("{all} of the words {words} and not {LEFT}, say who is meant: {places}")],
                vec![],
            );
        }
        let fewer =
            (all < LEFT).then(|| format!("{LIST}: there are only {all} of the words {words}: write that"));
        (vec![], fewer.into_iter().collect())
    }
}

/// The crate of a file, or its first folder.
fn folder(shown: &str) -> String {
    let parts = if shown.starts_with("crates/") { 2 } else { 1 };
    shown.split('/').take(parts).collect::<Vec<_>>().join("/")
}

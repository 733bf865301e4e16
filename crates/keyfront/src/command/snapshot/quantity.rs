//! Formats how much a snapshot holds.

use crate::saved_states::{Resources, StateReport};
use crate::terminal::{count, number, size};

/// How much was saved or restored, and how long it took.
pub(crate) fn sentence(done: &StateReport) -> String {
    let held = contents(done.stores, done.pairs, Some(done.bytes), &done.resources);
    format!("{held} in {} ms", done.milliseconds)
}

/// Stores, pairs, bytes of keys and values where they are known, and the resources of each other kind that there are any
/// of.
pub(crate) fn contents(stores: u64, pairs: u64, bytes: Option<u64>, resources: &Resources) -> String {
    let others = resources.iter().map(|(kind, amount)| count_of_kind(*amount, kind));
    let stores = [count(stores, "store"), count(pairs, "pair")].into_iter().chain(bytes.map(size));
    stores.chain(others).collect::<Vec<_>>().join(", ")
}

/// An amount of resources of a kind, as ARNs call it.
fn count_of_kind(amount: u64, kind: &str) -> String {
    let noun = match kind {
        "vpcorigin" => "VPC origin".to_owned(),
        "anycast-ip-list" => "Anycast IP list".to_owned(),
        kind => kind.replace('-', " "),
    };
    match noun.strip_suffix('y') {
        Some(stem) if amount != 1 && !stem.ends_with('e') => format!("{} {stem}ies", number(amount)),
        Some(_) | None => count(amount, &noun),
    }
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
            assert_eq!(contents(stores, pairs, Some(bytes), &Resources::new()), expected);
        }
    }

    #[test]
    fn other_resources_are_counted_by_kind() {
        let resources = [
            ("cache-policy", 2),
            ("distribution", 1),
            ("origin-access-identity", 1),
            ("public-key", 1_000),
            ("vpcorigin", 3),
        ];
        let resources = resources.map(|(kind, amount)| (kind.to_owned(), amount)).into();
        assert_eq!(
            contents(1, 0, None, &resources),
            "1 store, 0 pairs, 2 cache policies, 1 distribution, 1 origin access identity, 1,000 public keys, \
             3 VPC origins"
        );
    }
}

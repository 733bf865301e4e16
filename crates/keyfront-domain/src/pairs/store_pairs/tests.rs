//! Tests of the pairs of a store with their totals.

use proptest::collection::vec;
use proptest::prelude::*;

use super::*;

type Model = BTreeMap<String, String>;

/// Few keys, so that changes meet; among them the empty one, one that is the beginning of another, and keys
/// that other alphabets order differently.
fn key() -> impl Strategy<Value = String> {
    prop_oneof![
        4 => (0..300_u16).prop_map(|number| format!("key-{number}")),
        1 => prop::sample::select(vec!["", "k", "key", "key-", "é", "z", "\u{ffff}", "\u{1f600}"]).prop_map(str::to_owned),
    ]
}

fn changes() -> impl Strategy<Value = Vec<(String, Option<String>)>> {
    vec((key(), prop::option::weighted(0.7, (0..9_u8).prop_map(|value| value.to_string()))), 0..400)
}

fn borrowed(changes: &[(String, Option<String>)]) -> impl Iterator<Item = (&str, Option<&str>)> {
    changes.iter().map(|(key, value)| (key.as_str(), value.as_deref()))
}

fn assert_holds(pairs: &StorePairs, model: &Model) {
    let held: Vec<_> = pairs.iter_from("").collect();
    let wanted: Vec<_> = model.iter().map(|(key, value)| (key.as_str(), value.as_str())).collect();
    assert_eq!(held, wanted);
    assert_eq!((pairs.len(), pairs.is_empty()), (model.len(), model.is_empty()));
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 128, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn store_pairs_are_an_ordered_map_and_every_version_of_them_stays_as_it_was(
        batches in vec(changes(), 1..8),
        asked in vec(key(), 20),
    ) {
        let mut versions = vec![(StorePairs::empty(1, 2), Model::new())];
        for batch in &batches {
            let (pairs, mut model) = versions.last().unwrap().clone();
            for (key, value) in batch {
                match value {
                    Some(value) => model.insert(key.clone(), value.clone()),
                    None => model.remove(key),
                };
            }
            versions.push((pairs.changed(borrowed(batch)), model));
        }
        for (pairs, model) in &versions {
            assert_holds(pairs, model);
            for key in &asked {
                prop_assert_eq!(pairs.get(key).map(|value| &**value), model.get(key).map(String::as_str));
                prop_assert_eq!(pairs.contains(key), model.contains_key(key));
                let from: Vec<_> = pairs.iter_from(key).map(|(key, _)| key).collect();
                let wanted: Vec<_> = model.range(key.clone()..).map(|(key, _)| key.as_str()).collect();
                prop_assert_eq!(from, wanted);
            }
        }
    }
}

#[test]
fn of_a_key_that_comes_twice_the_last_change_counts() {
    let pairs = StorePairs::empty(0, 0).with([("a", "1"), ("b", "1"), ("a", "2")]);
    assert_eq!(pairs.iter_from("").collect::<Vec<_>>(), [("a", "2"), ("b", "1")]);
    let pairs = pairs.changed([("a", None), ("a", Some("3")), ("b", Some("2")), ("b", None)]);
    assert_eq!(pairs.iter_from("").collect::<Vec<_>>(), [("a", "3")]);
}

#[test]
fn times_are_what_was_said_and_pairs_stay_when_they_change() {
    let pairs = StorePairs::empty(5, 6).with([("a", "1")]);
    assert_eq!((pairs.created_ms(), pairs.modified_ms()), (5, 6));
    let later = pairs.at(5, 9);
    assert_eq!((later.created_ms(), later.modified_ms(), later.len()), (5, 9, 1));
}

#[test]
fn no_key_and_no_value_is_printed() {
    let pairs = StorePairs::empty(5, 6).with([("key-of-it", "secret-value")]);
    assert_eq!(format!("{pairs:?}"), "StorePairs(1 pairs, created 5, modified 6)");
}

#[test]
fn a_change_shares_all_but_what_it_touches() {
    let keys: Vec<_> = (0..10_000).map(|number| format!("{number:05}")).collect();
    let pairs = StorePairs::empty(0, 0).with(keys.iter().map(|key| (key.as_str(), "value")));
    let changed = pairs.with([("05000", "other")]);
    let shared = keys.iter().filter(|key| Arc::ptr_eq(pairs.get(key).unwrap(), changed.get(key).unwrap()));
    assert_eq!(shared.count(), keys.len() - 1);
}

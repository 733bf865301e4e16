//! Tests of keys, values and their limits.

use super::*;

fn totals(item_count: u64, total_size_in_bytes: u64) -> Totals {
    Totals { item_count, total_size_in_bytes }
}

/// Applies puts and deletes to a store that holds `held`, and gives the changes and totals.
fn applied<'a>(
    held: &[(&str, &str)],
    puts: &[(&'a str, &'a str)],
    deletes: &[&'a str],
) -> Result<Effect<'a>, NotApplied> {
    let quotas = Quotas::default();
    let update = Update::new(puts.iter().copied(), deletes.iter().copied(), &quotas)?;
    let existing: Vec<_> =
        update.keys().map(|key| held.iter().find(|(k, _)| *k == key).map(|(_, v)| *v)).collect();
    let size = held.iter().map(|(k, v)| super::size(k, v)).sum();
    update.apply(totals(held.len().try_into().unwrap(), size), &existing, &quotas)
}

#[test]
fn an_update_changes_what_differs_and_counts_it() {
    type Pairs<'a> = &'a [(&'a str, &'a str)];
    type Changes<'a> = &'a [(&'a str, Option<&'a str>)];
    type Case<'a> = (&'a str, Pairs<'a>, Pairs<'a>, &'a [&'a str], Changes<'a>, Totals);
    let cases: &[Case<'_>] = &[
        ("a new pair", &[], &[("a", "1")], &[], &[("a", Some("1"))], totals(1, 2)),
        ("an empty value", &[], &[("a", "")], &[], &[("a", Some(""))], totals(1, 1)),
        ("bytes, not characters", &[], &[("ü", "😀")], &[], &[("ü", Some("😀"))], totals(1, 6)),
        ("the identical value", &[("a", "1")], &[("a", "1")], &[], &[], totals(1, 2)),
        ("a longer value", &[("a", "1")], &[("a", "123")], &[], &[("a", Some("123"))], totals(1, 4)),
        ("a delete", &[("a", "1"), ("b", "2")], &[], &["a"], &[("a", None)], totals(1, 2)),
        ("a delete of an absent key", &[("b", "2")], &[], &["a"], &[], totals(1, 2)),
        ("the last of two puts", &[], &[("a", "1"), ("a", "2")], &[], &[("a", Some("2"))], totals(1, 2)),
        (
            "a key in both lists is deleted",
            &[("a", "1")],
            &[("a", "2")],
            &["a"],
            &[("a", None)],
            totals(0, 0),
        ),
        ("both lists, key absent", &[], &[("a", "2")], &["a"], &[], totals(0, 0)),
        ("the same delete twice", &[("a", "1")], &[], &["a", "a"], &[("a", None)], totals(0, 0)),
        ("nothing", &[("a", "1")], &[], &[], &[], totals(1, 2)),
    ];
    for (name, held, puts, deletes, changes, after) in cases {
        let effect = applied(held, puts, deletes).unwrap();
        assert_eq!(effect, Effect { changes: changes.to_vec(), totals: *after }, "{name}");
    }
}

#[test]
fn sizes_at_the_limit_pass_and_one_more_byte_does_not() {
    let quotas = Quotas::default();
    let text = |n: usize| "x".repeat(n);
    let put = |key: usize, value: usize| {
        Update::new([(text(key).as_str(), text(value).as_str())], [], &quotas).map(|_| ())
    };
    assert_eq!(put(512, 1024), Ok(()));
    assert_eq!(put(513, 0), Err(QuotaExceeded::KeySize));
    assert_eq!(put(1, 1025), Err(QuotaExceeded::ValueSize));
    let two_byte_letters = "ü".repeat(257);
    assert_eq!(
        Update::new([], [two_byte_letters.as_str()], &quotas).map(|_| ()),
        Err(QuotaExceeded::KeySize)
    );
}

#[test]
fn puts_and_deletes_count_together_against_the_request_limit() {
    let quotas = Quotas::default();
    let keys: Vec<_> = (0..51).map(|n| format!("k{n}")).collect();
    let update = |puts: usize, deletes: usize| {
        let puts = keys.iter().take(puts).map(|k| (k.as_str(), "v"));
        Update::new(puts, keys.iter().rev().take(deletes).map(String::as_str), &quotas).map(|_| ())
    };
    assert_eq!(update(50, 0), Ok(()));
    assert_eq!(update(25, 25), Ok(()));
    assert_eq!(update(51, 0), Err(QuotaExceeded::PairsPerUpdate));
    assert_eq!(update(25, 26), Err(QuotaExceeded::PairsPerUpdate));
    let small = Quotas { update_bytes: 3, ..Quotas::default() };
    assert_eq!(Update::new([("ab", "cd")], [], &small), Err(QuotaExceeded::PairsPerUpdate));
}

/// Everything but the request's own limits is the same as in a request of the service.
#[test]
fn an_update_of_any_number_of_pairs_has_the_limits_of_keys_values_and_stores_alone() {
    type Case<'a> = (&'a str, &'a [(&'a str, &'a str)], &'a [&'a str], Result<u64, QuotaExceeded>);
    let quotas =
        Quotas { pairs_per_update: 2, update_bytes: 10, key_value_store_bytes: 40, ..Quotas::default() };
    let long_key = "k".repeat(513);
    let long_value = "v".repeat(1025);
    let cases: &[Case<'_>] = &[
        ("nothing", &[], &[], Ok(0)),
        ("more pairs than a request has", &[("a", "1"), ("b", "2"), ("c", "3")], &[], Ok(6)),
        ("more bytes than a request has", &[("a", "1234567890")], &["b"], Ok(11)),
        ("the last of two puts, a delete wins", &[("a", "1"), ("a", "22"), ("b", "2")], &["b"], Ok(3)),
        ("a full store", &[("a", "123456789012345678"), ("b", "12345678901234567890")], &[], Ok(40)),
        (
            "an overfull store",
            &[("a", "123456789012345678"), ("b", "123456789012345678901")],
            &[],
            Err(QuotaExceeded::StoreSize),
        ),
        ("a long key", &[("a", "1"), (&long_key, "")], &[], Err(QuotaExceeded::KeySize)),
        ("a long key to delete", &[("a", "1")], &[&long_key], Err(QuotaExceeded::KeySize)),
        ("a long value", &[("a", &long_value)], &[], Err(QuotaExceeded::ValueSize)),
    ];
    for (name, puts, deletes, expected) in cases {
        let update = Update::of_any_number(puts.iter().copied(), deletes.iter().copied(), &quotas);
        let effect = update.map_err(NotApplied::from).and_then(|update| {
            let existing = vec![None; update.len()];
            update.apply(Totals::default(), &existing, &quotas)
        });
        let expected = expected.map_err(NotApplied::from);
        assert_eq!(effect.map(|effect| effect.totals.total_size_in_bytes), expected, "{name}");
    }
}

#[test]
fn a_store_may_be_filled_to_its_limit_and_an_overfull_one_may_shrink() {
    let quotas = Quotas { key_value_store_bytes: 10, ..Quotas::default() };
    let apply = |before: u64, held: Option<&str>, value: &str| {
        let update = Update::new([("k", value)], [], &quotas).unwrap();
        update.apply(totals(1, before), &[held], &quotas).map(|e| e.totals.total_size_in_bytes)
    };
    assert_eq!(apply(6, None, "123"), Ok(10));
    assert_eq!(apply(7, None, "123"), Err(QuotaExceeded::StoreSize.into()));
    assert_eq!(apply(20, Some("12345"), "1"), Ok(16), "an operator lowered the limit under a full store");
}

#[test]
fn totals_that_cannot_be_those_of_the_pairs_are_told_and_overflow_nowhere() {
    let quotas = Quotas::default();
    let cases = [
        ("no pairs counted", totals(0, 10), Some("12"), None),
        ("fewer bytes counted", totals(1, 2), Some("12"), None),
        ("no room for one more", totals(u64::MAX, 10), None, Some("1")),
        ("no room for its bytes", totals(1, u64::MAX), None, Some("1")),
    ];
    for (name, before, held, wanted) in cases {
        let update = Update::new(wanted.map(|value| ("k", value)), wanted.is_none().then_some("k"), &quotas);
        let effect = update.unwrap().apply(before, &[held], &quotas);
        assert_eq!(effect, Err(NotApplied::WrongTotals), "{name}");
    }
}

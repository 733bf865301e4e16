//! Tests of plans: the difference between a file and a store, and the requests that carry it out.

use std::num::NonZeroUsize;

use keyfront_domain::Quotas;
use keyfront_domain::pairs::{Totals, Update};
use proptest::prelude::*;

use super::*;
use crate::pairs::Pairs;

fn pairs(pairs: &[(&str, &str)]) -> Pairs {
    pairs.iter().copied().collect()
}

fn owning(exclusive: bool, prefix: &str) -> Ownership {
    Ownership { exclusive, prefix: prefix.to_owned() }
}

fn totals(item_count: u64, total_size_in_bytes: u64) -> Totals {
    Totals { item_count, total_size_in_bytes }
}

#[test]
fn a_plan_is_what_differs_among_the_keys_that_are_owned() {
    type Held<'a> = &'a [(&'a str, &'a str)];
    type Case<'a> = (&'a str, Held<'a>, Held<'a>, Ownership, Vec<PlannedChange<'a>>, Counts, Totals);
    let added = |key, value| PlannedChange { key, change: Change::Added { value } };
    let changed = |key, old, new| PlannedChange { key, change: Change::Changed { old, new } };
    let removed = |key, old| PlannedChange { key, change: Change::Removed { old } };
    let counts = |[added, changed, removed, unchanged, kept]: [usize; 5]| Counts {
        added,
        changed,
        removed,
        unchanged,
        kept,
    };
    let cases: Vec<Case<'_>> = vec![
        ("nothing", &[], &[], owning(true, ""), vec![], counts([0; 5]), totals(0, 0)),
        (
            "the same",
            &[("a", "1")],
            &[("a", "1")],
            owning(true, ""),
            vec![],
            counts([0, 0, 0, 1, 0]),
            totals(1, 2),
        ),
        (
            "all that can happen, in the order of the keys",
            &[("b", "1"), ("c", "2"), ("d", "3")],
            &[("a", ""), ("b", "1"), ("c", "22"), ("e", "5")],
            owning(true, ""),
            vec![added("a", ""), changed("c", "2", "22"), removed("d", "3"), added("e", "5")],
            counts([2, 1, 1, 1, 0]),
            totals(4, 8),
        ),
        (
            "nothing is removed unless everything is owned",
            &[("a", "1"), ("b", "2")],
            &[("a", "2")],
            owning(false, ""),
            vec![changed("a", "1", "2")],
            counts([0, 1, 0, 0, 1]),
            totals(2, 4),
        ),
        (
            "keys outside the prefix stay",
            &[("x", "1"), ("p/a", "1"), ("p/b", "1"), ("p", "1")],
            &[("p/a", "2")],
            owning(true, "p/"),
            vec![changed("p/a", "1", "2"), removed("p/b", "1")],
            counts([0, 1, 1, 0, 2]),
            totals(3, 8),
        ),
        (
            "a prefix without exclusiveness",
            &[("p/b", "1")],
            &[("p/a", "2")],
            owning(false, "p/"),
            vec![added("p/a", "2")],
            counts([1, 0, 0, 0, 1]),
            totals(2, 8),
        ),
    ];
    for (name, current, wanted, ownership, changes, counts, after) in cases {
        let (current, wanted) = (pairs(current), pairs(wanted));
        let plan = Plan::new(&current, &wanted, &ownership).unwrap();
        assert_eq!(plan.changes(), changes, "{name}");
        assert_eq!(plan.is_empty(), changes.is_empty(), "{name}");
        assert_eq!(plan.counts(), counts, "{name}");
        assert_eq!((plan.before(), plan.after()), (current.totals(), after), "{name}");
    }
}

#[test]
fn every_wanted_key_outside_the_prefix_is_named() {
    let (current, wanted) = (pairs(&[]), pairs(&[("b", "1"), ("p/a", "1"), ("a\n", "1")]));
    let error = Plan::new(&current, &wanted, &owning(false, "p/")).unwrap_err();
    assert_eq!(error.keys, ["a\n", "b"]);
    assert_eq!(
        error.to_string(),
        "the key \"a\\n\" is not under the prefix \"p/\"\nthe key \"b\" is not under the prefix \"p/\""
    );
    let many: Pairs = (0..53).map(|n| (format!("k{n}"), "")).collect();
    let text = Plan::new(&current, &many, &owning(false, "p/")).unwrap_err().to_string();
    assert_eq!((text.lines().count(), text.lines().last()), (51, Some("and 3 more keys")));
}

#[test]
fn a_result_that_has_no_room_is_refused_with_its_size() {
    let quotas = Quotas { key_value_store_bytes: 4, ..Quotas::default() };
    let current = pairs(&[("a", "1")]);
    let check = |wanted: &[(&str, &str)]| {
        let wanted = pairs(wanted);
        let plan = Plan::new(&current, &wanted, &owning(false, "")).unwrap();
        let refused = plan.check(&quotas).map_err(|error| error.to_string());
        assert_eq!(plan.batches(&quotas, None).map(|_| ()).map_err(|error| error.to_string()), refused);
        refused
    };
    assert_eq!(check(&[("b", "2")]), Ok(()));
    let full = "the store would have 5 bytes; a store has at most 4";
    assert_eq!(check(&[("b", "22")]), Err(full.to_owned()));
}

#[test]
fn an_overfull_store_is_no_obstacle_to_a_plan_without_changes() {
    let quotas = Quotas { key_value_store_bytes: 1, ..Quotas::default() };
    let current = pairs(&[("a", "1")]);
    let plan = Plan::new(&current, &current, &owning(true, "")).unwrap();
    assert_eq!(plan.batches(&quotas, None), Ok(vec![]));
}

#[test]
fn a_pair_that_no_request_can_carry_is_named() {
    let quotas = Quotas { update_bytes: 3, ..Quotas::default() };
    let (current, wanted) = (pairs(&[]), pairs(&[("a", "1"), ("b", "secret")]));
    let plan = Plan::new(&current, &wanted, &owning(false, "")).unwrap();
    assert_eq!(
        plan.check(&quotas).unwrap_err().to_string(),
        "the key \"b\" and its value have 7 bytes; a request has at most 3"
    );
}

/// The keys of each batch: `+` is put, `-` is deleted.
fn order(current: &[(&str, &str)], wanted: &[(&str, &str)], quotas: &Quotas, size: usize) -> Vec<String> {
    let (current, wanted) = (pairs(current), pairs(wanted));
    let plan = Plan::new(&current, &wanted, &owning(true, "")).unwrap();
    let batches = plan.batches(quotas, NonZeroUsize::new(size)).unwrap();
    let shown = |batch: &Batch<'_>| {
        let puts = batch.puts.iter().map(|(key, _)| format!("+{key}"));
        puts.chain(batch.deletes.iter().map(|key| format!("-{key}"))).collect::<String>()
    };
    batches.iter().map(shown).collect()
}

#[test]
fn what_is_new_comes_first_and_what_goes_comes_last() {
    let current = [("a", "1"), ("b", "1"), ("d", "1"), ("e", "1")];
    let wanted = [("c", "1"), ("d", "2"), ("e", "2"), ("f", "1")];
    assert_eq!(order(&current, &wanted, &Quotas::default(), 2), ["+c+f", "+d+e", "-a-b"]);
    assert_eq!(order(&current, &wanted, &Quotas::default(), 50), ["+c+f+d+e-a-b"]);
}

#[test]
fn a_full_store_is_made_smaller_first_by_what_harms_readers_least() {
    let full = |bytes| Quotas { key_value_store_bytes: bytes, ..Quotas::default() };
    let current = [("a", "1"), ("b", "12345"), ("c", "1"), ("d", "123")];
    // The first addition does not fit yet: the change to a shorter value comes forward.
    let wanted = [("d", "1"), ("n", "1"), ("o", "1")];
    assert_eq!(order(&current, &wanted, &full(14), 1), ["+d", "+n", "-b", "+o", "-a", "-c"]);
    // There is room at once for what is small, and the largest removal makes room for the rest.
    assert_eq!(order(&current, &wanted, &full(18), 2), ["+n+o", "+d-a", "-b-c"]);
}

#[test]
fn requests_respect_every_limit() {
    let pairs_limit = Quotas { pairs_per_update: 2, ..Quotas::default() };
    let bytes_limit = Quotas { update_bytes: 4, ..Quotas::default() };
    let wanted = [("a", "1"), ("b", "1"), ("c", "1"), ("d", "1")];
    assert_eq!(order(&[], &wanted, &pairs_limit, 50), ["+a+b", "+c+d"]);
    assert_eq!(order(&[], &wanted, &bytes_limit, 50), ["+a+b", "+c+d"]);
    assert_eq!(order(&[], &wanted, &Quotas::default(), 3), ["+a+b+c", "+d"]);
    // A delete costs its key alone.
    assert_eq!(order(&wanted, &[], &bytes_limit, 50), ["-a-b-c-d"]);
}

#[test]
fn no_value_is_in_what_debug_prints() {
    let (current, wanted) =
        (pairs(&[("a", "secret"), ("b", "secret")]), pairs(&[("a", "secret2"), ("c", "secret")]));
    let plan = Plan::new(&current, &wanted, &owning(true, "")).unwrap();
    let batches = plan.batches(&Quotas::default(), None).unwrap();
    let text = format!("{current:?} {plan:?} {batches:?}");
    assert!(!text.contains("secret"), "{text}");
    assert!(text.contains("Batch(2 puts, 1 deletes: 16 bytes)"), "{text}");
}

/// Carries out one batch by the rules of the service.
fn apply(held: &mut Pairs, batch: &Batch<'_>, quotas: &Quotas) -> Result<(), TestCaseError> {
    let update = Update::new(batch.puts.iter().copied(), batch.deletes.iter().copied(), quotas);
    let update = update.map_err(|error| TestCaseError::fail(error.to_string()))?;
    prop_assert_eq!(update.keys().count(), batch.len(), "a key is in a batch twice");
    let existing: Vec<Option<&str>> = update.keys().map(|key| held.get(key)).collect();
    let effect = update.apply(held.totals(), &existing, quotas);
    let effect = effect.map_err(|error| TestCaseError::fail(error.to_string()))?;
    prop_assert_eq!(effect.changes.len(), batch.len(), "a batch writes what is there already");
    let changes: Vec<_> = effect.changes.iter().map(|(key, value)| ((*key).to_owned(), *value)).collect();
    let kept = held.iter().filter(|(key, _)| changes.iter().all(|(changed, _)| changed != key));
    let kept = kept.map(|(key, value)| (key.to_owned(), value.to_owned()));
    let put = changes.iter().filter_map(|(key, value)| Some((key.clone(), (*value)?.to_owned())));
    let after: Pairs = kept.chain(put).collect();
    *held = after;
    Ok(())
}

fn some_pairs() -> impl Strategy<Value = Pairs> {
    let pair = ("[ab]/?[a-zü]{1,2}", "[x-zé]{0,12}");
    prop::collection::vec(pair, 0..60).prop_map(|pairs| pairs.into_iter().collect())
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(500))]

    #[test]
    fn carrying_out_the_batches_gives_what_is_wanted_within_every_limit(
        current in some_pairs(),
        wanted in some_pairs(),
        exclusive: bool,
        prefix in prop::sample::select(vec!["", "a", "a/"]),
        room in 0_u64..30,
        pairs_per_update in 1_u64..9,
        batch_size in prop::option::of(1_usize..9),
        byte_limit in prop::option::of(30_u64..60),
    ) {
        let ownership = owning(exclusive, prefix);
        let wanted: Pairs = wanted.into_iter().filter(|(key, _)| key.starts_with(prefix)).collect();
        let plan = Plan::new(&current, &wanted, &ownership).unwrap();
        // As little room as there can be: the store is full before, or full afterwards, or nearly.
        let sizes = (plan.before().total_size_in_bytes, plan.after().total_size_in_bytes);
        let quotas = Quotas {
            key_value_store_bytes: sizes.1.max(sizes.0.saturating_sub(15)) + room / 2,
            pairs_per_update,
            update_bytes: byte_limit.unwrap_or(u64::MAX),
            ..Quotas::default()
        };
        let size = batch_size.and_then(NonZeroUsize::new);
        let batches = plan.batches(&quotas, size).unwrap();

        let mut held = current.clone();
        for batch in &batches {
            prop_assert!(!batch.is_empty() && size.is_none_or(|size| batch.len() <= size.get()));
            let within = held.totals().total_size_in_bytes <= quotas.key_value_store_bytes;
            apply(&mut held, batch, &quotas)?;
            let bytes = held.totals().total_size_in_bytes;
            prop_assert!(!within || bytes <= quotas.key_value_store_bytes, "over the limit on the way");
        }
        prop_assert_eq!(held.totals(), plan.after());
        for (key, value) in &current {
            let gone = exclusive && key.starts_with(prefix) && wanted.get(key).is_none();
            let expected = if gone { None } else { wanted.get(key).or(Some(value)) };
            prop_assert_eq!(held.get(key), expected, "{}", key);
        }
        for (key, value) in &wanted {
            prop_assert_eq!(held.get(key), Some(value), "{}", key);
        }
        prop_assert!(Plan::new(&held, &wanted, &ownership).unwrap().is_empty(), "a second plan changes nothing");

        let changes: usize = batches.iter().map(Batch::len).sum();
        prop_assert_eq!(changes, plan.changes().len());
        if byte_limit.is_none() {
            let most = usize::try_from(pairs_per_update).unwrap().min(batch_size.unwrap_or(usize::MAX));
            prop_assert_eq!(batches.len(), changes.div_ceil(most));
        }
    }
}

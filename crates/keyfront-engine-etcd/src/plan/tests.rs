//! Plans, by hand and against the meaning of a batch.

use std::collections::BTreeMap;

use proptest::collection::vec;
use proptest::prelude::*;

use super::*;

fn put(key: &'static str) -> Write {
    Write::Put { key: key.into(), value: "v".into() }
}

fn delete(key: &'static str) -> Write {
    Write::Delete { key: key.into() }
}

fn delete_range(start: &'static str, end: &'static str) -> Write {
    Write::DeleteRange { start: start.into(), end: end.into() }
}

/// The rows follow from the rules of etcd's transactions (etcd.io, "etcd API", "Transaction") and of batches.
#[test]
fn a_key_is_written_once_and_no_deleted_range_holds_a_put() {
    type Ranges = &'static [(&'static str, &'static str)];
    let cases: &[(&[Write], &[&str], Ranges)] = &[
        (&[], &[], &[]),
        (&[put("a"), put("a")], &["a"], &[]),
        (&[put("a"), delete("a")], &[], &[("a", "a\0")]),
        (&[delete("a"), put("a")], &["a"], &[]),
        (&[delete("a"), delete("a")], &[], &[("a", "a\0")]),
        (&[delete("a"), delete("a\0")], &[], &[("a", "a\0\0")]),
        (&[delete_range("a", "c"), put("b")], &["b"], &[("a", "b"), ("b\0", "c")]),
        (&[delete_range("a", "c"), put("a")], &["a"], &[("a\0", "c")]),
        (&[put("b"), delete_range("a", "c")], &[], &[("a", "c")]),
        (&[delete_range("a", "c"), delete_range("b", "d")], &[], &[("a", "d")]),
        (&[delete_range("b", ""), delete_range("a", "c"), put("x")], &["x"], &[("a", "x"), ("x\0", "")]),
        (&[delete_range("a", "d"), delete_range("b", "c")], &[], &[("a", "d")]),
        (&[delete_range("c", "a"), delete_range("a", "a")], &[], &[]),
    ];
    for (writes, puts, deletes) in cases {
        let plan = Plan::of(writes);
        assert_eq!(plan.puts.keys().collect::<Vec<_>>(), *puts, "{writes:?}");
        let deletes: Vec<(Bytes, Bytes)> =
            deletes.iter().map(|(start, end)| (Bytes::from(*start), Bytes::from(*end))).collect();
        assert_eq!(plan.deletes, deletes, "{writes:?}");
    }
}

/// What the steps of a batch do, one after the other.
fn apply(state: &mut BTreeMap<Bytes, Bytes>, writes: &[Write]) {
    for write in writes {
        match write {
            Write::Put { key, value } => drop(state.insert(key.clone(), value.clone())),
            Write::Delete { key } => drop(state.remove(key)),
            Write::DeleteRange { start, end } => {
                state.retain(|key, _| key < start || (!end.is_empty() && key >= end));
            }
        }
    }
}

fn key() -> impl Strategy<Value = Bytes> {
    vec(prop_oneof![Just(0_u8), Just(b'a'), Just(u8::MAX)], 0..3).prop_map(Bytes::from)
}

fn write() -> impl Strategy<Value = Write> {
    prop_oneof![
        3 => (key(), any::<u8>()).prop_map(|(key, value)| Write::Put { key, value: vec![value].into() }),
        2 => key().prop_map(|key| Write::Delete { key }),
        2 => (key(), key()).prop_map(|(start, end)| Write::DeleteRange { start, end }),
    ]
}

proptest! {
    #[test]
    fn a_plan_does_what_the_steps_do(before in vec((key(), Just(Bytes::from("before"))), 0..12), writes in vec(write(), 0..10)) {
        let mut expected: BTreeMap<Bytes, Bytes> = before.into_iter().collect();
        let mut state = expected.clone();
        apply(&mut expected, &writes);
        let plan = Plan::of(&writes);
        let covers = |(start, end): &(Bytes, Bytes), key: &Bytes| key >= start && (end.is_empty() || key < end);
        for key in plan.puts.keys() {
            prop_assert!(!plan.deletes.iter().any(|range| covers(range, key)));
        }
        state.retain(|key, _| !plan.deletes.iter().any(|range| covers(range, key)));
        state.extend(plan.puts.clone());
        prop_assert_eq!(state, expected);
        prop_assert!(plan.puts.len() + plan.deletes.len() <= 2 * writes.len());
    }
}

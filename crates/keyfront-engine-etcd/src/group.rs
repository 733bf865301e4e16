//! Batches that are committed in one transaction.
//!
//! Batches of a group do not rest on one another: none checks or writes what another one writes, but for a put of the
//! same value, such as that of the guard. So their order does not matter, and the transaction is what all of them come to.
//! They share its version. When a check of one does not hold, the transaction is not made, and each is tried by itself.

use std::collections::{HashMap, HashSet, VecDeque};

use bytes::Bytes;
use keyfront_engine::{Batch, Check, Limits, Outcome, StoreError, Version, Write};
use tokio::sync::oneshot;

/// A batch, and who waits for its outcome.
pub(crate) struct Waiting {
    pub(crate) batch: Batch,
    pub(crate) answer: oneshot::Sender<Result<Outcome, StoreError>>,
}

impl Waiting {
    /// Tells the outcome. A caller that has gone away does not need it.
    pub(crate) fn is(self, outcome: Result<Outcome, StoreError>) {
        self.answer.send(outcome).ok();
    }
}

/// Takes the first batch and all further ones that can be committed with it.
pub(crate) fn choose(waiting: &mut VecDeque<Waiting>, limits: Limits) -> Vec<Waiting> {
    let mut union = Union::default();
    let (chosen, left) = std::mem::take(waiting).into_iter().partition::<Vec<_>, _>(|one| {
        if union.batches == 0 {
            union.add(&one.batch);
            return true;
        }
        union.takes(&one.batch, limits)
    });
    waiting.extend(left);
    chosen
}

/// What several batches come to.
pub(crate) fn merged<'a>(batches: impl Iterator<Item = &'a Batch>) -> Batch {
    let mut merged = Batch::default();
    let mut checked = HashSet::new();
    for batch in batches {
        // A batch that checks two versions of a key can never hold, and has to say so.
        let new = batch.checks.iter().filter(|check| checked.insert((&check.key, check.version)));
        merged.checks.extend(new.cloned());
        merged.writes.extend(batch.writes.iter().cloned());
        // It is the only one then.
        merged.unchanged_since = merged.unchanged_since.or(batch.unchanged_since);
    }
    merged
}

/// What the batches of a group check and write.
#[derive(Default)]
struct Union {
    batches: usize,
    checked: HashMap<Bytes, Version>,
    /// What is there afterwards; `None` where the key is absent.
    written: HashMap<Bytes, Option<Bytes>>,
    /// One of them deletes a range, which may hold any key, or rests on everything.
    is_alone: bool,
    steps: usize,
    bytes: usize,
}

impl Union {
    /// Adds a batch if it can be committed with those that are there.
    fn takes(&mut self, batch: &Batch, limits: Limits) -> bool {
        let fits = self.steps.saturating_add(batch.writes.len().max(batch.checks.len())) <= limits.writes
            && self.bytes.saturating_add(batch.size_bytes()) <= limits.bytes;
        let takes = fits && !self.is_alone && !is_alone(batch) && self.is_apart_from(batch);
        if takes {
            self.add(batch);
        }
        takes
    }

    fn is_apart_from(&self, batch: &Batch) -> bool {
        let holds_with = |check: &Check| {
            let same = self.checked.get(&check.key).is_none_or(|version| *version == check.version);
            same && !self.written.contains_key(&check.key)
        };
        let is_new_or_same = |(key, value): (Bytes, Option<Bytes>)| {
            !self.checked.contains_key(&key)
                && self.written.get(&key).is_none_or(|written| *written == value && value.is_some())
        };
        batch.checks.iter().all(holds_with) && effects(batch).into_iter().all(is_new_or_same)
    }

    fn add(&mut self, batch: &Batch) {
        self.batches += 1;
        self.is_alone |= is_alone(batch);
        self.steps += batch.writes.len().max(batch.checks.len());
        self.bytes += batch.size_bytes();
        self.checked.extend(batch.checks.iter().map(|check| (check.key.clone(), check.version)));
        self.written.extend(effects(batch));
    }
}

/// Whether a batch is about more than the keys that it names.
fn is_alone(batch: &Batch) -> bool {
    batch.unchanged_since.is_some()
        || batch.writes.iter().any(|write| matches!(write, Write::DeleteRange { .. }))
}

/// What a batch without ranges leaves under each key that it writes.
fn effects(batch: &Batch) -> HashMap<Bytes, Option<Bytes>> {
    let effect = |write: &Write| match write {
        Write::Put { key, value } => Some((key.clone(), Some(value.clone()))),
        Write::Delete { key } => Some((key.clone(), None)),
        Write::DeleteRange { .. } => None,
    };
    batch.writes.iter().filter_map(effect).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    const LIMITS: Limits = Limits { writes: 6, bytes: 100 };

    fn batch() -> Batch {
        Batch::default()
    }

    /// Which of the waiting batches are chosen, by their places.
    fn chosen(batches: &[Batch]) -> Vec<usize> {
        let waiting = |batch: &Batch| Waiting { batch: batch.clone(), answer: oneshot::channel().0 };
        let mut queue: VecDeque<Waiting> = batches.iter().map(waiting).collect();
        let chosen = choose(&mut queue, LIMITS);
        assert_eq!(chosen.len() + queue.len(), batches.len());
        let places = |one: &Waiting| batches.iter().position(|batch| *batch == one.batch).unwrap();
        chosen.iter().map(places).collect()
    }

    /// A serial order must explain the outcome of each batch, and a version that one of them knows for a key must be
    /// that of its own value.
    #[test]
    fn batches_go_together_that_do_not_rest_on_one_another() {
        let first = || batch().check("a", Version(1)).put("a", "1").put("guard", "");
        let cases: &[(&str, Batch, bool)] = &[
            (
                "another key, the same guard",
                batch().check("b", Version(1)).put("b", "1").put("guard", ""),
                true,
            ),
            ("a key without a check", batch().put("b", "1"), true),
            ("the removal of another key", batch().delete("b"), true),
            ("it checks what the first writes", batch().check("a", Version(1)).put("b", "1"), false),
            ("it writes what the first checks", batch().put("a", "1"), false),
            ("another value of a common key", batch().put("guard", "x"), false),
            ("the removal of a common key", batch().delete("guard"), false),
            ("a range", batch().delete_range("x", "y"), false),
            ("it rests on everything", batch().unchanged_since(Version(1)).put("b", "1"), false),
            (
                "too many steps",
                ["b", "c", "d", "e", "f"].into_iter().fold(batch(), |b, key| b.put(key, "")),
                false,
            ),
            ("too many bytes", batch().put("b", vec![0; 100]), false),
        ];
        for (what, second, together) in cases {
            let expected: &[usize] = if *together { &[0, 1] } else { &[0] };
            assert_eq!(chosen(&[first(), second.clone()]), expected, "{what}");
        }
        let checks = |version| batch().check("common", Version(version)).put(format!("of {version}"), "");
        assert_eq!(chosen(&[checks(1), checks(2)]), [0], "both cannot hold");
        assert_eq!(chosen(&[batch().delete_range("x", "y"), first()]), [0], "a range, first");
        assert_eq!(chosen(&[batch().unchanged_since(Version(1)), first()]), [0], "everything, first");
    }

    #[test]
    fn one_that_must_wait_holds_up_none_behind_it() {
        let batches =
            [batch().put("a", "1"), batch().put("a", "2"), batch().put("b", "1"), batch().put("a", "3")];
        assert_eq!(chosen(&batches), [0, 2]);
    }

    #[test]
    fn one_that_is_as_large_as_the_limits_goes_alone() {
        let large = (0..6).fold(batch(), |batch, key| batch.put(key.to_string(), ""));
        assert_eq!(chosen(&[large, batch().put("x", "")]), [0]);
    }

    #[test]
    fn a_group_checks_a_common_key_once() {
        let one = |key: &'static str| batch().absent("restoring").check(key, Version(1)).put(key, "");
        let merged = merged([one("a"), one("b")].iter());
        let checks: Vec<&[u8]> = merged.checks.iter().map(|check| &check.key[..]).collect();
        assert_eq!(checks, [&b"restoring"[..], b"a", b"b"]);
        assert_eq!(merged.writes.len(), 2);
        let never = batch().check("a", Version(1)).absent("a").put("a", "");
        assert_eq!(super::merged([&never].into_iter()), never, "it checks two versions of a key");
        let unchanged = batch().unchanged_since(Version(1)).put("a", "");
        assert_eq!(super::merged([&unchanged].into_iter()), unchanged, "it rests on everything");
    }
}

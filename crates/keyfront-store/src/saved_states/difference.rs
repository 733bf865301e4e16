//! The writes that make a saved state of the current one.
//!
//! A verb reads records, decides, and commits with checks on them, which stand for the pairs as well. So a
//! restore that changes anything writes every record again: a writer that decided on what was before conflicts and
//! decides anew. Pairs are written only where they differ.

use std::cmp::Ordering;

use bytes::Bytes;

use super::SavedEntries;
use crate::keyspace;
use keyfront_engine::{Entry, Range, Write, successor};

/// The steps from one state to another.
#[derive(PartialEq, Eq, Debug, Default)]
pub(super) struct Difference {
    pub(super) writes: Vec<Write>,
    pub(super) written: usize,
    pub(super) removed: usize,
}

/// The steps that lead from what the ranges hold now to what was saved of them. What goes in a row goes
/// in one step, which never leaves its range: what lies between two ranges is not touched.
pub(super) fn difference(ranges: &[Range], now: &[Vec<Entry>], saved: &SavedEntries) -> Difference {
    let mut difference = Difference::default();
    let mut records = Vec::new();
    for (range, now) in ranges.iter().zip(now) {
        difference.add(now, saved.within(range), &mut records);
    }
    if !difference.writes.is_empty() {
        difference.writes.append(&mut records);
    }
    difference
}

/// The steps that lead to what was saved of the ranges from whatever they hold.
pub(super) fn overwrite(ranges: &[Range], saved: &SavedEntries) -> Vec<Write> {
    let mut writes = Vec::new();
    for range in ranges {
        writes.push(Write::DeleteRange { start: range.start.clone(), end: range.end.clone() });
        writes.extend(saved.within(range).iter().map(put));
    }
    writes
}

fn put((key, value): &(Bytes, Bytes)) -> Write {
    Write::Put { key: key.clone(), value: value.clone() }
}

/// Keys that go, with none between them that stays.
#[derive(Default)]
struct Removal {
    first: Option<Bytes>,
    last: Bytes,
    count: usize,
}

impl Removal {
    fn add(&mut self, key: &Bytes) {
        self.first.get_or_insert_with(|| key.clone());
        self.last = key.clone();
        self.count += 1;
    }
}

impl Difference {
    /// Adds what differs in one range; `records` gets the writes of the records that do not.
    fn add(&mut self, now: &[Entry], wanted: &[(Bytes, Bytes)], records: &mut Vec<Write>) {
        let (mut now, mut wanted) = (now.iter().peekable(), wanted.iter().peekable());
        let mut removal = Removal::default();
        loop {
            let order = match (now.peek(), wanted.peek()) {
                (Some(held), Some((key, _))) => held.key.cmp(key),
                (Some(_), None) => Ordering::Less,
                (None, Some(_)) => Ordering::Greater,
                (None, None) => break,
            };
            let held = if order.is_le() { now.next() } else { None };
            let entry = if order.is_ge() { wanted.next() } else { None };
            match (held, entry) {
                (Some(held), None) => removal.add(&held.key),
                (held, Some(entry)) => {
                    self.remove(&mut removal);
                    if held.is_none_or(|held| held.value != entry.1) {
                        self.writes.push(put(entry));
                        self.written += 1;
                    } else if !keyspace::is_pair(&entry.0) {
                        records.push(put(entry));
                    }
                }
                (None, None) => break,
            }
        }
        self.remove(&mut removal);
    }

    fn remove(&mut self, removal: &mut Removal) {
        let Removal { first, last, count } = std::mem::take(removal);
        let Some(first) = first else { return };
        self.writes.push(if count == 1 {
            Write::Delete { key: first }
        } else {
            Write::DeleteRange { start: first, end: successor(&last) }
        });
        self.removed += count;
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::Version;

    #[test]
    fn only_what_differs_is_written_and_what_goes_in_a_row_goes_at_once() {
        let put = |name: &str, value: &str| Write::Put { key: key(name), value: text(value) };
        let delete = |name: &str| Write::Delete { key: key(name) };
        let range = |start: &str, end: &str| Write::DeleteRange { start: key(start), end: key(end) };
        for (now, wanted, expected) in [
            ("", "", vec![]),
            ("a=1 b=2", "a=1 b=2", vec![]),
            ("a=1 b=2", "a=1 b=3", vec![put("b", "3")]),
            ("", "a=1 b=2", vec![put("a", "1"), put("b", "2")]),
            ("a=1 b=2 c=3", "", vec![range("a", "c\0")]),
            ("a=1 b=2 c=3", "b=2", vec![delete("a"), delete("c")]),
            (
                "a=1 b=2 c=3 d=4",
                "a=1 bb=9 d=5",
                vec![delete("b"), put("bb", "9"), delete("c"), put("d", "5")],
            ),
            ("a=1 b=2 d=4", "c=3", vec![range("a", "b\0"), put("c", "3"), delete("d")]),
            // Records, which are written again with anything else.
            ("A=1 B=2", "A=1 B=2", vec![]),
            ("A=1 B=2", "A=1 B=3", vec![put("B", "3"), put("A", "1")]),
            ("A=1 a=1", "A=1 a=2", vec![put("a", "2"), put("A", "1")]),
        ] {
            let found = difference(&[Range::prefix("")], &[entries(now)], &SavedEntries::new(pairs(wanted)));
            assert_eq!(found.writes, expected, "{now} to {wanted}");
        }
    }

    #[test]
    fn what_lies_between_two_ranges_is_neither_removed_nor_written() {
        let ranges = [Range::new("", key("b")), Range::prefix(key("d"))];
        let remove = |start: &str, end: &str| Write::DeleteRange { start: text(start), end: text(end) };
        let put = Write::Put { key: key("d"), value: text("2") };
        let delete = |name: &str| Write::Delete { key: key(name) };
        let now = [entries("a=1"), entries("d=1 dd=1")];
        let saved = SavedEntries::new(pairs("c=9 d=2"));
        assert_eq!(difference(&ranges, &now, &saved).writes, [delete("a"), put.clone(), delete("dd")]);
        let expected = [remove("", "\x06b"), remove("\x06d", "\x06e"), put];
        assert_eq!(overwrite(&ranges, &saved), expected);
    }

    fn entries(listed: &str) -> Vec<Entry> {
        pairs(listed).into_iter().map(|(key, value)| Entry { key, value, version: Version(1) }).collect()
    }

    fn text(text: &str) -> Bytes {
        Bytes::copy_from_slice(text.as_bytes())
    }

    /// A record's key for a capital letter, a pair's for a small one.
    fn key(name: &str) -> Bytes {
        text(&format!("{}{name}", if name.starts_with(char::is_uppercase) { '\x05' } else { '\x06' }))
    }

    fn pairs(listed: &str) -> Vec<(Bytes, Bytes)> {
        let pair = |pair: &str| pair.split_once('=').map(|(name, value)| (key(name), text(value)));
        listed.split_whitespace().filter_map(pair).collect()
    }
}

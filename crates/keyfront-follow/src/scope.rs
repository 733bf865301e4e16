//! What of a commit travels: writes to the tables of the list, within one account.

use bytes::Bytes;
use keyfront_domain::AccountId;
use keyfront_store::{Range, Write, replication};

/// The ranges of keys of an account that travel.
pub(crate) struct Scope {
    ranges: Vec<Range>,
}

impl Scope {
    pub(crate) fn of(account: AccountId) -> Scope {
        Scope { ranges: replication::ranges(account) }
    }

    pub(crate) fn ranges(&self) -> &[Range] {
        &self.ranges
    }

    pub(crate) fn holds(&self, key: &[u8]) -> bool {
        self.ranges.iter().any(|range| *range.start <= *key && *key < *range.end)
    }

    /// Whether a write touches nothing else.
    pub(crate) fn admits(&self, write: &Write) -> bool {
        match write {
            Write::Put { key, .. } | Write::Delete { key } => self.holds(key),
            Write::DeleteRange { start, end } => {
                self.ranges.iter().any(|range| range.start <= *start && start <= end && *end <= range.end)
            }
        }
    }

    /// The part of some writes that travels, in their order.
    pub(crate) fn part_of(&self, writes: &[Write]) -> Vec<Write> {
        let mut part = Vec::new();
        for write in writes {
            match write {
                Write::Put { key, .. } | Write::Delete { key } if self.holds(key) => part.push(write.clone()),
                Write::Put { .. } | Write::Delete { .. } => {}
                Write::DeleteRange { start, end } => {
                    part.extend(self.ranges.iter().filter_map(|range| common(range, start, end)));
                }
            }
        }
        part
    }
}

/// The removal of what two ranges have in common; an empty `end` means without an end.
fn common(range: &Range, start: &Bytes, end: &Bytes) -> Option<Write> {
    let start = range.start.clone().max(start.clone());
    let end = if end.is_empty() { range.end.clone() } else { range.end.clone().min(end.clone()) };
    (start < end).then_some(Write::DeleteRange { start, end })
}

#[cfg(test)]
mod tests {
    use super::*;

    const OURS: &str = "111122223333";
    const OTHERS: &str = "444455556666";

    fn key(table: u8, account: &str, rest: &str) -> Bytes {
        [&[table][..], account.as_bytes(), rest.as_bytes()].concat().into()
    }

    fn put(table: u8, account: &str) -> Write {
        Write::Put { key: key(table, account, "x"), value: "1".into() }
    }

    #[test]
    fn the_writes_that_travel_are_those_of_listed_tables_and_of_the_account() {
        let scope = Scope::of(OURS.parse().unwrap());
        for (write, travels) in [
            (put(0x06, OURS), true),
            (put(0x20, OURS), true),
            (put(0x06, OTHERS), false),
            (put(0x03, OURS), false),
            (Write::Put { key: "\x0cAKIAIOSFODNN7EXAMPLE".into(), value: "sealed".into() }, false),
            (Write::Put { key: "\x00guard".into(), value: "".into() }, false),
            (Write::Delete { key: key(0x31, OURS, "Lf") }, true),
            (Write::Delete { key: key(0x31, OTHERS, "Lf") }, false),
        ] {
            assert_eq!(scope.part_of(std::slice::from_ref(&write)).len(), usize::from(travels), "{write:?}");
            assert_eq!(scope.admits(&write), travels, "{write:?}");
        }
    }

    #[test]
    fn a_range_is_removed_where_it_meets_what_travels() {
        let scope = Scope::of(OURS.parse().unwrap());
        let remove = |start: Bytes, end: Bytes| Write::DeleteRange { start, end };
        let everything = scope.part_of(&[remove(Bytes::new(), Bytes::new())]);
        let ranges = scope.ranges().iter().map(|range| remove(range.start.clone(), range.end.clone()));
        assert_eq!(everything, ranges.collect::<Vec<_>>());
        let (from, to) = (key(0x06, OURS, "a"), key(0x06, OURS, "b"));
        for (start, end, expected) in [
            (from.clone(), to.clone(), vec![remove(from.clone(), to)]),
            (key(0x06, OTHERS, "a"), key(0x06, OTHERS, "b"), vec![]),
            (key(0x0c, "", "A"), key(0x0c, "", "B"), vec![]),
            (from.clone(), key(0x0d, "0", ""), vec![remove(from, scope.ranges()[1].end.clone())]),
        ] {
            let part = scope.part_of(&[remove(start.clone(), end.clone())]);
            assert_eq!(part, expected, "{start:?}..{end:?}");
            assert!(part.iter().all(|write| scope.admits(write)));
        }
        assert!(!scope.admits(&remove(Bytes::new(), Bytes::new())));
        assert!(!scope.admits(&remove(key(0x05, OURS, ""), key(0x06, OURS, ""))));
    }
}

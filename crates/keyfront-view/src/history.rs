//! Which keys the last commits wrote: what differs between two states of one projection is among these, so that finding
//! it out costs what was written and not what there is.

use std::collections::{BTreeSet, VecDeque};
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};

use bytes::Bytes;

use crate::projection::{RangeWrite, Written};

/// Commits that are remembered. A reader that takes a state less often compares everything.
const COMMITS: usize = 64;

/// The way to a state from the states before it.
#[derive(Clone)]
pub(crate) struct History {
    /// The state; no other one of this process has the same number.
    state: u64,
    /// The state before the first commit that is remembered.
    first: u64,
    /// The keys that each commit wrote, with the state that it led to.
    commits: VecDeque<(u64, Arc<[Bytes]>)>,
}

impl Default for History {
    /// Of a state that nothing is known to have led to.
    fn default() -> History {
        let state = next_state();
        History { state, first: state, commits: VecDeque::new() }
    }
}

impl History {
    /// The history of the state after a commit. Nothing is known before one that removes whole ranges.
    pub(crate) fn after(&self, writes: &[RangeWrite<'_>]) -> History {
        let keys = writes.iter().map(|RangeWrite { write, .. }| match write {
            Written::Put { key, .. } | Written::Deleted { key } => Some(Bytes::clone(key)),
            Written::Cleared | Written::DeletedRange { .. } => None,
        });
        let Some(keys) = keys.collect::<Option<Arc<[Bytes]>>>() else { return History::default() };
        let mut after = History { state: next_state(), ..self.clone() };
        after.commits.push_back((after.state, keys));
        if after.commits.len() > COMMITS
            && let Some((state, _keys)) = after.commits.pop_front()
        {
            after.first = state;
        }
        after
    }

    /// The keys that were written since an earlier state; `None` where it is not known to have led to this one.
    pub(crate) fn written_since(&self, earlier: &History) -> Option<BTreeSet<&Bytes>> {
        let states = self.commits.iter().map(|(state, _keys)| *state);
        let known = std::iter::once(self.first).chain(states).position(|state| state == earlier.state)?;
        Some(self.commits.iter().skip(known).flat_map(|(_state, keys)| &**keys).collect())
    }
}

fn next_state() -> u64 {
    static STATES: AtomicU64 = AtomicU64::new(0);
    STATES.fetch_add(1, Ordering::Relaxed)
}

#[cfg(test)]
mod tests {
    use super::*;

    const KEYS: [Bytes; 3] = [Bytes::from_static(b"a"), Bytes::from_static(b"b"), Bytes::from_static(b"c")];

    fn deleted(key: &Bytes) -> RangeWrite<'_> {
        RangeWrite { range: 0, write: Written::Deleted { key } }
    }

    #[test]
    fn what_was_written_since_a_state_is_known_for_the_last_commits_and_no_others() {
        let [a, b, c] = &KEYS;
        let start = History::default();
        let first = start.after(&[deleted(a)]);
        let second = first.after(&[deleted(c), deleted(a)]);
        let other = start.after(&[deleted(b)]);
        let cleared = second.after(&[deleted(b), RangeWrite { range: 0, write: Written::Cleared }]);
        let known = |now: &History, earlier| now.written_since(earlier).map(|keys| keys.len());
        for (name, now, earlier, keys) in [
            ("itself", &start, &start, Some(0)),
            ("one commit", &first, &start, Some(1)),
            ("a key twice counts once", &second, &start, Some(2)),
            ("from the middle", &second, &first, Some(2)),
            ("backwards", &start, &second, None),
            ("another way from the same state", &other, &first, None),
            ("another beginning", &History::default(), &start, None),
            ("a range was removed", &cleared, &second, None),
            ("after that", &cleared.after(&[deleted(a)]), &cleared, Some(1)),
        ] {
            assert_eq!(known(now, earlier), keys, "{name}");
        }
        assert_eq!(second.written_since(&start), Some(BTreeSet::from([a, c])));
    }

    #[test]
    fn only_the_last_commits_are_remembered() {
        let states: Vec<_> = std::iter::successors(Some(History::default()), |before| {
            Some(before.after(&[deleted(&KEYS[0])]))
        })
        .take(COMMITS + 2)
        .collect();
        let last = states.last().unwrap();
        assert_eq!(last.written_since(&states[0]), None);
        assert_eq!(last.written_since(&states[1]).map(|keys| keys.len()), Some(1));
        assert_eq!(last.commits.len(), COMMITS);
    }
}
